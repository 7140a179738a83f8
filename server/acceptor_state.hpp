// The insides of the acceptor: what it remembers, and what its stages do with what comes (acceptor_stages.cpp).
#pragma once

#include <algorithm>

#include "protocol/nla/server.hpp"
#include "server/acceptor.hpp"
#include "server/session.hpp"

namespace rdpfault::protocol {
struct ConnectionRequest;
}

namespace rdpfault::server {

struct Acceptor::State {
    State(const Config& the_config, tls::EngineConfig the_tls, std::shared_ptr<const nla::AcceptorCredential> the_users)
        : config(the_config), tls_config(std::move(the_tls)), users(std::move(the_users)) {
        deadline = config.stage_timeout;
    }

    bool open() const { return wish == Wish::open; }

    void note(Time now, std::string text) { events.push_back({now, std::nullopt, std::move(text)}); }

    // The first time a stage is completed, the client gets the whole time for the next one.
    void reach(Time now, Stage stage) {
        const auto same = [&](const StageTime& row) { return row.stage == stage; };
        if (std::any_of(report.stages.begin(), report.stages.end(), same)) return;
        report.stages.push_back({stage, now});
        report.furthest = std::max(report.furthest, stage);
        events.push_back({now, stage, {}});
        deadline = now + config.stage_timeout;
    }

    void end(Time now, Side by, Ending ending, Wish how) {
        report.ending = std::move(ending);
        report.by = by;
        report.duration = now;
        wish = how;
        deadline.reset();
        fault_at.reset();
        auto text = "ended by the " + std::string(to_string(by)) + ": " + to_string(report.ending);
        if (!report.ending.detail.empty()) text += " (" + report.ending.detail + ")";
        note(now, std::move(text));
    }

    void end_malformed(Time now, std::uint64_t offset, std::string_view what) {
        auto ending = ending_of(EndKind::malformed, 0, std::string(what));
        ending.offset = offset;
        close_tls();
        end(now, Side::server, std::move(ending), Wish::close);
    }

    void close_tls() {
        if (!engine) return;
        engine->close();
        collect();
    }
    void collect() { append(output, engine->take_output()); }

    // Before TLS: a preconnection PDU perhaps, and the Connection Request.
    void on_clear(Time now);
    bool on_clear_unit(Time now, ByteView unit);
    void on_request(Time now, const protocol::ConnectionRequest& request);
    // From the ClientHello on.
    void on_tls(Time now, ByteView wire);
    void on_handshake(Time now);
    void on_established(Time now);
    void on_engine_end(Time now);
    // From TLS to the session, where NLA was selected (acceptor_nla.cpp).
    void start_nla();
    void on_nla(Time now);
    void on_ts_request(Time now, ByteView message);
    void nla_done(Time now);
    void nla_failed(Time now);
    void on_plaintext(Time now);
    // What the session said goes through TLS and into the report.
    void settle(Time now, Outlet& out);

    const Config& config;
    tls::EngineConfig tls_config;
    std::shared_ptr<const nla::AcceptorCredential> users;
    std::uint32_t selected = 0;             // protocol
    std::optional<tls::Engine> engine;      // once TLS is selected
    std::optional<nla::CredSspServer> nla;  // between TLS and the session
    std::optional<Session> session;         // once TLS is up
    Bytes pending;               // a unit that is not yet whole: of the wire before TLS, of the plaintext after
    std::uint64_t consumed = 0;  // bytes of that stream before `pending`
    Bytes output;
    std::vector<Event> events;
    SessionReport report;
    Wish wish = Wish::open;
    std::optional<Time> deadline;  // of the stage
    std::optional<Time> fault_at;  // error_info and disconnect in the active session
};

}  // namespace rdpfault::server
