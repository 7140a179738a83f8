// What xfreerdp 2 says of itself in its log: whether a session came up, how many connections it opened, how far it got.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rdpfault::client {

class XfreerdpLog {
  public:
    // The options that make it say these things.
    static constexpr std::string_view options = "/log-filters:com.freerdp.core:DEBUG,com.freerdp.core.connection:DEBUG";

    // Any piece of the output, in order.
    void feed(std::string_view text);

    bool session_up() const { return session_up_; }
    bool gave_up() const { return gave_up_; }  // it waited long enough (its /timeout, 9 s unless told otherwise)
    std::uint32_t connections() const { return connections_; }
    const std::string& last_state() const { return last_state_; }  // "MCS_CONNECT"

  private:
    void line(std::string_view text);

    std::string partial_;
    bool session_up_ = false;
    bool gave_up_ = false;
    std::uint32_t connections_ = 0;
    std::string last_state_;
};

}  // namespace rdpfault::client
