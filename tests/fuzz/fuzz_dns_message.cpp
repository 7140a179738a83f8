#include "protocol/dns_message.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView input(bytes, size);
    if (const auto query = read_dns_query(input)) {
        const auto again = write_dns_query(*query);
        require(!again || read_dns_query(*again) == *query);
        require(write_dns_answer(*query, DnsStatus::no_error, {Bytes(4), Bytes(16)}, 1).size() <= dns_max_message);
    }
    if (const auto answer = read_dns_answer(input))
        for (const auto& address : answer->addresses)
            require(address.size() == (answer->question.type == dns_type_aaaa ? 16U : 4U));
    return 0;
}
