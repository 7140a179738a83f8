// Causes on the way: listeners, relays, firewalls, inspectors, the line.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

Cause port_filtered() {
    return {
        .id = "port-filtered",
        .title = "A firewall, a security group or a missing route keeps the SYN away",
        .explanation =
            "TCP never connects: the SYN is dropped, reset or answered with ICMP. That has a code of its own, and is "
            "the one case in which a test of the port says something.",
        .grade = Grade::contradicted,
        .grounds = "0x204 is documented for a connection that could not be made; 0x904 needs one that could.",
        .signature = "The SYN meets silence, a RST, or an ICMP message. No byte of RDP is sent.",
        .limits = {},
        .stages = {Stage::tcp_connect},
        .shows = {pairs::not_connected},
        .events = {{"RdpCoreTS", 131, true, {}}, {"RemoteConnectionManager", 261, true, {}}},
        .signs = {"Test-NetConnection SERVER -Port 3389 says TcpTestSucceeded: False"},
        .fixes =
            {{"let the server's own firewall pass it", command,
              "Enable-NetFirewallRule -Group '@FirewallAPI.dll,-28752' (Remote Desktop in every language)",
              "tcp.connect is passed; RdpCoreTS 131",
              "for the profiles and addresses that need it: Get-NetFirewallRule -Group ... | Get-NetFirewallProfile"},
             {"let the firewalls on the way pass it", network,
              "TCP 3389 from the client's network to the server, and the answers back", "tcp.connect is passed",
              "not from the internet"}},
        .no_fix = {"anything on certificates, TLS or NLA", "this, for 0x904/0x7: there the port is open"},
        .neighbours = {"service-stopped", "azure-internals", "bad-link"},
        .source = "S1 S12 S13 memory",
    };
}

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
        .limits = {},
        .stages = {Stage::tcp_connect, Stage::x224_request},
        .shows = {pairs::set_up_broken},
        .events = {{"RemoteConnectionManager", 261, true, {}}},
        .signs = {"netstat shows another process on the port"},
        .fixes = {{"find out who has the port, and free it",
                   command,
                   "Get-Process -Id (Get-NetTCPConnection -LocalPort 3389 -State Listen).OwningProcess: it must be the "
                   "svchost of TermService",
                   "the probe passes x224.confirm; RemoteConnectionManager 261",
                   {}},
                  {"or move RDP to another port, and say so on the client", registry,
                   R"(HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp, PortNumber (DWORD); )"
                   "Restart-Service TermService -Force; mstsc /v:SERVER:PORT",
                   "the probe at the new port passes x224.confirm",
                   "ends every session; open the new port in the firewall before"}},
        .no_fix = {"testing that the port is open: it is"},
        .neighbours = {"relay-closes", "connection-limit", "service-stopped"},
        .source = "S10 S12 S30 memory",
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
        .limits = {},
        .stages = {},
        .shows = {pairs::set_up_broken, pairs::session_lost},
        .events = {{"RemoteConnectionManager", 261, true, "when the relay closed before it dialled"}},
        .signs = {"the relay's log and health checks", "direct RDP works"},
        .fixes =
            {{"check health with an RDP handshake, not with a SYN",
              network,
              "a probe that sends a Connection Request and wants a Connection Confirm back",
              "x224.confirm is passed by every connection of an attempt",
              {}},
             {"send all connections of a client to the same server",
              network,
              "session affinity by source address, or by the routing token of the cookie",
              "every connection of an attempt reaches its stage, not only the first",
              {}},
             {"raise the idle limit, and let the balancer say so when it forgets",
              network,
              "az network lb rule update -g GROUP --lb-name LB -n RULE --idle-timeout 30 --enable-tcp-reset true",
              "a session outlives the old limit without input",
              {}},
             {"keep the session from being idle",
              policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, Connections, Configure keep-alive connection interval: 1 minute",
              "a session outlives the idle limit without input",
              {}}},
        .no_fix = {"changes on the server: it never saw the connection"},
        .neighbours = {"foreign-listener", "connection-limit", "security-software-reset", "gateway"},
        .source = "S25 S28 S38 memory",
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
        .limits = {},
        .stages = {Stage::x224_request, Stage::tls_client_hello, Stage::tls_application_data, Stage::rdp_active},
        .shows = {pairs::set_up_broken, pairs::session_lost},
        .events = {{"Schannel", 36870, true, {}}, {"RemoteConnectionManager", 261, false, {}}},
        .signs = {"the product's log", "a reset whose TTL and window are not the server's"},
        .fixes =
            {{"prove it: capture on both ends, and find the reset that nobody sent",
              command,
              "pktmon filter add -p 3389; pktmon start --capture --pkt-size 0 --file-name rdp.etl; pktmon stop; pktmon "
              "etl2pcap rdp.etl",
              "the server's capture has no RST of its own where the client's has one",
              {}},
             {"prove it the other way: go round the product once", network,
              "the same client and server over a path, or with a policy, without it", "the stage is passed",
              "for one attempt, in agreement with who runs it"},
             {"an exclusion or another policy in the product",
              vendor,
              "for TCP 3389 between these machines; on the host for the process svchost -k termsvcs",
              "the stage is passed in every repeat",
              {}}},
        .no_fix = {"opening port 3389: it is open", "key permissions, when Schannel logs nothing"},
        .neighbours = {"certificate-key-unusable", "relay-closes"},
        .source = "S12 memory",
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
        .limits = {},
        .stages = {},
        .shows = {{0x108, 0}, pairs::session_lost},
        .events = {{"ClientActiveXCore", 1006, false, {}},
                   {"ClientActiveXCore", 1013, false, "and 1014 or 1015 of RDPClient"},
                   {"LocalSessionManager", 24, false, {}}},
        .signs = {"long and varying time in a stage"},
        .fixes = {{"find the path's MTU",
                   command,
                   "ping -f -l 1372 SERVER, larger and smaller: 28 bytes more is the MTU",
                   "pings of that size come back, larger ones do not",
                   {}},
                  {"clamp the MSS where the tunnel begins",
                   network,
                   "on a Linux router iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS "
                   "--clamp-mss-to-pmtu; on others the like",
                   "the probe passes tls.server_hello_done",
                   {}},
                  {"lower the MTU of one machine, to prove it", command,
                   "netsh interface ipv4 set subinterface \"NAME\" mtu=1300 store=active",
                   "the probe passes tls.established", "a diagnosis; store=active ends with the next start"},
                  {"repair the VPN or the line",
                   vendor,
                   "with the counters of the tunnel and of the line",
                   "time in each stage is short and even",
                   {}}},
        .no_fix = {"lower colours and no wallpaper, for a connection that dies before the session",
                   "a new certificate"},
        .neighbours = {"pipeline-crash", "udp-transport", "relay-closes"},
        .source = "S17 S33 S44 memory",
    };
}

}  // namespace

std::vector<Cause> path_causes() {
    return {port_filtered(), foreign_listener(), relay_closes(), security_software_reset(), bad_link()};
}

}  // namespace rdpfault::harness
