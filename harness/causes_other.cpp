// Causes beside the straight way: gateways, UDP, brokers, boxes that rewrite, the client. And the healthy path.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

Cause gateway() {
    return {
        .id = "gateway",
        .title = "The RD Gateway, or the way to it",
        .explanation =
            "The RDP stream runs inside HTTPS. Faults of the tunnel usually have gateway codes (0x3000000 and up); "
            "a tunnel that breaks shows the inner connection's code.",
        .grade = Grade::medium,
        .grounds =
            "Documented for one version of the macOS client: random 0x904 through a gateway, cured by an update.",
        .signature = "The HTTPS connection, or one of its two channels, ends; seen from inside, the stream just ends.",
        .limits =
            "No client here dials through a gateway. What can be shown is a gateway that is dialled as if it were the "
            "server, and an inner stream that ends with its tunnel. What HTTP statuses and E_PROXY errors make of the "
            "codes 0x3000000 and up is not known well enough to predict: measure it.",
        .stages = {},
        .shows = {pairs::session_lost, pairs::set_up_broken},
        .events = {{"Gateway", 201, false, "refused by the connection policy"},
                   {"Gateway", 301, false, "refused by the resource policy"},
                   {"Gateway", 303, false, "bytes and time of a tunnel that ended"},
                   {"Gateway", 304, false, "the target was not reached"},
                   {"ClientActiveXCore", 1012, false, {}},
                   {"ClientActiveXCore", 1021, false, {}}},
        .signs = {},
        .fixes = {{"update client and gateway",
                   vendor,
                   "the client of the platform's store, and Windows updates on the gateway",
                   "Gateway 302, and 303 only when the user leaves",
                   {}},
                  {"dial through the gateway, not at it",
                   client,
                   "gatewayhostname:s:GATEWAY and gatewayusagemethod:i:1 in the .rdp file, full address:s:SERVER",
                   "Gateway 200, 300 and 302",
                   {}},
                  {"let its policies pass user and target",
                   policy,
                   "RD Gateway Manager, Policies, Connection Authorization Policies and Resource Authorization "
                   "Policies: short "
                   "and full name of the target",
                   "Gateway 200 and 300 in place of 201 and 301",
                   {}},
                  {"raise idle limits of web proxies on the way",
                   network,
                   "longer than the longest pause of a session, for the gateway's name",
                   "Gateway 303 with the expected time",
                   {}},
                  {"use the older RPC transport for one attempt", registry,
                   R"(HKCU\Software\Microsoft\Terminal Server Client, RDGClientTransport (DWORD) 1)",
                   "the session through the gateway comes up: it was the newer transport",
                   "only through a gateway; slower, without UDP, and a step back: delete the value afterwards"}},
        .no_fix = {"RDGClientTransport=1 on a connection that uses no gateway"},
        .neighbours = {"relay-closes", "bad-link"},
        .source = "S3 S7b S22 S40 memory",
    };
}

Cause udp_transport() {
    return {
        .id = "udp-transport",
        .title = "The UDP side channel fails",
        .explanation =
            "Once a session is up it may move to UDP. Losing UDP falls back to TCP; a tunnel that dies later can "
            "take the session with it. It cannot break a connection that is still being set up.",
        .grade = Grade::weak,
        .grounds = "User tips; one secondary report of drops after about 65 seconds, cured by updates.",
        .signature = "Nothing on the TCP connection until the session is up.",
        .limits =
            "Sessions here run over TCP alone. A session that lives without UDP can be shown, and the end of the TCP "
            "connection that follows a dead UDP transport; the UDP handshake, its loss and the fallback cannot.",
        .stages = {Stage::rdp_active},
        .shows = {pairs::session_lost},
        .events = {{"RDPClient", 1102, false, {}}, {"RDPClient", 1103, false, {}}, {"RDPClient", 1105, false, {}}},
        .signs = {"drops about a minute after the session came up"},
        .fixes =
            {{"update both sides",
              vendor,
              "cumulative updates on client and server",
              "the session outlives 65 s with UDP on",
              {}},
             {"let UDP pass as TCP does",
              network,
              "UDP 3389 from the client's network to the server, both ways",
              "RDPClient 1103 and no 1105",
              {}},
             {"turn UDP off, where it cannot be repaired", policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Connection Client, Turn Off UDP On Client: Enabled; or on the server ..., Remote Desktop "
              "Session "
              "Host, Connections, Select RDP transport protocols: Use only TCP",
              "no RDPClient 1102; the session outlives 65 s", "worse pictures on a line that loses packets"}},
        .no_fix = {"turning UDP off for 0x904/0x7: the session never came so far"},
        .neighbours = {"bad-link"},
        .source = "S32 S39 memory",
    };
}

Cause client_state() {
    return {
        .id = "client-state",
        .title = "Something stale on the client",
        .explanation =
            "Saved credentials, caches, name resolution, profile and drivers are blamed in many places, tested in "
            "none. A name that does not resolve has its own code, 0x104.",
        .grade = Grade::weak,
        .grounds = "Single reports and copied pages; stale credentials are one author's hypothesis.",
        .signature = "That of failed NLA, if credentials are the reason; else none is known.",
        .limits = "Caches, profiles and drivers of a Windows client cannot be played here; saved credentials can.",
        .stages = {Stage::nla_negotiate, Stage::nla_authenticate},
        .shows = {pairs::set_up_broken},
        .events = {{"RDPClient", 1029, false, {}}, {"Security", 4625, false, "with the old name or password"}},
        .signs = {"another client on the same network connects"},
        .fixes = {{"confirm it with a second client",
                   client,
                   "the same user and server from another machine",
                   "RemoteConnectionManager 1149 for the other client only",
                   {}},
                  {"remove the saved credentials",
                   client,
                   "cmdkey /list, then cmdkey /delete:TERMSRV/SERVER",
                   "mstsc asks again; RemoteConnectionManager 1149",
                   {}}},
        .no_fix = {"resetting the user profile or display drivers on suspicion"},
        .neighbours = {"nla-closed"},
        .source = "S27 S41",
    };
}

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

std::vector<Cause> other_causes() {
    return {gateway(),    udp_transport(), client_state(), protocol_error(), negotiation_rewritten(),
            redirected(), control()};
}

}  // namespace rdpfault::harness
