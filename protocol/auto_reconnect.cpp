#include "protocol/auto_reconnect.hpp"

#include <algorithm>

namespace rdpfault::protocol {

AutoReconnectCookie AutoReconnectCookie::read(Reader& reader) {
    const auto start = reader.offset();
    AutoReconnectCookie cookie;
    if (reader.u32le("auto-reconnect cbLen") != size) reader.fail_at(start, Errc::bad_length, "auto-reconnect cbLen");
    if (reader.u32le("auto-reconnect Version") != 1)
        reader.fail_at(start + 4, Errc::bad_value, "auto-reconnect Version");
    cookie.logon_id = reader.u32le("auto-reconnect LogonId");
    std::ranges::copy(reader.take(cookie.bits.size(), "auto-reconnect bits"), cookie.bits.begin());
    return cookie;
}

Result<AutoReconnectCookie> AutoReconnectCookie::decode(ByteView bytes) {
    Reader reader(bytes);
    const auto cookie = read(reader);
    return finish(reader, cookie);
}

void AutoReconnectCookie::encode(Writer& writer) const {
    writer.u32le(size);
    writer.u32le(1);
    writer.u32le(logon_id);
    writer.bytes(bits);
}

}  // namespace rdpfault::protocol
