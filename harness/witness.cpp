#include "harness/witness.hpp"

namespace rdpfault::harness {

using Who = proxy::ConnectionLog::Who;

namespace {

std::string in_quotes(std::string_view word) {
    return "'" + std::string(word) + "'";
}

// The words that reach the client in plain text or inside TLS before the connection ends; how it then ends is open.
bool is_message(EndKind kind) {
    return kind == EndKind::tls_alert || kind == EndKind::negotiation_failure || kind == EndKind::license_error ||
           kind == EndKind::error_info || kind == EndKind::disconnect || kind == EndKind::malformed ||
           kind == EndKind::authentication;
}

bool same_end(const EndExpectation& expected, const Ending& seen) {
    return seen.kind == *expected.ended_by && (!expected.code || seen.code == *expected.code);
}

std::string expected_end(const EndExpectation& expected) {
    Ending ending;
    ending.kind = *expected.ended_by;
    if (!expected.code) return std::string(to_string(ending.kind));
    ending.code = *expected.code;
    return to_string(ending);
}

// A proxy that ends TLS sees every stage.
bool sees_inside(const Scene& scene) {
    return scene.arm.proxy.intercept;
}

// A stage inside TLS is reached no sooner than TLS is up; the client may be past that before the proxy has read on.
void check_stage(const Scene& scene, Stage expected, Objections& against) {
    if (!scene.log || !scene.log->furthest) return;
    const auto furthest = *scene.log->furthest;
    if (furthest == expected) return;
    if (!info(expected).visible && furthest >= Stage::tls_established && !sees_inside(scene)) return;
    against.push_back("the proxy saw the connection get to " + in_quotes(to_string(furthest)) + ", not to " +
                      in_quotes(to_string(expected)));
}

void check_log(const Scene& scene, const EndExpectation& expected, Objections& against) {
    if (expected.ends_at) check_stage(scene, *expected.ends_at, against);
    if (expected.who) {
        const auto who = scene.log ? scene.log->ended_by : Who::nobody;
        if (who != *expected.who)
            against.push_back("the proxy saw it ended first by " + std::string(to_string(who)) + ", not by " +
                              std::string(to_string(*expected.who)));
    }
    const auto said = announced(scene);
    if (said && expected.ended_by && said->kind == *expected.ended_by && !same_end(expected, *said))
        against.push_back("the proxy saw " + to_string(*said) + ", not " + expected_end(expected));
}

bool was_reset(const proxy::LegEnd& leg) {
    return leg.ending.kind == EndKind::reset;
}

// Not by the client itself, which may do so when it goes with bytes unread.
bool reset_on_purpose(const proxy::ConnectionLog& log) {
    if (log.ended_by == Who::proxy) return log.first_end.kind == EndKind::reset;
    return log.server_leg && was_reset(*log.server_leg) && !log.server_leg->by_proxy;
}

void check_sockets(const Scene& scene, const EndExpectation& expected, Objections& against) {
    if (!expected.ended_by) return;
    const auto* log = scene.log;
    const auto* leg = log && log->client_leg ? &*log->client_leg : nullptr;
    switch (*expected.ended_by) {
        case EndKind::reset:
            if (!leg || !was_reset(*leg)) against.push_back("the client's socket was not reset");
            break;
        case EndKind::close:
            if (!leg) against.push_back("the client's socket was not closed");
            if (leg && was_reset(*leg) && reset_on_purpose(*log))
                against.push_back("the client's socket was reset, not closed");
            break;
        case EndKind::timeout:
            if (log && (log->ended_by == Who::proxy || log->ended_by == Who::server))
                against.push_back("a socket was ended by " + std::string(to_string(log->ended_by)) +
                                  " before the client lost patience");
            break;
        case EndKind::name_not_found:
            if (log) against.push_back("the client made a connection, so it had an address");
            break;
        case EndKind::refused:
            if (leg) against.push_back("the client's connection was accepted, not refused");
            break;
        default:
            // A client that leaves over one unit leaves behind what was on its way after it.
            if (is_message(*expected.ended_by) && leg && leg->undelivered > 0 &&
                (log->ended_by == Who::proxy || log->ended_by == Who::server))
                against.push_back(std::to_string(leg->undelivered) + " bytes never reached the client's kernel");
            break;
    }
}

void check_probe(const Scene& scene, const EndExpectation& expected, Objections& against) {
    if (!scene.connection) {
        against.push_back("the probe made no connection");
        return;
    }
    const auto& met = *scene.connection;
    if (expected.ended_by && !scene.evidence.timed_out && !same_end(expected, met.ending))
        against.push_back("the client met " + in_quotes(to_string(met.ending)) + ", not " +
                          in_quotes(expected_end(expected)));
    // Where the proxy can see, its word counts: a unit that was held back never got as far as the client.
    if (expected.ends_at && !info(*expected.ends_at).visible && !sees_inside(scene) &&
        met.furthest != *expected.ends_at)
        against.push_back("the client got to " + in_quotes(to_string(met.furthest)) + ", not to " +
                          in_quotes(to_string(*expected.ends_at)));
}

// A program says little: that it failed, and with which status.
void check_process(const Scene& scene, const EndExpectation& expected, const Observed& seen, Objections& against) {
    if (!expected.ended_by) return;
    const bool orderly = *expected.ended_by == EndKind::orderly;
    if (orderly && !scene.worked()) against.push_back("the client failed");
    if (!orderly && scene.worked()) against.push_back("the client was content");
    if (*expected.ended_by == EndKind::client_exit && !same_end(expected, seen.ended_by))
        against.push_back("the client ended with " + in_quotes(to_string(seen.ended_by)) + ", not " +
                          in_quotes(expected_end(expected)));
}

void check_client(const Scene& scene, const EndExpectation& expected, const Observed& seen, Objections& against) {
    if (scene.probe) check_probe(scene, expected, against);
    if (scene.process) check_process(scene, expected, seen, against);
    if (expected.session_up && seen.session_up && *seen.session_up != *expected.session_up)
        against.push_back(*seen.session_up ? "the session came up" : "the session did not come up");
    if (expected.connections && seen.connections != *expected.connections)
        against.push_back("the client made " + std::to_string(seen.connections) + " connections, not " +
                          std::to_string(*expected.connections));
}

}  // namespace

Hearing hear_end(const Scene& scene, const Observed& seen, const EndExpectation& expected) {
    Hearing hearing;
    check_log(scene, expected, hearing.log);
    check_sockets(scene, expected, hearing.sockets);
    check_client(scene, expected, seen, hearing.client);
    return hearing;
}

Hearing hear_connected(const Scene& scene, const Observed& seen) {
    Hearing hearing;
    const auto* log = scene.log;
    if (!log)
        hearing.log.push_back("the proxy saw no connection");
    else if (!log->furthest || *log->furthest < Stage::tls_application_data)
        hearing.log.push_back("the proxy saw the connection get no further than " +
                              in_quotes(to_string(log->furthest.value_or(Stage::tcp_connect))));
    if (log && log->ended_by == Who::proxy) hearing.sockets.push_back("the proxy ended the connection");
    if (log && log->server_leg && log->server_leg->ending.kind == EndKind::refused)
        hearing.sockets.push_back("the server refused the proxy's connection");
    if (!scene.worked())
        hearing.client.push_back("the client was to connect and leave in order, but met " +
                                 in_quotes(to_string(seen.ended_by)));
    if (seen.session_up == false) hearing.client.push_back("the session did not come up");
    return hearing;
}

}  // namespace rdpfault::harness
