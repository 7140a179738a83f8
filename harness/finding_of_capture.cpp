// From what a capture shows of a connection to how it ended.
#include <algorithm>

#include "harness/diagnosis.hpp"
#include "harness/utc.hpp"

namespace rdpfault::harness {

namespace {

using capture::Account;
using capture::Ender;
using capture::TcpEnd;
using std::chrono::microseconds;

// A client that leaves after such a silence has given up waiting: for an answer, or for anything more.
constexpr microseconds patience{900'000};
constexpr microseconds long_patience{1'500'000};
// So much from the server after the handshake is a picture, and no negotiation any more.
constexpr std::uint64_t few_records = 3;
constexpr std::uint64_t picture = 48 * 1024;

Party party_of(Ender ender) {
    switch (ender) {
        case Ender::client: return Party::client;
        case Ender::server: return Party::server;
        case Ender::between: return Party::between;
        case Ender::unknown: break;
    }
    return Party::unknown;
}

bool saw(const Account& account, Stage stage) {
    const auto& stages = account.talk.stages;
    return std::ranges::find(stages, stage, &capture::StageTime::stage) != stages.end();
}

Ending ending_of(EndKind kind) {
    Ending ending;
    ending.kind = kind;
    return ending;
}

Ending socket_ending(const Account& account) {
    switch (account.how) {
        case TcpEnd::none:
        case TcpEnd::unknown: return {};
        case TcpEnd::fin: return ending_of(EndKind::close);
        case TcpEnd::reset: return ending_of(EndKind::reset);
        case TcpEnd::refused: return ending_of(EndKind::refused);
        case TcpEnd::unanswered:
        case TcpEnd::unreachable: return ending_of(EndKind::unreachable);
        case TcpEnd::silence: return ending_of(EndKind::timeout);
    }
    return {};
}

// The client ended it after waiting for the server in vain. In a session that is up, silence is nothing special.
bool gave_up(const Account& account) {
    if (account.who != Ender::client || !account.ended || !account.connected) return false;
    if (account.bytes[static_cast<std::size_t>(Side::server)] >= picture || saw(account, Stage::rdp_active))
        return false;
    const auto since = account.last_data.value_or(account.began);
    return *account.ended - since >= (account.last_word == Side::client ? patience : long_patience);
}

// What counts is what the client was told; else how the stream ended.
Ending ending_of(const Account& account, const Ending& socket, bool& told_by_client) {
    for (const auto& said : account.talk.said) {
        if (said.by == Side::server) return said.ending;
        // The client says that it leaves, and a server may repeat it.
        if (said.ending.kind == EndKind::disconnect) break;
        told_by_client = said.ending.kind == EndKind::tls_alert;
        if (told_by_client) return said.ending;
    }
    if (account.talk.furthest == Stage::rdp_disconnect && account.who == Ender::client)
        return ending_of(EndKind::orderly);
    const auto& server = account.talk.malformed[static_cast<std::size_t>(Direction::server_to_client)];
    if (server) return *server;
    if (gave_up(account)) return ending_of(EndKind::timeout);
    return socket;
}

std::optional<bool> session_up(const Account& account, bool& guessed) {
    const auto& talk = account.talk;
    const bool seen =
        std::ranges::find(talk.stages, Stage::rdp_active, &capture::StageTime::stage) != talk.stages.end();
    if (seen) return true;
    const auto stage = talk.furthest.value_or(Stage::tcp_connect);
    if (stage < Stage::tls_application_data) return account.whole() ? std::optional(false) : std::nullopt;
    if (talk.opened && talk.unopened.empty() && account.whole()) return false;
    guessed = true;
    return account.bytes[static_cast<std::size_t>(Side::server)] >= picture;
}

void add_notes(const Account& account, Finding& finding) {
    auto& notes = finding.notes;
    const auto& talk = account.talk;
    if (!account.beginning_seen)
        notes.emplace_back(
            "the capture has not got the beginning of this connection: how far it came is at least this");
    for (const auto side : {Side::client, Side::server})
        if (!account.seen[static_cast<std::size_t>(side)])
            notes.push_back("the capture has no packet of the " + std::string(to_string(side)) +
                            ": it was taken where only one direction passes, or nothing came back");
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client})
        if (const auto lost = talk.lost[static_cast<std::size_t>(direction)]; lost > 0)
            notes.push_back("the capture has not got " + std::to_string(lost) + " bytes of the " +
                            std::string(to_string(source(direction))) +
                            ", which were acknowledged: behind them its "
                            "units cannot be told apart, and the stage is at least this");
    if (account.how == TcpEnd::none)
        notes.emplace_back(account.given_up ? "too many connections at a time: this one was followed no further"
                                            : "the capture ends before the connection does, or its end is missing");
    if (account.how == TcpEnd::unknown)
        notes.emplace_back("it ended, but a packet that says who was first, or how, is missing");
    else if (account.how != TcpEnd::none && account.connected && !account.closed)
        notes.emplace_back("how the other direction ended is not in the capture");
    if (!account.between.empty()) notes.push_back(account.between);
    if (account.silent)
        notes.push_back("the " + std::string(to_string(*account.silent)) +
                        " went silent: what was sent to it again and again was never acknowledged");
    if (account.how == TcpEnd::unanswered) notes.push_back(std::to_string(account.syns) + " SYNs, and no answer");
    if (account.how == TcpEnd::unreachable)
        notes.push_back("ICMP unreachable, code " + std::to_string(account.unreachable_code) +
                        ", in answer to the SYN");
    if (account.ignored_resets > 0)
        notes.push_back(std::to_string(account.ignored_resets) +
                        " resets with a sequence number that the receiver does not take");
    if (gave_up(account)) notes.emplace_back("the client ended it after a long silence, as one that gives up waiting");
    if (!talk.unopened.empty()) notes.push_back(talk.unopened);
    const auto& client = talk.malformed[static_cast<std::size_t>(Direction::client_to_server)];
    if (client)
        notes.push_back("from byte " + std::to_string(client->offset) + " on the client sent no RDP: expected " +
                        client->detail);
    const auto& server = talk.malformed[static_cast<std::size_t>(Direction::server_to_client)];
    if (server)
        notes.push_back("from byte " + std::to_string(server->offset) + " on the server sent no RDP: expected " +
                        server->detail);
    if (finding.session_guessed)
        notes.push_back(std::string("whether the session was up is hidden in TLS; from the amount of data it is taken "
                                    "as ") +
                        (finding.symptoms.session_up.value_or(false) ? "up" : "not up"));
    if (finding.session_guessed && finding.symptoms.session_up == true && account.who == Ender::client)
        notes.emplace_back("a client that closes a session that is up has mostly been told to by its user");
}

}  // namespace

