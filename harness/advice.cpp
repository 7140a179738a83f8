#include "harness/advice.hpp"

#include <algorithm>
#include <string>

namespace rdpfault::harness {

namespace {

constexpr std::string_view tip_pages = "tip pages and forum answers that copy one another";

const std::vector<Advice>& table() {
    static const std::vector<Advice> rows{
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
        {.id = "disable-nla",
         .claim = "Turn Network Level Authentication off.",
         .told_by = tip_pages,
         .standing = Standing::diagnosis,
         .reason = "A connection that ends at the ClientHello never comes to NLA, and ends without it all the same. "
                   "Where NLA "
                   "is what fails, turning it off shows that, and opens the log-on screen to all who reach the port.",
         .instead = "Once, in a lab, and back on; then mend what NLA objects to: explain nla-closed.",
         .scenarios = {"reset-on-client-hello", "close-after-authenticate", "nla-required"},
         .words = {"nla", "turn off nla", "userauthentication", "enablecredsspsupport"},
         .source = "S14"},
        {.id = "gpupdate",
         .claim = "Run gpupdate /force.",
         .told_by = tip_pages,
         .standing = Standing::unsupported,
         .reason = "It applies policies that were changed. Nobody changed one: it does nothing, and does no harm.",
         .instead = "gpresult /h report.html shows what is in force, and from where.",
         .scenarios = {"reset-on-client-hello"},
         .words = {"gpupdate /force", "group policy update"},
         .source = "S13 inferred"},
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
        {.id = "licensing-reset",
         .claim = "Delete the license store; renew the licenses.",
         .told_by = tip_pages,
         .standing = Standing::contradicted,
         .reason =
             "Licensing has codes of its own, 0x808 and 0x908, and extended ones from 0x100 on. It comes after NLA and "
             "MCS, where most 0x904/0x7 never get.",
         .instead = "Only with one of those codes: explain licensing.",
         .scenarios = {"license-error", "licensing-stall"},
         .words = {"license", "licence", "mslicensing", "grace period"},
         .source = "S1 S2"},
        {.id = "reset-client",
         .claim = "Reset the profile (NTUSER.DAT), the display driver, the bitmap cache.",
         .told_by = tip_pages,
         .standing = Standing::unsupported,
         .reason = "None of it is in use before the session is drawn, and 0x904/0x7 says that there was none. No "
                   "report shows "
                   "a cure.",
         .instead = "A second client on the same network excludes the first in one minute.",
         .scenarios = {"reset-on-client-hello"},
         .words = {"driver", "drivers", "display driver", "profile", "ntuser.dat", "bitmap cache", "cache"},
         .source = "S41 inferred"},
        {.id = "reinstall-rdp",
         .claim = "Reinstall Remote Desktop, run sfc /scannow, repair Windows.",
         .told_by = tip_pages,
         .standing = Standing::unsupported,
         .reason = "The permissions of a key, the settings of TLS, a full limit and a box on the path outlive it. "
                   "Where it seemed "
                   "to help, the service made a new certificate on the way.",
         .instead = "The new certificate alone: explain certificate-key-unusable.",
         .scenarios = {"certificate-key-unusable", "server-only-old-tls"},
         .words = {"reinstall", "sfc", "sfc /scannow", "dism", "reinstall rdp"},
         .source = "S18 S31 inferred"},
        {.id = "restart-service",
         .claim = "Restart the Remote Desktop service, or the machine.",
         .told_by = "forum answers",
         .standing = Standing::misread,
         .reason = "It helps where it frees a full limit, ends a hung listener or makes the service renew its "
                   "certificate. It "
                   "ends every session, and the evidence goes with it.",
         .instead = "First the events (explain event 36870) and a probe; then the restart.",
         .scenarios = {"accept-and-hold", "restart-in-handshake", "connection-limit"},
         .words = {"restart", "reboot", "restart termservice"},
         .source = "S10 S31"},
        {.id = "retype-credentials",
         .claim = "Delete saved credentials and type the password again.",
         .told_by = tip_pages,
         .standing = Standing::misread,
         .reason = "It cures stale credentials, which end inside NLA; a wrong password that the server objects to is "
                   "0x807. A "
                   "connection that ends at the ClientHello has sent none.",
         .instead = "Only when client event 1029 is there: the client came as far as credentials.",
         .scenarios = {"stale-credentials", "wrong-password", "reset-on-client-hello"},
         .words = {"credentials", "cmdkey", "credential manager", "saved password"},
         .source = "S1 S27"},
        {.id = "enable-tls10",
         .claim = "Enable TLS 1.0 and 1.1 on the server.",
         .told_by = "older pages, Microsoft's among them",
         .standing = Standing::diagnosis,
         .reason =
             "It shows whether a version is what the two sides have not in common. Left on, it is a step back: the "
             "client is what must learn TLS 1.2.",
         .instead = "TLS 1.2 on both sides: explain tls-mismatch.",
         .scenarios = {"client-only-old-tls", "server-only-old-tls"},
         .words = {"tls 1.0", "tls1.0", "enable tls 1.0", "weak ciphers"},
         .source = "S10b S20"},
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
         .scenarios = {"reset-on-client-hello", "refused-port"},
         .words = {"dns", "ipconfig /flushdns", "flushdns", "hosts file"},
         .source = "S1"},
        {.id = "expired-certificate",
         .claim = "The certificate has expired: that is what 0x904/0x7 means.",
         .told_by = "tip pages; Microsoft's Azure page names it beside other causes",
         .standing = Standing::misread,
         .reason = "Expiry alone gives a warning, or 0x1B07 in strict clients: the handshake works. 0x904/0x7 needs a "
                   "renewal "
                   "that failed and left a key that does not work.",
         .instead = "RemoteConnectionManager 1057 and 1058 tell: explain certificate-expired.",
         .scenarios = {"expired", "certificate-key-unusable"},
         .words = {"expired certificate", "renew certificate", "certificate expiry"},
         .source = "S1 S10b S31"},
    };
    return rows;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::string_view to_string(Standing standing) {
    switch (standing) {
        case Standing::contradicted: return "contradicted";
        case Standing::unsupported: return "unsupported";
        case Standing::misread: return "misread";
        case Standing::diagnosis: break;
    }
    return "diagnosis only";
}

std::span<const Advice> all_advice() {
    return table();
}

const Advice* find_advice(std::string_view word) {
    const auto folded = lower(word);
    const auto row = std::ranges::find_if(all_advice(), [&](const Advice& advice) {
        return advice.id == folded || std::ranges::find(advice.words, folded) != advice.words.end();
    });
    return row == all_advice().end() ? nullptr : &*row;
}

}  // namespace rdpfault::harness
