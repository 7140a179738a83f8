#include "client/xfreerdp_log.hpp"

namespace rdpfault::client {

void XfreerdpLog::feed(std::string_view text) {
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        partial_.append(text.substr(0, end));
        line(partial_);
        partial_.clear();
        text.remove_prefix(end + 1);
    }
    // Nothing we look for is in a line this long.
    if (partial_.size() < 4096) partial_.append(text.substr(0, 4096));
}

void XfreerdpLog::line(std::string_view text) {
    const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
    if (has("connecting to peer")) ++connections_;
    // The picture buffer is made when the session is active; with +auth-only there is none, but a verdict.
    if (has("Local framebuffer format") || has("Authentication only, exit status 0")) session_up_ = true;
    if (has("Timeout waiting for activation")) gave_up_ = true;

    // "rdp_client_transition_to_state CONNECTION_STATE_A --> CONNECTION_STATE_B"
    constexpr std::string_view arrow = "--> CONNECTION_STATE_";
    const auto at = text.find(arrow);
    if (at == std::string_view::npos) return;
    const auto state = text.substr(at + arrow.size());
    if (state != "INITIAL") last_state_ = state;  // INITIAL is where it goes when it gives up
}

}  // namespace rdpfault::client
