#include "harness/testimony.hpp"

namespace rdpfault::harness {

namespace {

// Told to be silent after licensing: that is what it did when a client got as far as that and no further.
bool was_silent(const server::Config& config, const server::SessionReport& session) {
    return config.silence_after_licensing && !session.session_up && session.furthest == Stage::rdp_licensing;
}

// Every other misbehaviour ends in the server ending the connection, and not because it was asked to or lost patience.
bool broke_off(const server::SessionReport& session) {
    const auto kind = session.ending.kind;
    return session.by == Side::server && kind != EndKind::none && kind != EndKind::orderly && kind != EndKind::timeout;
}

// Echoed another key: it is for the client to notice, and to end the connection.
bool echoed_another_key(const server::SessionReport& session) {
    return session.nla && session.nla->wrong_key_sent;
}

std::optional<Ending> said(const server::SessionReport& session) {
    const auto kind = session.ending.kind;
    const bool words = kind == EndKind::error_info || kind == EndKind::license_error || kind == EndKind::disconnect ||
                       (kind == EndKind::authentication && session.nla && session.nla->told);
    if (session.by != Side::server || !words) return std::nullopt;
    return session.ending;
}

std::string describe(const server::SessionReport& session) {
    std::string text = "the server saw " + std::string(to_string(session.furthest));
    if (session.nla) text += session.nla->accepted ? ", NLA accepted " + session.nla->user : ", NLA not accepted";
    if (session.ending.kind == EndKind::none) return text + ", still open";
    return text + ", ended by the " + std::string(to_string(session.by)) + ": " + to_string(session.ending);
}

}  // namespace

ServerTestimony testimony(const server::Config& config, const std::vector<server::ConnectionReport>& reports) {
    ServerTestimony testimony;
    testimony.connections = static_cast<std::uint32_t>(reports.size());
    const server::ConnectionReport* last = nullptr;
    for (const auto& report : reports) {
        testimony.misbehaved |=
            was_silent(config, report.session) || broke_off(report.session) || echoed_another_key(report.session);
        if (!last || report.ordinal > last->ordinal) last = &report;
    }
    if (last) {
        testimony.session_up = last->session.session_up;
        testimony.furthest = last->session.furthest;
        testimony.said = said(last->session);
        testimony.text = describe(last->session);
    }
    return testimony;
}

}  // namespace rdpfault::harness
