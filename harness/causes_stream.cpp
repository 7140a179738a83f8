// Causes in the stream itself: what the protocol forbids, what was rewritten, where it was sent. And the healthy path.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

Cause protocol_error() {
    return {
        .id = "protocol-error",
        .title = "A server, or a box in the middle, sends what the protocol forbids",
        .explanation =
            "A length that does not fit, a field that is missing or out of range, a PDU out of order: from a server "
            "of another make, an update that broke one, or an inspector that takes streams apart and puts them "
            "together again. The client cannot go on and leaves.",
        .grade = Grade::weak,
        .grounds = "Users meet 0xD06 as a protocol error; which client checks what was never published.",
        .signature = "Everything arrives, then the client ends the connection within milliseconds of one unit.",
        .limits = "What the probe and xfreerdp object to is shown; mstsc may be stricter or more lenient.",
        .stages = {},
        .shows = {{0xD06, 0}},
        .events = {{"RDPClient", 226, false, "with the state in which it broke"},
                   {"RdpCoreTS", 97, false, "when it is the server that objects"}},
        .signs = {"the client's own log names the PDU", "another client, or another version of it, connects",
                  "a capture of the decrypted stream does not decode"},
        .fixes = {{"update the server software, or take the update back",
                   vendor,
                   "by its maker's release notes",
                   "the stage at which it used to end is passed",
                   {}},
                  {"take the box that rewrites the stream out of the path",
                   network,
                   "let it pass RDP through, or go round it once",
                   "the stage is passed without it",
                   {}}},
        .no_fix = {"certificates and TLS versions: TLS was up", "firewall rules: nothing is blocked"},
        .neighbours = {"foreign-listener", "negotiation-rewritten", "pipeline-crash"},
        .source = "S41",
    };
}

Cause negotiation_rewritten() {
    return {
        .id = "negotiation-rewritten",
        .title = "A box in the middle rewrites the negotiation",
        .explanation =
            "A proxy that records or inspects sessions offers the server other security protocols than the client "
            "did, or selects another one. Both ends repeat what was negotiated inside TLS, and leave when it is not "
            "what they said.",
        .grade = Grade::weak,
        .grounds = "Inferred from the rule that both fields are echoes; the proxies themselves repair them.",
        .signature = "TLS is up; the client leaves at the Connect Response, or the server at the Connect Initial.",
        .limits = {},
        .stages = {Stage::mcs_connect_initial, Stage::mcs_connect_response},
        .shows = {pairs::set_up_broken, {0xD06, 0}},
        .events = {{"RemoteConnectionManager", 261, false, {}}, {"RemoteConnectionManager", 1149, true, {}}},
        .signs = {"the certificate that the client sees is not the server's", "direct RDP works"},
        .fixes =
            {{"let the proxy repair the echoes, or pass the negotiation through unchanged",
              vendor,
              "configure or update the proxy; its maker's notes on requestedProtocols and clientRequestedProtocols",
              "mcs.connect_response is passed",
              {}}},
        .no_fix = {"turning NLA off on the server: the negotiation is rewritten all the same"},
        .neighbours = {"protocol-error", "relay-closes"},
        .source = "S23 S24 inferred",
    };
}

Cause redirected() {
    return {
        .id = "redirected",
        .title = "A session broker sends the client where it cannot go",
        .explanation =
            "In a farm the first server may answer with a redirection to the one that holds the user's session. When "
            "the client does not reach that one, or does not follow, the connection ends after a log-on that worked.",
        .grade = Grade::weak,
        .grounds = "Inferred: the redirection is documented, what mstsc shows when it leads nowhere is not.",
        .signature = "The set-up goes on up to licensing, then comes a redirection in place of the Demand Active.",
        .limits = "The probe does not follow a redirection; xfreerdp does.",
        .stages = {Stage::rdp_licensing},
        .shows = {pairs::not_connected, pairs::session_lost},
        .events = {{"RemoteConnectionManager", 1149, false, "on the first server"}},
        .signs = {"TerminalServices-SessionBroker events on the broker", "it depends on the user, not on the client"},
        .fixes =
            {{"make the servers of the farm reachable by the address that the broker hands out",
              network,
              "DNS, routes and firewall from the client to every server of the farm",
              "the second connection passes tcp.connect; LocalSessionManager 25 on the second server",
              {}},
             {"redirect by token, when a load balancer stands in front of the farm", policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, RD Connection Broker, Use IP Address Redirection: Disabled",
              "the second connection arrives through the balancer", "the balancer must know the routing token"}},
        .no_fix = {"changes of TLS or NLA: the log-on worked"},
        .neighbours = {"relay-closes", "gateway"},
        .source = "S1 memory",
    };
}

Cause control() {
    return {
        .id = "control",
        .title = "Nothing is wrong",
        .explanation =
            "The healthy path: a scenario that must connect. It proves that what the others show is their fault's "
            "doing.",
        .grade = Grade::none,
        .grounds = "It is no cause.",
        .signature = "Every stage up to the active session, then an orderly end.",
        .limits = {},
        .stages = {},
        .shows = {},
        .events = {{"RemoteConnectionManager", 261, false, {}},
                   {"RemoteConnectionManager", 1149, false, "with NLA"},
                   {"LocalSessionManager", 21, false, {}}},
        .signs = {},
        .fixes = {},
        .no_fix = {},
        .neighbours = {},
        .source = "S45",
    };
}

}  // namespace

std::vector<Cause> stream_causes() {
    return {protocol_error(), negotiation_rewritten(), redirected(), control()};
}

}  // namespace rdpfault::harness
