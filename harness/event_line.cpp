#include "harness/event_line.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "harness/decision_log.hpp"
#include "harness/tcp_json.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

using Kind = proxy::Event::Kind;

std::string of_unit(const proxy::Event& event) {
    std::string text;
    if (event.stage) text += " at " + std::string(to_string(*event.stage));
    if (event.direction)
        text +=
            ", byte " + std::to_string(event.offset) + " from the " + std::string(to_string(source(*event.direction)));
    return text;
}

std::string body(const proxy::Event& event) {
    const auto side = event.side ? std::string(to_string(*event.side)) : std::string();
    switch (event.kind) {
        case Kind::accepted: return "accepted from " + event.text;
        case Kind::server_connected: return "server connected";
        case Kind::server_failed: return "server not reached: " + to_string(event.ending);
        case Kind::stage:
            return std::string(to_string(*event.stage)) + (event.nth > 1 ? " #" + std::to_string(event.nth) : "") +
                   " (" + std::string(to_string(*event.direction)) + ", to byte " + std::to_string(event.offset) + ")";
        case Kind::alert:
            return "TLS alert " + std::to_string(event.code) + " (" + std::string(to_string(*event.direction)) + ")";
        case Kind::negotiation_failure: return "negotiation failure " + std::to_string(event.code);
        case Kind::error_info: return "Set Error Info " + std::to_string(event.code);
        case Kind::disconnect: return "Disconnect Provider Ultimatum, reason " + std::to_string(event.code);
        case Kind::license_error: return "licensing error alert " + std::to_string(event.code);
        case Kind::tls_begun: return "TLS of our own with the " + side + ": " + event.text;
        case Kind::note: return event.text;
        case Kind::credssp_error:
            return to_string(Ending{.kind = EndKind::authentication, .code = event.code, .detail = {}});
        case Kind::garbage: return "not RDP" + of_unit(event) + ": " + event.text;
        case Kind::fault:
            return "FAULT " + event.fault + ": " + event.action + of_unit(event) +
                   (event.text.empty() ? "" : ": " + event.text);
        case Kind::draw: return "chance for fault " + event.fault + ": " + event.text;
        case Kind::effect: return event.action + (side.empty() ? "" : " towards the " + side) + ": " + event.text;
        case Kind::tcp: return "TCP with the " + side + ": " + to_string(*event.tcp);
        case Kind::leg_ended:
            return "the " + side + (event.by_proxy ? "'s connection was ended by the proxy: " : " ended it: ") +
                   to_string(event.ending) + ", after " + std::to_string(event.offset) + " bytes";
    }
    return {};
}

nlohmann::ordered_json to_json(const proxy::Event& event, double seconds) {
    nlohmann::ordered_json line{{"time", seconds}, {"connection", event.connection}, {"event", to_string(event.kind)}};
    if (event.stage) line["stage"] = to_string(*event.stage);
    if (event.direction) line["direction"] = to_string(*event.direction);
    if (event.side) line["side"] = to_string(*event.side);
    if (event.nth > 0) line["nth"] = event.nth;
    line["offset"] = event.offset;
    if (event.code > 0) line["code"] = event.code;
    if (!event.fault.empty()) line["fault"] = event.fault;
    if (!event.action.empty()) line["action"] = event.action;
    if (event.ending.kind != EndKind::none) {
        line["ending"] = to_string(event.ending);
        line["errno"] = event.ending.system_error;
        line["by_proxy"] = event.by_proxy;
    }
    if (!event.text.empty()) line["text"] = event.text;
    if (event.tcp) line["tcp"] = tcp_json(*event.tcp);
    return line;
}

}  // namespace

std::string describe(const proxy::Event& event) {
    return "#" + std::to_string(event.connection) + " " + body(event);
}

EventWriter::EventWriter(std::ostream& out, const OutputOptions& output, const std::string& decision_log)
    : out_(out), json_(output.format == Format::json), color_(wants_color(output)) {
    if (decision_log.empty()) return;
    log_.open(decision_log, std::ios::trunc);
    if (!log_) throw std::runtime_error("cannot write '" + decision_log + "'");
}

void EventWriter::write(const proxy::Event& event) {
    if (!began_) began_ = event.time;
    const auto seconds = std::chrono::duration<double>(event.time - *began_).count();
    if (json_) {
        out_ << to_json(event, seconds).dump() << '\n';
    } else {
        const bool loud = color_ && event.kind == Kind::fault;
        out_ << std::fixed << std::setprecision(3) << std::setw(9) << seconds << "  " << (loud ? "\x1b[1;31m" : "")
             << describe(event) << (loud ? "\x1b[0m" : "") << '\n';
    }
    out_.flush();
    if (log_.is_open())
        if (const auto line = decision_line(event)) log_ << *line << std::endl;
}

}  // namespace rdpfault::harness
