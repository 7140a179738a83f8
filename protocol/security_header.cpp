#include "protocol/security_header.hpp"

namespace rdpfault::protocol {

Result<SecurityHeader> SecurityHeader::decode(ByteView payload) {
    Reader reader(payload);
    SecurityHeader header;
    header.flags = reader.u16le("security flags");
    header.flags_hi = reader.u16le("security flagsHi");
    return finish(reader, header);
}

void SecurityHeader::encode(Writer& writer) const {
    writer.u16le(flags);
    writer.u16le(flags_hi);
}

void expect_security_header(Reader& reader, std::uint16_t flag, std::string_view what) {
    const auto at = reader.offset();
    const auto flags = reader.u16le("security flags");
    reader.skip(2, "security flagsHi");
    if ((flags & flag) != flag) reader.fail_at(at, Errc::bad_value, what);
    // Standard RDP Security, whose encryption nobody here speaks.
    if ((flags & security::encrypt) != 0) reader.fail_at(at, Errc::unsupported, what);
}

}  // namespace rdpfault::protocol
