#include "protocol/tls_handshake.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView input(bytes, size);
    check_round_trip<TlsHandshakeHeader>(input);
    check_round_trip<ClientHello>(input);
    check_round_trip<ServerHello>(input);
    if (const auto hello = ClientHello::decode(input)) {
        const auto listed = hello->supported_versions().size() + hello->supported_groups().size() +
                            hello->signature_algorithms().size();
        require(listed * 2 <= size && hello->server_name().value_or("").size() <= size);
    }
    if (const auto hello = ServerHello::decode(input)) require(hello->negotiated_version() <= 0xffff);
    return 0;
}
