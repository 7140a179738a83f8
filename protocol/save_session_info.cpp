#include "protocol/save_session_info.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t domain_size = 52;
constexpr std::size_t user_size = 512;
constexpr std::size_t long_padding = 558;
constexpr std::uint32_t long_fixed_size = 2 + 4 + 4 + 4 + 4 + long_padding;
constexpr std::size_t notify_padding = 576;
constexpr std::size_t extended_padding = 570;
constexpr std::size_t max_long_text = 512;  // bytes, without the NUL

// fieldsPresent of LOGON_EXTENDED_INFO.
constexpr std::uint32_t has_cookie = 0x1;
constexpr std::uint32_t has_errors = 0x2;

LogonInfo read_logon(Reader& reader) {
    LogonInfo info;
    // The counts are not needed: both fields are padded with NUL.
    reader.skip(4, "cbDomain");
    info.domain = read_fixed_utf16(reader, domain_size, "logon Domain");
    reader.skip(4, "cbUserName");
    info.user = read_fixed_utf16(reader, user_size, "logon UserName");
    info.session_id = reader.u32le("logon SessionId");
    return info;
}

std::uint32_t read_size(Reader& reader, std::string_view what) {
    const auto at = reader.offset();
    const auto size = reader.u32le(what);
    if (size > max_long_text + 2) reader.fail_at(at, Errc::too_long, what);
    return size;
}

std::string read_long_text(Reader& reader, std::uint32_t size, std::string_view what) {
    const auto field = reader.take(size, what);
    return until_nul_utf16le(field.first(std::min(field.size(), max_long_text)));
}

LogonInfoLong read_logon_long(Reader& reader) {
    LogonInfoLong info;
    reader.skip(6, "logon Version and Size");
    info.session_id = reader.u32le("logon SessionId");
    const auto domain = read_size(reader, "cbDomain");
    const auto user = read_size(reader, "cbUserName");
    reader.skip(long_padding, "logon pad");
    info.domain = read_long_text(reader, domain, "logon Domain");
    info.user = read_long_text(reader, user, "logon UserName");
    return info;
}

// A field has its own size, so that a receiver can skip one it does not know.
template <class Read>
void read_field(Reader& reader, Read read) {
    const auto size = reader.u32le("cbFieldData");
    auto field = reader.sub(size, "logon field");
    read(field);
    if (!field.ok()) reader.adopt(field.error());
}

LogonExtended read_extended(Reader& reader) {
    LogonExtended info;
    reader.skip(2, "extended logon Length");
    const auto present = reader.u32le("FieldsPresent");
    if ((present & has_cookie) != 0)
        read_field(reader, [&](Reader& field) { info.auto_reconnect = AutoReconnectCookie::read(field); });
    if ((present & has_errors) != 0) {
        read_field(reader, [&](Reader& field) {
            const auto type = field.u32le("ErrorNotificationType");
            info.errors = LogonErrors{type, field.u32le("ErrorNotificationData")};
        });
    }
    return info;
}

struct InfoWriter {
    Writer& writer;

    void fixed(const std::string& text, std::size_t size) const {
        const auto bytes = std::min(to_utf16le(text).size() + 2, size);
        writer.u32le(bytes);
        write_fixed_utf16(writer, text, size);
    }
    void operator()(const LogonInfo& info) const {
        fixed(info.domain, domain_size);
        fixed(info.user, user_size);
        writer.u32le(info.session_id);
    }
    void operator()(const LogonInfoLong& info) const {
        auto domain = to_utf16le(info.domain);
        auto user = to_utf16le(info.user);
        for (auto* text : {&domain, &user}) {
            if (text->size() > max_long_text) throw std::length_error("a logon name is too long");
            text->resize(text->size() + 2);
        }
        writer.u16le(1);
        writer.u32le(long_fixed_size);
        writer.u32le(info.session_id);
        writer.u32le(domain.size());
        writer.u32le(user.size());
        writer.zeros(long_padding);
        writer.bytes(domain);
        writer.bytes(user);
    }
    void operator()(const LogonNotify&) const { writer.zeros(notify_padding); }
    void operator()(const LogonExtended& info) const {
        const auto start = writer.size();
        writer.u16le(0);
        writer.u32le((info.auto_reconnect ? has_cookie : 0) | (info.errors ? has_errors : 0));
        if (info.auto_reconnect) {
            writer.u32le(AutoReconnectCookie::size);
            info.auto_reconnect->encode(writer);
        }
        if (info.errors) {
            writer.u32le(8);
            writer.u32le(info.errors->type);
            writer.u32le(info.errors->data);
        }
        writer.patch_u16le(start, writer.size() - start);
        writer.zeros(extended_padding);
    }
};

}  // namespace

Result<SaveSessionInfo> SaveSessionInfo::decode(ByteView pdu) {
    auto share = open_share_data(pdu, DataPduType::save_session_info, "Save Session Info");
    auto& body = share.body;
    SaveSessionInfo info;
    info.origin = share.origin;
    const auto type_at = body.offset();
    switch (body.u32le("infoType")) {
        case 0: info.info = read_logon(body); break;
        case 1: info.info = read_logon_long(body); break;
        case 2: info.info = LogonNotify{}; break;
        case 3: info.info = read_extended(body); break;
        default: body.fail_at(type_at, Errc::unsupported, "infoType");
    }
    return finish(body, std::move(info));
}

void SaveSessionInfo::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::save_session_info, origin, [&] {
        writer.u32le(info.index());
        std::visit(InfoWriter{writer}, info);
    });
}

}  // namespace rdpfault::protocol
