#include "protocol/prediction_rules.hpp"

#include <algorithm>
#include <array>

#include "protocol/catalogue.hpp"

namespace rdpfault {

namespace {

constexpr MstscPair no_pair{};
constexpr MstscPair set_up_broken{0x904, 7};
constexpr MstscPair session_lost{0x904, 0};
constexpr MstscPair attempt_too_long{0x108, 0};
constexpr MstscPair not_connected{0x204, 0};
constexpr MstscPair no_such_name{0x104, 0};
constexpr MstscPair licensing_failed{0x808, 0};
constexpr MstscPair licensing_too_long{0x908, 0};
constexpr MstscPair nla_wanted{0xB09, 0};
constexpr MstscPair protocol_error{0xD06, 0};
constexpr MstscPair ended_by_server{3, 0};

constexpr auto start = Stage::tcp_connect;
constexpr auto end = Stage::rdp_disconnect;
constexpr std::nullopt_t either = std::nullopt;

constexpr std::span<const std::uint32_t> any{};
constexpr std::array<std::uint32_t, 1> bad_record_mac{20};
// handshake_failure, protocol_version, insufficient_security and internal_error: what a mismatch of TLS gives.
constexpr std::array<std::uint32_t, 4> tls_trouble{40, 70, 71, 80};
constexpr std::array<std::uint32_t, 1> hybrid_required{5};
constexpr std::array<std::uint32_t, 1> no_error{0};

constexpr auto documented = Confidence::documented;
constexpr auto reported = Confidence::reported;
constexpr auto inferred = Confidence::inferred;
constexpr auto unknown = Confidence::unknown;

using enum EndKind;

constexpr PredictionRule rules[] = {
    {none, orderly, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "Nothing failed, so mstsc has nothing to show."},

    // FIN and RST. Before the session is up the pair is the same at every stage; what is known of it is not.
    {close, reset, start, end, true, any, PairOf::rule, session_lost, reported, "S25 S26",
     "An active session whose stream ends without a reason is reported with this pair."},
    {close, reset, start, Stage::x224_request, either, any, PairOf::rule, set_up_broken, reported, "S25 S28 S30",
     "Tunnels and foreign listeners that accept and then close before the X.224 Connection Confirm are reported with "
     "this pair."},
    {close, reset, Stage::x224_confirm, Stage::x224_confirm, either, any, PairOf::rule, set_up_broken, inferred,
     "inferred",
     "A close just before the Connection Confirm is reported with this pair; just after it should look no different."},
    {reset, reset, Stage::tls_client_hello, Stage::tls_client_hello, either, any, PairOf::rule, set_up_broken, reported,
     "S27", "One author logs this pair each time the server resets the connection at the ClientHello."},
    {close, close, Stage::tls_client_hello, Stage::tls_client_hello, either, any, PairOf::rule, set_up_broken, inferred,
     "S27 S44", "A reset at the ClientHello is reported with this pair, and Winsock notifies a FIN in the same way."},
    {close, reset, Stage::tls_server_hello, Stage::tls_finished, either, any, PairOf::rule, set_up_broken, inferred,
     "inferred",
     "A reset at the ClientHello is reported with this pair; later in the handshake should look no different."},
    {close, reset, Stage::nla_negotiate, Stage::nla_early_auth, either, any, PairOf::rule, set_up_broken, reported,
     "S24 S26 S27", "Servers that drop the stream inside CredSSP without an error code are reported with this pair."},
    {close, close, Stage::tls_established, Stage::mcs_channel_join, either, any, PairOf::rule, set_up_broken, reported,
     "S23 S24", "Servers that close after TLS, before or during MCS, are reported with this pair."},
    {reset, reset, Stage::tls_established, Stage::mcs_channel_join, either, any, PairOf::rule, set_up_broken, inferred,
     "S23 S44", "A FIN after TLS is reported with this pair, and Winsock notifies a reset in the same way."},
    {close, reset, Stage::rdp_client_info, end, either, any, PairOf::rule, set_up_broken, inferred, "inferred",
     "The session was not up yet; at which stage the extended code turns from 7 to 0 was never measured."},

    // Silence.
    {timeout, timeout, start, end, true, any, PairOf::rule, session_lost, inferred, "S44",
     "Once TCP gives up, Winsock notifies a close of the active session."},
    {timeout, timeout, start, Stage::x224_request, either, any, PairOf::rule, attempt_too_long, inferred, "inferred",
     "The attempt as a whole is bounded; 0x204 is the other candidate."},
    {timeout, timeout, Stage::x224_confirm, Stage::tls_established, either, any, PairOf::rule, attempt_too_long,
     reported, "S1 S33",
     "One write-up has this pair for a server that goes silent while the connection is being secured."},
    {timeout, timeout, Stage::nla_negotiate, Stage::nla_early_auth, either, any, PairOf::rule, attempt_too_long,
     reported, "S1 S33",
     "One write-up has this pair for a server that goes silent while the connection is being secured."},
    {timeout, timeout, Stage::rdp_client_info, Stage::rdp_client_info, either, any, PairOf::rule, licensing_too_long,
     documented, "S1",
     "The code's name says that licensing timed out; the extended code is not documented and 0 is assumed."},
    {timeout, timeout, start, end, either, any, PairOf::rule, attempt_too_long, inferred, "S1 S33",
     "The attempt as a whole is bounded, and silence earlier on is reported with this pair."},

    // No connection at all.
    {refused, unreachable, start, end, either, any, PairOf::rule, not_connected, documented, "S1",
     "The code's name says that the TCP connection could not be made."},
    {name_not_found, name_not_found, start, end, either, any, PairOf::rule, no_such_name, documented, "S1",
     "The code's name says that the name lookup failed; the extended code is not documented and 0 is assumed."},

    // What the other side says.
    {tls_alert, tls_alert, start, end, true, bad_record_mac, PairOf::rule, session_lost, inferred, "inferred",
     "The server closes after the alert, which the client meets as a closed stream."},
    {tls_alert, tls_alert, start, end, false, bad_record_mac, PairOf::rule, set_up_broken, inferred, "inferred",
     "The server closes after the alert, which the client meets as a closed stream."},
    {tls_alert, tls_alert, start, end, false, tls_trouble, PairOf::rule, set_up_broken, inferred, "S10b inferred",
     "Working assumption: Microsoft names TLS trouble as a cause of the dialog that this pair shows, but nobody "
     "published a code for an alert."},
    {tls_alert, tls_alert, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "No source says what mstsc shows for this TLS alert."},
    {negotiation_failure, negotiation_failure, start, end, either, hybrid_required, PairOf::rule, nla_wanted, inferred,
     "S3 S5", "The text of 0xB09 says that the server insists on NLA, which is what failure 5 says."},
    {negotiation_failure, negotiation_failure, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "No source says what mstsc shows for this negotiation failure."},
    {license_error, license_error, start, end, either, any, PairOf::rule, licensing_failed, documented, "S1",
     "The code's name says that licensing failed; an extended code from 0x100 on may come with it."},
    {error_info, error_info, start, end, either, no_error, PairOf::nothing, no_pair, unknown, "",
     "ERRINFO 0 says that nothing is wrong."},
    {error_info, error_info, start, end, either, any, PairOf::error_info, ended_by_server, inferred, "S1 S4",
     "3 means that the server ended it, and the extended reasons repeat the ERRINFO numbers."},
    {disconnect, disconnect, start, end, either, any, PairOf::rule, ended_by_server, inferred, "S1",
     "3 means that the server ended it in order; no reason came with it."},
    {authentication, authentication, start, end, either, any, PairOf::status, no_pair, inferred, "S1 S6",
     "The names of the status and of mstsc's code are the same; their pairing is not documented."},
    {authentication, authentication, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "No code of mstsc has the name of this status."},

    // What the client itself objects to.
    {malformed, malformed, start, Stage::x224_request, either, any, PairOf::rule, set_up_broken, inferred, "S30",
     "mstsc at a listener that does not speak RDP is reported with this pair; 0xD06 is the other candidate."},
    {malformed, malformed, start, Stage::nla_early_auth, either, any, PairOf::nothing, no_pair, unknown, "",
     "No source says what mstsc shows for unreadable bytes within TLS or CredSSP."},
    {malformed, malformed, start, end, either, any, PairOf::rule, protocol_error, reported, "S41",
     "Users meet this code as a protocol error; the extended code is not reported and 0 is assumed."},
    {tls_failure, tls_failure, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "No source says what mstsc shows when its own side of TLS gives up."},
    {certificate, certificate, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "It depends on what is wrong: 0x1B07 is an expired certificate, 0x907 an unexpected one."},
    {client_exit, client_exit, start, end, either, any, PairOf::nothing, no_pair, unknown, "",
     "What another client reports says nothing about mstsc."},
};

std::uint32_t code_of_status(std::uint32_t status) {
    const auto* row = find(Family::ntstatus, status);
    return row == nullptr ? 0 : row->related;
}

bool matches(const PredictionRule& rule, Stage furthest, bool session_up, const Ending& ending) {
    return rule.first_kind <= ending.kind && ending.kind <= rule.last_kind && rule.first_stage <= furthest &&
           furthest <= rule.last_stage && rule.session_up.value_or(session_up) == session_up &&
           (rule.codes.empty() || std::ranges::find(rule.codes, ending.code) != rule.codes.end()) &&
           (rule.pair_of != PairOf::status || code_of_status(ending.code) != 0);
}

}  // namespace

std::span<const PredictionRule> prediction_rules() {
    return rules;
}

const PredictionRule* prediction_rule(Stage furthest, bool session_up, const Ending& ending) {
    return std::ranges::find_if(
        rules, [&](const PredictionRule& rule) { return matches(rule, furthest, session_up, ending); });
}

Prediction predict(Stage furthest, bool session_up, const Ending& ending) {
    const auto& rule = *prediction_rule(furthest, session_up, ending);
    Prediction prediction{rule.pair, rule.confidence, rule.source, rule.why};
    switch (rule.pair_of) {
        case PairOf::nothing: prediction.pair.reset(); break;
        case PairOf::rule: break;
        case PairOf::status: prediction.pair->code = code_of_status(ending.code); break;
        case PairOf::error_info: prediction.pair->extended = ending.code; break;
    }
    return prediction;
}

}  // namespace rdpfault
