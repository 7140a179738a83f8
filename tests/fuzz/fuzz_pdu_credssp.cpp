#include "protocol/credssp.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<TsRequest, TsCredentials, TsPasswordCredentials, EarlyUserAuthorization>(data, size);
    return 0;
}
