#include "protocol/bitmap_update.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/input.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<FastPathInput, FastPathOutput, BitmapUpdate, SlowPathBitmapUpdate, InputPdu>(data, size);
    return 0;
}
