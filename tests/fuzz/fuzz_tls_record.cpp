#include "protocol/tls_record.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView input(bytes, size);
    check_round_trip<TlsRecordHeader>(input);
    check_round_trip<TlsAlert>(input);
    if (const auto record = TlsRecord::decode(input)) require(std::ranges::equal(encoded(*record), input));
    return 0;
}
