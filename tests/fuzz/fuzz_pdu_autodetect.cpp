#include "protocol/autodetect.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<AutoDetectRequest, AutoDetectResponse>(data, size);
    return 0;
}
