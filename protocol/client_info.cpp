#include "protocol/client_info.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/security_header.hpp"
#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t zone_name_size = 64;

std::uint16_t read_size(Reader& reader, std::size_t maximum, std::string_view what) {
    const auto at = reader.offset();
    const auto size = reader.u16le(what);
    if (size > maximum) reader.fail_at(at, Errc::too_long, what);
    return size;
}

// The size of these does not count the NUL that follows; all sizes come first.
std::uint16_t read_text_size(Reader& reader, std::string_view what) {
    return read_size(reader, max_client_info_text, what);
}

std::string read_text(Reader& reader, std::uint16_t size, std::string_view what) {
    const auto text = reader.take(size, what);
    reader.skip(2, what);
    return from_utf16le(text);
}

// The size of these counts the NUL.
std::string read_terminated(Reader& reader, std::string_view what) {
    const auto field = reader.take(read_size(reader, max_client_info_text + 2, what), what);
    return until_nul_utf16le(field.first(std::min(field.size(), max_client_info_text)));
}

Bytes checked_utf16le(const std::string& text) {
    auto bytes = to_utf16le(text);
    if (bytes.size() > max_client_info_text) throw std::length_error("a string of the Client Info PDU is too long");
    return bytes;
}

void write_terminated(Writer& writer, const std::string& text) {
    const auto bytes = checked_utf16le(text);
    writer.u16le(bytes.size() + 2);
    writer.bytes(bytes);
    writer.u16le(0);
}

SystemTime read_system_time(Reader& reader) {
    SystemTime time;
    for (auto* field : {&time.year, &time.month, &time.day_of_week, &time.day, &time.hour, &time.minute, &time.second,
                        &time.millisecond}) {
        *field = reader.u16le("time zone date");
    }
    return time;
}

void write_system_time(Writer& writer, const SystemTime& time) {
    for (const auto field :
         {time.year, time.month, time.day_of_week, time.day, time.hour, time.minute, time.second, time.millisecond}) {
        writer.u16le(field);
    }
}

TimeZone read_time_zone(Reader& reader) {
    TimeZone zone;
    zone.bias = reader.u32le("time zone bias");
    zone.standard_name = read_fixed_utf16(reader, zone_name_size, "StandardName");
    zone.standard_date = read_system_time(reader);
    zone.standard_bias = reader.u32le("StandardBias");
    zone.daylight_name = read_fixed_utf16(reader, zone_name_size, "DaylightName");
    zone.daylight_date = read_system_time(reader);
    zone.daylight_bias = reader.u32le("DaylightBias");
    return zone;
}

void write_time_zone(Writer& writer, const TimeZone& zone) {
    writer.u32le(zone.bias);
    write_fixed_utf16(writer, zone.standard_name, zone_name_size);
    write_system_time(writer, zone.standard_date);
    writer.u32le(zone.standard_bias);
    write_fixed_utf16(writer, zone.daylight_name, zone_name_size);
    write_system_time(writer, zone.daylight_date);
    writer.u32le(zone.daylight_bias);
}

ExtendedClientInfo read_extended(Reader& reader) {
    ExtendedClientInfo info;
    info.time_zone.reset();
    info.session_id.reset();
    info.performance_flags.reset();
    info.address_family = reader.u16le("clientAddressFamily");
    info.address = read_terminated(reader, "clientAddress");
    info.directory = read_terminated(reader, "clientDir");
    if (!reader.at_end()) info.time_zone = read_time_zone(reader);
    if (!reader.at_end()) info.session_id = reader.u32le("clientSessionId");
    if (!reader.at_end()) info.performance_flags = reader.u32le("performanceFlags");
    if (reader.at_end()) return info;
    const auto cookie_size = reader.u16le("cbAutoReconnectCookie");
    if (cookie_size > 0) info.auto_reconnect = AutoReconnectCookie::read(reader);
    return info;
}

void write_extended(Writer& writer, const ExtendedClientInfo& info) {
    writer.u16le(info.address_family);
    write_terminated(writer, info.address);
    write_terminated(writer, info.directory);
    if (!info.time_zone) return;
    write_time_zone(writer, *info.time_zone);
    if (!info.session_id) return;
    writer.u32le(*info.session_id);
    if (!info.performance_flags) return;
    writer.u32le(*info.performance_flags);
    writer.u16le(info.auto_reconnect ? AutoReconnectCookie::size : 0);
    if (info.auto_reconnect) info.auto_reconnect->encode(writer);
}

}  // namespace

Result<ClientInfo> ClientInfo::decode(ByteView payload) {
    Reader reader(payload);
    expect_security_header(reader, security::info_packet, "Client Info security header");
    ClientInfo info;
    info.code_page = reader.u32le("CodePage");
    const auto flags_at = reader.offset();
    info.flags = reader.u32le("Client Info flags");
    if ((info.flags & client_info_flags::unicode) == 0)
        reader.fail_at(flags_at, Errc::unsupported, "Client Info without INFO_UNICODE");
    const auto domain = read_text_size(reader, "cbDomain");
    const auto user = read_text_size(reader, "cbUserName");
    const auto password = read_text_size(reader, "cbPassword");
    const auto shell = read_text_size(reader, "cbAlternateShell");
    const auto directory = read_text_size(reader, "cbWorkingDir");
    info.domain = read_text(reader, domain, "Domain");
    info.user = read_text(reader, user, "UserName");
    info.password = read_text(reader, password, "Password");
    info.alternate_shell = read_text(reader, shell, "AlternateShell");
    info.working_directory = read_text(reader, directory, "WorkingDir");
    if (reader.at_end()) {
        info.extended.reset();
    } else {
        info.extended = read_extended(reader);
    }
    return finish(reader, std::move(info));
}

void ClientInfo::encode(Writer& writer) const {
    SecurityHeader{security::info_packet}.encode(writer);
    writer.u32le(code_page);
    writer.u32le(flags);
    const Bytes texts[] = {checked_utf16le(domain), checked_utf16le(user), checked_utf16le(password),
                           checked_utf16le(alternate_shell), checked_utf16le(working_directory)};
    for (const auto& text : texts)
        writer.u16le(text.size());
    for (const auto& text : texts) {
        writer.bytes(text);
        writer.u16le(0);
    }
    if (extended) write_extended(writer, *extended);
}

}  // namespace rdpfault::protocol
