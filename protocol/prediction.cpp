#include "protocol/prediction.hpp"

#include <charconv>
#include <cstdio>

#include "protocol/catalogue.hpp"

namespace rdpfault {

namespace {

constexpr MstscPair set_up_broken{0x904, 7};
constexpr MstscPair session_lost{0x904, 0};

Prediction known(MstscPair pair, Confidence confidence, std::string_view source, std::string_view why) {
    return {pair, confidence, source, why};
}

Prediction unknown(std::string_view why) {
    return {std::nullopt, Confidence::unknown, {}, why};
}

// The stream ended before the session was up: the pair is the same at every stage, what is known of it is not.
Prediction set_up_closed(Stage furthest, bool reset) {
    if (furthest < Stage::x224_confirm)
        return known(set_up_broken, Confidence::reported, "S25 S28 S30",
                     "Tunnels and foreign listeners that accept and then close before the X.224 Connection Confirm are "
                     "reported with this pair.");
    if (furthest == Stage::x224_confirm)
        return known(set_up_broken, Confidence::inferred, "inferred",
                     "A close just before the Connection Confirm is reported with this pair; just after it should look "
                     "no different.");
    if (furthest == Stage::tls_client_hello && reset)
        return known(set_up_broken, Confidence::reported, "S27",
                     "One author logs this pair each time the server resets the connection at the ClientHello.");
    if (furthest == Stage::tls_client_hello)
        return known(
            set_up_broken, Confidence::inferred, "S27 S44",
            "A reset at the ClientHello is reported with this pair, and Winsock notifies a FIN in the same way.");
    if (furthest < Stage::tls_established)
        return known(set_up_broken, Confidence::inferred, "inferred",
                     "A reset at the ClientHello is reported with this pair; later in the handshake should look no "
                     "different.");
    if (furthest >= Stage::nla_negotiate && furthest <= Stage::nla_early_auth)
        return known(set_up_broken, Confidence::reported, "S24 S26 S27",
                     "Servers that drop the stream inside CredSSP without an error code are reported with this pair.");
    if (furthest <= Stage::mcs_channel_join && !reset)
        return known(set_up_broken, Confidence::reported, "S23 S24",
                     "Servers that close after TLS, before or during MCS, are reported with this pair.");
    if (furthest <= Stage::mcs_channel_join)
        return known(set_up_broken, Confidence::inferred, "S23 S44",
                     "A FIN after TLS is reported with this pair, and Winsock notifies a reset in the same way.");
    return known(set_up_broken, Confidence::inferred, "inferred",
                 "The session was not up yet; at which stage the extended code turns from 7 to 0 was never measured.");
}

Prediction closed(Stage furthest, bool session_up, bool reset) {
    if (session_up)
        return known(session_lost, Confidence::reported, "S25 S26",
                     "An active session whose stream ends without a reason is reported with this pair.");
    return set_up_closed(furthest, reset);
}

Prediction timed_out(Stage furthest, bool session_up) {
    constexpr MstscPair attempt_too_long{0x108, 0};
    if (session_up)
        return known(session_lost, Confidence::inferred, "S44",
                     "Once TCP gives up, Winsock notifies a close of the active session.");
    if (furthest < Stage::x224_confirm)
        return known(attempt_too_long, Confidence::inferred, "inferred",
                     "The attempt as a whole is bounded; 0x204 is the other candidate.");
    if (furthest <= Stage::tls_established || (furthest >= Stage::nla_negotiate && furthest <= Stage::nla_early_auth))
        return known(attempt_too_long, Confidence::reported, "S1 S33",
                     "One write-up has this pair for a server that goes silent while the connection is being secured.");
    if (furthest == Stage::rdp_client_info)
        return known(
            {0x908, 0}, Confidence::documented, "S1",
            "The code's name says that licensing timed out; the extended code is not documented and 0 is assumed.");
    return known(attempt_too_long, Confidence::inferred, "S1 S33",
                 "The attempt as a whole is bounded, and silence earlier on is reported with this pair.");
}

Prediction alerted(std::uint32_t alert, bool session_up) {
    switch (alert) {
        case 20:
            return known(session_up ? session_lost : set_up_broken, Confidence::inferred, "inferred",
                         "The server closes after the alert, which the client meets as a closed stream.");
        case 40:
        case 70:
        case 71:
        case 80:
            if (session_up) break;
            return known(
                set_up_broken, Confidence::inferred, "S10b inferred",
                "Working assumption: Microsoft names TLS trouble as a cause of the dialog that this pair shows, "
                "but nobody published a code for an alert.");
        default: break;
    }
    return unknown("No source says what mstsc shows for this TLS alert.");
}

Prediction not_decodable(Stage furthest) {
    if (furthest < Stage::x224_confirm)
        return known(set_up_broken, Confidence::inferred, "S30",
                     "mstsc at a listener that does not speak RDP is reported with this pair; 0xD06 is the other "
                     "candidate.");
    if (furthest < Stage::mcs_connect_initial)
        return unknown("No source says what mstsc shows for unreadable bytes within TLS or CredSSP.");
    return known({0xD06, 0}, Confidence::reported, "S41",
                 "Users meet this code as a protocol error; the extended code is not reported and 0 is assumed.");
}

Prediction refused_request(std::uint32_t failure) {
    if (failure == 5)
        return known({0xB09, 0}, Confidence::inferred, "S3 S5",
                     "The text of 0xB09 says that the server insists on NLA, which is what failure 5 says.");
    return unknown("No source says what mstsc shows for this negotiation failure.");
}

Prediction not_authenticated(std::uint32_t status) {
    const auto* row = find(Family::ntstatus, status);
    if (row == nullptr || row->related == 0) return unknown("No code of mstsc has the name of this status.");
    return known({row->related, 0}, Confidence::inferred, "S1 S6",
                 "The names of the status and of mstsc's code are the same; their pairing is not documented.");
}

std::optional<std::uint32_t> number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    std::uint32_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, hexadecimal ? 16 : 10);
    if (text.empty() || error != std::errc{} || rest != end) return std::nullopt;
    return value;
}

}  // namespace

