// Advice that is about the server, its certificate, the log-on and the client.
#include "harness/advice_tables.hpp"

namespace rdpfault::harness {

std::vector<Advice> machine_advice() {
    return {
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
}

}  // namespace rdpfault::harness