Finding finding_of(const Account& account) {
    Finding finding;
    finding.client = to_string(account.client);
    finding.server = to_string(account.server);
    finding.began = utc_text(account.began);
    finding.connected = account.connected;
    const auto& talk = account.talk;
    if (account.ended) finding.duration = *account.ended - account.began;
    auto& seen = finding.symptoms;
    seen.stage = talk.furthest.value_or(Stage::tcp_connect);
    seen.hidden = !talk.opened && seen.stage == Stage::tls_application_data;
    seen.first_records = seen.hidden && talk.records[0] <= few_records && talk.records[1] <= few_records;
    seen.nla = talk.nla;
    // The last stage that can be seen without keys is the last whatever is missing.
    seen.stage_certain = account.whole() || seen.hidden;
    finding.socket = socket_ending(account);
    seen.ending = ending_of(account, finding.socket, seen.told_by_client);
    seen.who = party_of(account.who);
    seen.session_up = session_up(account, finding.session_guessed);
    // Behind the last stage that can be seen it went on, as long as there was data.
    const auto reached = (seen.hidden ? account.last_data : talk.reached).value_or(account.began);
    if (account.ended) seen.since_stage = std::max(microseconds(0), *account.ended - reached);
    CaptureFacts facts;
    facts.packets = account.packets;
    facts.client_bytes = account.bytes[0];
    facts.server_bytes = account.bytes[1];
    facts.client_lost = talk.lost[0];
    facts.server_lost = talk.lost[1];
    facts.client_retransmitted = account.retransmitted[0];
    facts.server_retransmitted = account.retransmitted[1];
    facts.beginning_seen = account.beginning_seen;
    facts.decrypted = talk.opened;
    finding.capture = facts;
    add_notes(account, finding);
    return finding;
}

}  // namespace rdpfault::harness