std::string_view to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::measured: return "measured";
        case Confidence::documented: return "documented";
        case Confidence::reported: return "reported";
        case Confidence::inferred: return "inferred";
        case Confidence::unknown: break;
    }
    return "unknown";
}

std::string to_string(const MstscPair& pair) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%X/0x%X", pair.code, pair.extended);
    return text;
}

std::optional<MstscPair> mstsc_pair_from_string(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto code = number(text.substr(0, slash));
    const auto extended = number(text.substr(slash + 1));
    if (!code || !extended) return std::nullopt;
    return MstscPair{*code, *extended};
}

Prediction predict(Stage furthest, bool session_up, const Ending& ending) {
    switch (ending.kind) {
        case EndKind::none:
        case EndKind::orderly: return unknown("Nothing failed, so mstsc has nothing to show.");
        case EndKind::close: return closed(furthest, session_up, false);
        case EndKind::reset: return closed(furthest, session_up, true);
        case EndKind::timeout: return timed_out(furthest, session_up);
        case EndKind::refused:
        case EndKind::unreachable:
            return known({0x204, 0}, Confidence::documented, "S1",
                         "The code's name says that the TCP connection could not be made.");
        case EndKind::name_not_found:
            return known(
                {0x104, 0}, Confidence::documented, "S1",
                "The code's name says that the name lookup failed; the extended code is not documented and 0 is "
                "assumed.");
        case EndKind::tls_alert: return alerted(ending.code, session_up);
        case EndKind::negotiation_failure: return refused_request(ending.code);
        case EndKind::license_error:
            return known(
                {0x808, 0}, Confidence::documented, "S1",
                "The code's name says that licensing failed; an extended code from 0x100 on may come with it.");
        case EndKind::error_info:
            if (ending.code == 0) return unknown("ERRINFO 0 says that nothing is wrong.");
            return known({3, ending.code}, Confidence::inferred, "S1 S4",
                         "3 means that the server ended it, and the extended reasons repeat the ERRINFO numbers.");
        case EndKind::disconnect:
            return known({3, 0}, Confidence::inferred, "S1",
                         "3 means that the server ended it in order; no reason came with it.");
        case EndKind::malformed: return not_decodable(furthest);
        case EndKind::tls_failure: return unknown("No source says what mstsc shows when its own side of TLS gives up.");
        case EndKind::certificate:
            return unknown("It depends on what is wrong: 0x1B07 is an expired certificate, 0x907 an unexpected one.");
        case EndKind::authentication: return not_authenticated(ending.code);
        case EndKind::client_exit: return unknown("What another client reports says nothing about mstsc.");
    }
    return unknown("No source names a code for this ending.");
}

}  // namespace rdpfault
