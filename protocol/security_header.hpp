// TS_SECURITY_HEADER (MS-RDPBCGR 2.2.8.1.1.2.1). Under TLS it is there only on Client Info, licensing and
// message-channel PDUs; the types of those PDUs read and write it themselves.
#pragma once

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

namespace security {
inline constexpr std::uint16_t exchange_packet = 0x0001;
inline constexpr std::uint16_t transport_request = 0x0002;
inline constexpr std::uint16_t transport_response = 0x0004;
inline constexpr std::uint16_t encrypt = 0x0008;
inline constexpr std::uint16_t info_packet = 0x0040;
inline constexpr std::uint16_t license_packet = 0x0080;
inline constexpr std::uint16_t license_encrypt = 0x0200;
inline constexpr std::uint16_t redirection_packet = 0x0400;
inline constexpr std::uint16_t secure_checksum = 0x0800;
inline constexpr std::uint16_t autodetect_request = 0x1000;
inline constexpr std::uint16_t autodetect_response = 0x2000;
inline constexpr std::uint16_t heartbeat = 0x4000;
}  // namespace security

struct SecurityHeader {
    static constexpr std::size_t size = 4;
    std::uint16_t flags = 0;
    std::uint16_t flags_hi = 0;

    static Result<SecurityHeader> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const SecurityHeader&) const = default;
};

// For decoders: reads the header; bad_value unless all of `flag` is set, `unsupported` if the rest is encrypted.
void expect_security_header(Reader& reader, std::uint16_t flag, std::string_view what);

}  // namespace rdpfault::protocol
