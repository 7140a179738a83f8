#include "protocol/tpkt.hpp"

#include <stdexcept>

namespace rdpfault::protocol {

Reader open_tpkt(ByteView unit) {
    Reader reader(unit);
    const auto version = reader.u8("TPKT version");
    if (version != tpkt_version) reader.fail_at(0, Errc::bad_value, "TPKT version");
    reader.skip(1, "TPKT reserved");
    const std::size_t length = reader.u16be("TPKT length");
    if (length < tpkt_min_size) reader.fail_at(2, Errc::bad_length, "TPKT length");
    if (length > unit.size()) reader.fail_at(unit.size(), Errc::truncated, "TPKT payload");
    if (length < unit.size()) reader.fail_at(length, Errc::trailing, "bytes after the TPKT");
    return reader;
}

std::size_t begin_tpkt(Writer& writer) {
    const auto start = writer.size();
    writer.u8(tpkt_version);
    writer.zeros(3);
    return start;
}

void end_tpkt(Writer& writer, std::size_t start) {
    const auto length = writer.size() - start;
    if (length > tpkt_max_size) throw std::length_error("a TPKT is too long");
    writer.patch_u16be(start + 2, length);
}

}  // namespace rdpfault::protocol
