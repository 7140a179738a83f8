#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

constexpr MstscPair set_up_broken{0x904, 7};
constexpr MstscPair session_lost{0x904, 0};

Cause foreign_listener() {
    return {
        .id = "foreign-listener",
        .title = "Something that is not RDP listens on the port",
        .explanation =
            "Another product took the port, or the client points at the wrong one. TCP connects, and what answers "
            "does not speak RDP.",
        .grade = Grade::good,
        .grounds = "Reported: mstsc at another product's port shows the pair. The bytes are inferred.",
        .signature = "The Connection Request is answered with a foreign banner or a close; no valid TPKT comes.",
        .stages = {Stage::tcp_connect, Stage::x224_request},
        .shows = {set_up_broken},
        .signs = {"netstat shows another process on the port", "RemoteConnectionManager 261 is missing"},
        .fixes = {"free the port, or move RDP to another and say so on the client"},
        .no_fix = {"testing that the port is open: it is"},
        .neighbours = {"relay-closes", "connection-limit", "service-stopped"},
        .source = "S10 S12 S30",
    };
}

Cause relay_closes() {
    return {
        .id = "relay-closes",
        .title = "A relay, tunnel or load balancer accepts and then closes",
        .explanation =
            "The box in the middle takes the connection before it knows whether it can serve it: no healthy "
            "server behind it, an idle limit, one session at a time, or the second connection of the same "
            "attempt on another server.",
        .grade = Grade::good,
        .grounds = "Reported for a TCP tunnel that direct RDP was free of, and for proxies that hold the connection.",
        .signature =
            "Accepted, then closed before the Connection Confirm; or the first connection passes and a later one "
            "does not; or long silence, then a reset.",
        .stages = {},
        .shows = {set_up_broken, session_lost},
        .signs = {"the relay's log and health checks", "RemoteConnectionManager 261 is missing on the server",
                  "direct RDP works"},
        .fixes = {"check health with an RDP handshake, not with a SYN",
                  "session affinity for all connections of a client",
                  "keep-alive below the idle limit; let the balancer send resets both ways"},
        .no_fix = {"changes on the server: it never saw the connection"},
        .neighbours = {"foreign-listener", "connection-limit", "security-software-reset", "gateway"},
        .source = "S25 S28 S38",
    };
}

Cause security_software_reset() {
    return {
        .id = "security-software-reset",
        .title = "A firewall, antivirus or intrusion prevention resets the connection",
        .explanation =
            "An inspector reads the cookie, the ClientHello or the stream and does not like it. To the client it "
            "looks exactly like a server that resets.",
        .grade = Grade::weak,
        .grounds = "Microsoft advises to check such software; no credible source ties a product to the code.",
        .signature =
            "A reset at the cookie, at the ClientHello or later that, in captures on both sides, neither end sent.",
        .stages = {Stage::x224_request, Stage::tls_client_hello, Stage::tls_application_data, Stage::rdp_active},
        .shows = {set_up_broken, session_lost},
        .signs = {"the product's log", "a reset whose TTL and window are not the server's", "no Schannel event"},
        .fixes = {"an exclusion or a policy in the product; prove it by a bypass first"},
        .no_fix = {"opening port 3389: it is open", "key permissions, when Schannel logs nothing"},
        .neighbours = {"certificate-key-unusable", "relay-closes"},
        .source = "S12",
    };
}

Cause bad_link() {
    return {
        .id = "bad-link",
        .title = "The line is bad: loss, latency, MTU, VPN",
        .explanation =
            "TCP repairs loss, so a bad line mostly makes the connection slow. A path that swallows large "
            "packets lets the small X.224 messages through and stalls the TLS flight.",
        .grade = Grade::weak,
        .grounds = "Users and copied pages; the one documented case of a stalled handshake gave 0x108, not 0x904/0x7.",
        .signature =
            "Stalls, then a time-out, or a reset by something on the way; slow and erratic, unlike an unusable key.",
        .stages = {},
        .shows = {{0x108, 0}, session_lost},
        .signs = {"client event 1006 in the debug log, and reconnects (1013 to 1015)",
                  "long and varying time in a stage"},
        .fixes = {"clamp the MSS or correct the MTU", "repair the VPN or the line", "keep-alive"},
        .no_fix = {"lower colours and no wallpaper, for a connection that dies before the session",
                   "a new certificate"},
        .neighbours = {"pipeline-crash", "udp-transport", "relay-closes"},
        .source = "S17 S33 S44",
    };
}

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
        .stages = {},
        .shows = {session_lost, set_up_broken},
        .signs = {"gateway events 300 to 304; byte counts and duration in 303", "client events 1010 to 1012 and 1021"},
        .fixes = {"update client and gateway",
                  "check the gateway's certificate and its connection and resource policies",
                  "raise idle limits of web proxies on the way"},
        .no_fix = {"RDGClientTransport=1 on a connection that uses no gateway"},
        .neighbours = {"relay-closes", "bad-link"},
        .source = "S3 S22 S40",
    };
}

