// The part of a session in which somebody looks and types.
#include "protocol/fast_path.hpp"
#include "protocol/input.hpp"
#include "protocol/output_control.hpp"
#include "protocol/session_end.hpp"
#include "server/session.hpp"

namespace rdpfault::server {

namespace {

constexpr std::uint16_t pointer_down = 0x8000;
constexpr std::uint16_t pointer_buttons = 0x7000;
constexpr std::uint8_t fast_release = 1;
constexpr std::uint16_t slow_release = 0x8000;

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

// A kind of input that nobody here speaks is no reason to throw the client out.
Session::Fault unless_unsupported(const protocol::DecodeError& error) {
    return error.code == protocol::Errc::unsupported ? Session::Fault() : error;
}

Rect to_rect(const protocol::InclusiveRectangle& area) {
    return {area.left, area.top, area.right - area.left + 1, area.bottom - area.top + 1};
}

}  // namespace

Session::Fault Session::on_active(const protocol::ShareUnit& unit, Outlet& out) {
    if (unit.is(protocol::DataPduType::input)) return on_slow_input(unit.bytes);
    if (unit.is(protocol::DataPduType::refresh_rect)) return on_refresh_rect(unit.bytes);
    if (unit.is(protocol::DataPduType::suppress_output)) return on_suppress_output(unit.bytes);
    // Denied as long as a user is logged on; the client then disconnects by itself (MS-RDPBCGR 1.3.1.4.1).
    if (unit.is(protocol::DataPduType::shutdown_request)) out.send(protocol::ShutdownDenied{origin()});
    return std::nullopt;
}

Session::Fault Session::on_fast_path(ByteView unit) {
    if (!up()) return protocol::DecodeError{protocol::Errc::bad_value, 0, "fast-path input before the session is up"};
    const auto input = protocol::FastPathInput::decode(unit);
    if (!input) return unless_unsupported(input.error());
    for (const auto& event : input->events)
        std::visit(Overloaded{[&](const protocol::MouseEvent& e) { mouse(e.pointer_flags, e.x, e.y); },
                              [&](const protocol::ScancodeEvent& e) { key((e.flags & fast_release) != 0); },
                              [&](const protocol::UnicodeEvent& e) { key((e.flags & fast_release) != 0); },
                              [](const auto&) {}},
                   event);
    return std::nullopt;
}

Session::Fault Session::on_slow_input(ByteView pdu) {
    const auto input = protocol::InputPdu::decode(pdu);
    if (!input) return input.error();
    for (const auto& event : input->events)
        std::visit(
            Overloaded{[&](const protocol::SlowMouse& e) { mouse(e.pointer_flags, e.x, e.y); },
                       [&](const protocol::SlowScancode& e) { key((e.flags & slow_release) != 0); },
                       [&](const protocol::SlowUnicode& e) { key((e.flags & slow_release) != 0); }, [](const auto&) {}},
            event.event);
    return std::nullopt;
}

void Session::mouse(std::uint16_t flags, std::uint16_t x, std::uint16_t y) {
    ++inputs_;
    if ((flags & pointer_down) && (flags & pointer_buttons)) display_->damage(display_->card().press(x, y));
}

void Session::key(bool release) {
    ++inputs_;
    if (!release) display_->damage(display_->card().key());
}

Session::Fault Session::on_refresh_rect(ByteView pdu) {
    const auto request = protocol::RefreshRect::decode(pdu);
    if (!request) return request.error();
    for (const auto& area : request->areas)
        display_->damage(to_rect(area));
    return std::nullopt;
}

Session::Fault Session::on_suppress_output(ByteView pdu) {
    const auto request = protocol::SuppressOutput::decode(pdu);
    if (!request) return request.error();
    display_->suppress(!request->desktop);
    if (request->desktop) display_->damage(to_rect(*request->desktop));
    return std::nullopt;
}

}  // namespace rdpfault::server
