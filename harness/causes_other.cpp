// Causes beside the straight way: gateways, UDP, the client, names.
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
        .explanation = "Saved credentials, caches, profile and drivers are blamed in many places, tested in none.",
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

Cause name_resolution() {
    return {
        .id = "name-resolution",
        .title = "The server's name is not found, or leads to another machine",
        .explanation =
            "The client asks for an address first. No answer has a code of its own, and an old record sends the client "
            "to "
            "an address at which nobody, or somebody else, listens.",
        .grade = Grade::contradicted,
        .grounds = "One note blames names for 0x904/0x7; 0x104 is documented for a lookup that failed.",
        .signature = "No TCP at all; or a SYN to the wrong address, and what is there answers.",
        .limits = {},
        .stages = {Stage::tcp_connect},
        .shows = {{0x104, 0}, pairs::not_connected},
        .events = {{"RDPClient", 1007, false, {}}, {"RdpCoreTS", 131, true, "on the server that was meant"}},
        .signs = {"Resolve-DnsName SERVER gives another address than the server's ipconfig",
                  "by its address the server can be reached"},
        .fixes = {{"correct the record, or let the server register itself",
                   command,
                   "ipconfig /registerdns on the server; Resolve-DnsName SERVER on the client",
                   "the name gives the server's address; tcp.connect is passed",
                   {}},
                  {"let the client forget the old answer", command, "ipconfig /flushdns",
                   "Resolve-DnsName -CacheOnly SERVER finds nothing old", "only when the record itself is right"},
                  {"give the client a name server that answers",
                   network,
                   "Get-DnsClientServerAddress; UDP and TCP 53 from the client to it",
                   "no RDPClient 1007",
                   {}}},
        .no_fix = {"this, for 0x904/0x7: there an address answered", "certificates, TLS and NLA settings"},
        .neighbours = {"port-filtered", "service-stopped", "client-state"},
        .source = "S1 S37 S41 memory",
    };
}

}  // namespace

std::vector<Cause> other_causes() {
    return {gateway(), udp_transport(), client_state(), name_resolution()};
}

}  // namespace rdpfault::harness
