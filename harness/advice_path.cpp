// Advice that is about the line, ports and what stands on the way.
#include "harness/advice_tables.hpp"

namespace rdpfault::harness {

std::vector<Advice> path_advice() {
    return {
        {.id = "rdgclienttransport",
         .claim = "Set RDGClientTransport to 1 in the client's registry.",
         .told_by = tip_pages,
         .standing = Standing::unsupported,
         .reason =
             "The value chooses the transport to an RD Gateway. A direct connection has no gateway: nothing reads it, "
             "and the stream ends as before. No source shows it curing 0x904 without one.",
         .instead = "Find the stage: rdpfault probe SERVER. With a gateway see explain gateway.",
         .scenarios = {"reset-on-client-hello", "gateway-tunnel-cut"},
         .words = {"rdgclienttransport=1", "gateway transport", "rpc transport"},
         .source = "S22 S40"},
        {.id = "bandwidth",
         .claim = "The line is too slow: lower the colours, take the wallpaper away.",
         .told_by = tip_pages,
         .standing = Standing::contradicted,
         .reason = "Up to the session a connection needs some ten kilobytes. At 64 kbit/s, and over a satellite, it "
                   "comes up, "
                   "later. A line that is too slow ends in a time-out, 0x108, and not in a closed stream.",
         .instead = "Look at the time in each stage; a stream that ends within milliseconds was ended by somebody.",
         .scenarios = {"narrow-64kbit", "line-64kbit", "satellite"},
         .words = {"slow line", "slow connection", "colours", "wallpaper", "experience"},
         .source = "S33"},
        {.id = "packet-loss",
         .claim = "Packet loss or the VPN cuts the connection.",
         .told_by = tip_pages,
         .standing = Standing::contradicted,
         .reason =
             "TCP sends again what is lost, and the client sees a slower stream, not a closed one. No source links the "
             "pair to loss. A RST in the handshake of a lossy line is still a RST, and somebody sent it.",
         .instead = "A capture on both ends: who sent the RST or FIN? For a stall see explain bad-link.",
         .scenarios = {"bursty-loss", "vpn", "vpn-loss-then-reset"},
         .words = {"loss", "vpn", "wifi", "unstable network"},
         .source = "S17 S33 S44"},
        {.id = "mtu",
         .claim = "Lower the MTU.",
         .told_by = tip_pages,
         .standing = Standing::misread,
         .reason =
             "It cures a path that swallows large packets. That path lets X.224 pass and then stalls, which ends in a "
             "time-out: 0x108. It closes nothing.",
         .instead = "Only when the probe stalls behind tls.client_hello; then see explain bad-link.",
         .scenarios = {"mtu-black-hole"},
         .words = {"mss", "lower the mtu"},
         .source = "S33 inferred"},
        {.id = "disable-udp",
         .claim = "Turn RDP's UDP transport off by policy.",
         .told_by = "user tips",
         .standing = Standing::contradicted,
         .reason =
             "The UDP transport begins when the session is up, and 0x904/0x7 says that it never was. The set-up runs "
             "over TCP alone. For sessions that drop after about a minute, 0x904/0x0, it may help.",
         .instead = "Look whether the pair ends in 0x7 or 0x0.",
         .scenarios = {"tcp-only-session", "reset-on-client-hello", "drop-after-udp-loss"},
         .words = {"udp", "turn off udp", "fclientdisableudp", "selecttransport"},
         .source = "S32 S39"},
        {.id = "test-netconnection",
         .claim = "Test-NetConnection SERVER -Port 3389 succeeds, so the server is in order.",
         .told_by = "support scripts and tip pages",
         .standing = Standing::misread,
         .reason =
             "It proves that TCP connects. TCP connects as well with an unusable key, no TLS in common, a foreign "
             "listener and a service that hangs: everything that gives 0x904/0x7 comes after it.",
         .instead = "rdpfault probe SERVER goes on where it stops.",
         .scenarios = {"accept-and-hold", "certificate-key-unusable", "http-banner"},
         .words = {"tnc", "telnet", "port test", "tcptestsucceeded", "port open"},
         .source = "S12 inferred"},
        {.id = "open-port",
         .claim = "Open port 3389 in the firewall.",
         .told_by = tip_pages,
         .standing = Standing::contradicted,
         .reason =
             "A closed or filtered port gives 0x204, before there is a stream that could be closed. 0x904 needs a port "
             "that was open.",
         .instead =
             "Only with 0x204: explain port-filtered. For a RST on an open port: explain security-software-reset.",
         .scenarios = {"firewall-drops-syn", "firewall-resets-syn", "refused-port"},
         .words = {"firewall", "firewall port", "opening the port", "port 3389"},
         .source = "S1 S12"},
        {.id = "uninstall-antivirus",
         .claim = "An antivirus is to blame: uninstall it.",
         .told_by = tip_pages,
         .standing = Standing::diagnosis,
         .reason =
             "Inspectors can reset connections, and look like a server that does. No credible source ties a named "
             "product to the code, and a bypass for one attempt tells as much as an uninstallation.",
         .instead = "A capture on both ends, then an exclusion: explain security-software-reset.",
         .scenarios = {"reset-on-client-hello", "certificate-key-unusable"},
         .words = {"antivirus", "defender", "edr", "security software"},
         .source = "S12"},
        {.id = "flush-dns",
         .claim = "Flush the DNS cache, correct the name.",
         .told_by = tip_pages,
         .standing = Standing::contradicted,
         .reason = "A name that does not resolve is 0x104, and a wrong address mostly 0x204. 0x904 has an address that "
                   "answered. It may be the wrong machine's: then its certificate is, too.",
         .instead = "Compare the certificate that rdpfault probe shows with the server's.",
         .scenarios = {"name-does-not-exist", "wrong-address", "reset-on-client-hello"},
         .words = {"dns", "ipconfig /flushdns", "flushdns", "hosts file"},
         .source = "S1"},
    };
}

}  // namespace rdpfault::harness
