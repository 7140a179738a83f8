#include "protocol/tpkt.hpp"
#include "protocol/x224.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView input(bytes, size);
    const auto code = tpdu_code(input);
    require(!code || open_tpkt(input).ok());
    check_round_trip<ConnectionRequest>(input);
    check_round_trip<ConnectionConfirm>(input);
    check_round_trip<DisconnectRequest>(input);
    check_round_trip<ErrorTpdu>(input);
    if (const auto data = Data::decode(input)) {
        const auto again = encoded(*data);
        require(std::ranges::equal(again, input) || input[1] != 0);  // the reserved byte of TPKT is not kept
    }
    return 0;
}
