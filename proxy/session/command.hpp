// What a session asks of whoever owns the sockets. Carried out in order; sends to one side stay in order.
#pragma once

#include <variant>

#include "protocol/bytes.hpp"
#include "proxy/event.hpp"

namespace rdpfault::proxy::command {

struct ConnectServer {};  // answer: server_connected() or server_failed()
struct Send {             // answer: sent(), as the kernel takes the bytes
    Side to{};
    Bytes bytes;
    // From a decrypted segment, what TLS itself is to say: an alert, whose level and description `bytes` is, or a wish
    // to renegotiate, without bytes.
    enum class Kind : std::uint8_t { data, alert, renegotiation } kind = Kind::data;
};
struct Finish {  // FIN towards that side behind what was sent; the other direction stays open
    Side to{};
};
struct Close {  // FIN behind what was sent (or at once, when not `deliver`), read to the end, close. Answer:
                // leg_closed()
    Side side{};
    bool deliver = true;
};
struct Reset {  // RST; when `deliver`, not before the peer's kernel has acknowledged what was sent (bounded). Answer:
                // leg_closed()
    Side side{};
    bool deliver = true;
};
struct Pause {  // stop reading from that side
    Side from{};
};
struct Resume {
    Side from{};
};
struct WakeAt {  // call tick() then; replaces an earlier one
    Time time{};
};

}  // namespace rdpfault::proxy::command

namespace rdpfault::proxy {
using Command = std::variant<command::ConnectServer, command::Send, command::Finish, command::Close, command::Reset,
                             command::Pause, command::Resume, command::WakeAt>;
}