Cause tls_interception() {
    return {
        .id = "tls-interception",
        .title = "Something on the way ends TLS and begins it anew",
        .explanation =
            "An inspecting firewall or another man in the middle shows the client a certificate of its own. NLA binds "
            "the log-on to the key of the certificate, so one of the two sides finds that the keys differ.",
        .grade = Grade::weak,
        .grounds = "Inferred from what NLA binds; no report of the code was found.",
        .signature =
            "TLS and the exchange of tokens complete; then the server drops the stream at the client's "
            "pubKeyAuth, or the client at the server's.",
        .stages = {Stage::nla_authenticate, Stage::nla_public_key},
        .shows = {{0x904, 7}},
        .signs = {"the certificate the client is shown is not the one the server has",
                  "TermDD 56 with 0x8009030F on old servers"},
        .fixes = {"take the connection out of the inspection", "or let it pass the server's own certificate and key"},
        .no_fix = {"turning NLA off: then the man in the middle reads the session"},
        .neighbours = {"nla-closed", "security-software-reset", "relay-closes"},
        .source = "S36 inferred",
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
        .stages = {Stage::rdp_active},
        .shows = {session_lost},
        .signs = {"client events 1102, 1103 and 1105", "drops about a minute after the session came up"},
        .fixes = {"update both sides", "open UDP 3389 properly, or turn UDP off by policy"},
        .no_fix = {"turning UDP off for 0x904/0x7: the session never came so far"},
        .neighbours = {"bad-link"},
        .source = "S32 S39",
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
        .stages = {Stage::nla_negotiate, Stage::nla_authenticate},
        .shows = {set_up_broken},
        .signs = {"another client on the same network connects"},
        .fixes = {"try a second client to confirm it", "remove the saved TERMSRV credentials"},
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
        .stages = {},
        .shows = {{0xD06, 0}},
        .signs = {"the client's own log names the PDU", "another client, or another version of it, connects",
                  "a capture of the decrypted stream does not decode"},
        .fixes = {"update the server software, or take the update back",
                  "take the box that rewrites the stream out of the path, or let it pass RDP through"},
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
        .stages = {Stage::mcs_connect_initial, Stage::mcs_connect_response},
        .shows = {set_up_broken, {0xD06, 0}},
        .signs = {"the certificate that the client sees is not the server's", "direct RDP works"},
        .fixes = {"configure or update the proxy so that it repairs the echoes",
                  "let it pass the negotiation through unchanged"},
        .no_fix = {"turning NLA off on the server: the negotiation is rewritten all the same"},
        .neighbours = {"protocol-error", "relay-closes"},
        .source = "S23 S24",
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
        .stages = {Stage::rdp_licensing},
        .shows = {{0x204, 0}, session_lost},
        .signs = {"TerminalServices-SessionBroker events on the broker", "it depends on the user, not on the client"},
        .fixes = {"make the servers of the farm reachable by the address that the broker hands out",
                  "send the redirection by token when a load balancer stands in front of the farm"},
        .no_fix = {"changes of TLS or NLA: the log-on worked"},
        .neighbours = {"relay-closes", "gateway"},
        .source = "S1",
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
        .stages = {},
        .shows = {},
        .signs = {"RemoteConnectionManager 261, then 1149; LocalSessionManager 21"},
        .fixes = {},
        .no_fix = {},
        .neighbours = {},
        .source = "S45",
    };
}

}  // namespace

std::vector<Cause> path_causes() {
    return {foreign_listener(),      relay_closes(), security_software_reset(),
            tls_interception(),      bad_link(),     gateway(),
            udp_transport(),         client_state(), protocol_error(),
            negotiation_rewritten(), redirected(),   control()};
}

}  // namespace rdpfault::harness
