// Packets of a capture, and the file around them. The first byte says which of the two: a pcapng whole and byte by byte
// must give the same secrets; packets of every link type must leave a table that ends within its bounds. Packets are a
// list: a byte that says how it is linked, two that say how many bytes, and the bytes.
#include "harness/capture/flow_table.hpp"
#include "harness/capture/secrets_reader.hpp"
#include "protocol/reader.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::capture;
using protocol::require;

namespace {

void read_secrets(ByteView file) {
    SecretsReader whole;
    SecretsReader bytewise;
    whole.feed(file);
    for (std::size_t i = 0; i < file.size(); ++i)
        bytewise.feed(file.subspan(i, 1));
    require(whole.key_log() == bytewise.key_log() && whole.readable() == bytewise.readable());
    require(whole.key_log().size() <= 2 * file.size());
    KeyLog keys;
    keys.take(whole.key_log());
}

void read_packets(ByteView input) {
    KeyLog keys;
    keys.take("CLIENT_RANDOM " + std::string(64, '0') + ' ' + std::string(96, '1'));
    FlowTable::Settings settings;
    settings.any_port = true;
    settings.keys = &keys;
    settings.limits = {4, 64 * 1024, 100};
    FlowTable table(settings);
    protocol::Reader reader(input);
    std::int64_t packets = 0;
    while (!reader.at_end()) {
        const auto link = static_cast<LinkType>(reader.u8("link") % 5);
        const std::size_t size = reader.u16be("size");
        const auto frame = reader.take(std::min(size, reader.remaining()), "frame");
        table.packet(link, frame, Time(Duration(++packets * 1000)));
    }
    for (const auto& account : table.finish()) {
        require(account.packets > 0 && account.last >= account.began);
        require(!account.whole() || account.ended);
    }
    require(table.counts().packets == static_cast<std::uint64_t>(packets));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const auto rest = ByteView(bytes, size).subspan(1);
    bytes[0] % 2 == 0 ? read_packets(rest) : read_secrets(rest);
    return 0;
}
