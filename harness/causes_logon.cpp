// Causes at NLA: credentials, accounts, domain, and whoever stands between.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

Cause nla_closed() {
    return {
        .id = "nla-closed",
        .title = "NLA (CredSSP) fails and the server just closes",
        .explanation =
            "Credentials, clocks, trust or CredSSP versions do not fit, and the server drops the stream instead of "
            "sending a status. With a status mstsc would show a code that ends in 07.",
        .grade = Grade::good,
        .grounds = "Three projects report 0x904/0x7 for it.",
        .signature = "TLS completes, some TSRequests pass, then FIN or RST without an errorCode.",
        .limits = {},
        .stages = {Stage::nla_negotiate, Stage::nla_challenge, Stage::nla_authenticate, Stage::nla_public_key},
        .shows = {pairs::set_up_broken},
        .events = {{"RDPClient", 226, false, "RDPClient_TCP in state FrontAuth"},
                   {"RDPClient", 1029, false, "the client came as far as credentials"},
                   {"Security", 4625, false, "only if they were checked at all"},
                   {"RemoteConnectionManager", 1149, true, {}}},
        .signs = {"rdpfault probe SERVER --security nla ends in an nla stage"},
        .fixes =
            {{"remove stale saved credentials from the client",
              client,
              "cmdkey /list, then cmdkey /delete:TERMSRV/SERVER",
              "RemoteConnectionManager 1149 at the next attempt",
              {}},
             {"set the clocks right",
              command,
              "w32tm /stripchart /computer:DC /samples:3 /dataonly on both machines; w32tm /resync where it differs",
              "less than five minutes of difference; RemoteConnectionManager 1149",
              {}},
             {"repair the machine's trust with its domain",
              command,
              R"(Test-ComputerSecureChannel; if False: Test-ComputerSecureChannel -Repair -Credential DOMAIN\ADMIN)",
              "it says True; no Netlogon 5719; RemoteConnectionManager 1149",
              {}},
             {"install the updates of CredSSP on both sides", vendor,
              "any cumulative update since May 2018 (CVE-2018-0886)", "both ends pass nla.public_key",
              "AllowEncryptionOracle 2 in place of the update is a step back: it brings the hole back"},
             {"turn NLA off for one attempt, to see whether NLA it is", registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp, UserAuthentication )"
              "(DWORD) 0; the client with enablecredsspsupport:i:0 in its .rdp file",
              "the session comes up: what fails is NLA",
              "a diagnosis only: anybody who reaches the port gets a log-on screen; set it to 1 again"}},
        .no_fix = {"turning NLA off for good: it is a diagnosis, not a cure"},
        .neighbours = {"server-closes-after-tls", "client-state", "policy"},
        .source = "S14 S24 S26 S27 memory",
    };
}

Cause logon_refused() {
    return {
        .id = "logon-refused",
        .title = "NLA refuses the account, and says why",
        .explanation =
            "The password is wrong, or the account is locked, disabled, expired, restricted or without the right to "
            "log on remotely. The server says so in a TSRequest, and mstsc shows a code of that name.",
        .grade = Grade::contradicted,
        .grounds =
            "The codes are named after the statuses; 0x904/0x7 is left for servers that close without a status, and "
            "for clients whose CredSSP version 2 or 5 takes none.",
        .signature = "After the client's last token a TSRequest with an errorCode, then FIN.",
        .limits = {},
        .stages = {Stage::nla_authenticate},
        .shows = {{0x807, 0},
                  {0xA07, 0},
                  {0xB07, 0},
                  {0xC07, 0},
                  {0xD07, 0},
                  {0xE07, 0},
                  {0xF07, 0},
                  {0x1007, 0},
                  {0x1107, 0},
                  {0x1207, 0},
                  {0x1307, 0}},
        .events = {{"Security", 4625, false, "its status and sub-status name the reason"},
                   {"Security", 4740, false, "for a lock-out"},
                   {"RdpCoreTS", 140, false, "user name or password"},
                   {"RDPClient", 226, false, "in state FrontAuth"},
                   {"RemoteConnectionManager", 1149, true, {}}},
        .signs = {},
        .fixes =
            {{"unlock or enable the account, or let the user change the password", command,
              "Unlock-ADAccount USER; Enable-ADAccount USER; for a local one net user USER /active:yes",
              "Security 4624, RemoteConnectionManager 1149",
              "find out first what locks it: a service or a phone with the old password locks it again"},
             {"let the user log on remotely",
              command,
              R"(Add-LocalGroupMember -Group "Remote Desktop Users" -Member DOMAIN\USER)",
              "the code 0x1307 is gone; Security 4624",
              {}},
             {"give the right, where a policy took it",
              policy,
              "Computer Configuration, Windows Settings, Security Settings, Local Policies, User Rights Assignment, "
              "Allow log on through Remote Desktop Services; and Deny log on through Remote Desktop Services",
              "the code 0x1307 is gone; Security 4624",
              {}}},
        .no_fix = {"certificates and TLS settings: TLS had worked", "trying again: it locks the account"},
        .neighbours = {"nla-closed", "domain-unreachable", "policy"},
        .source = "S1 S6 S14 S45 memory",
    };
}

Cause domain_unreachable() {
    return {
        .id = "domain-unreachable",
        .title = "The server cannot ask its domain, or their clocks differ",
        .explanation =
            "The server knows nobody by itself: without a domain controller, with a broken trust, or with a clock that "
            "is minutes off, it cannot decide about the user.",
        .grade = Grade::contradicted,
        .grounds = "Codes of their own carry the names of the statuses.",
        .signature =
            "After the client's last token a TSRequest with STATUS_NO_LOGON_SERVERS or "
            "STATUS_TIME_DIFFERENCE_AT_DC, then FIN; or a long silence before it.",
        .limits = "There is no domain here: the embedded server says the status of its own accord.",
        .stages = {Stage::nla_authenticate},
        .shows = {{0x1807, 0}, {0x1D07, 0}},
        .events = {{"Netlogon", 5719, false, {}}, {"RemoteConnectionManager", 1149, true, {}}},
        .signs = {"w32tm /stripchart /computer:DC shows the difference", "nltest /dsgetdc:DOMAIN finds none"},
        .fixes =
            {{"make a domain controller reachable from the server: DNS, routes, firewall",
              network,
              "from the server to the controllers TCP and UDP 53, 88, 389 and TCP 135, 445; nltest /dsgetdc:DOMAIN",
              "nltest names a controller; no Netlogon 5719; RemoteConnectionManager 1149",
              {}},
             {"set the clocks right", command, "w32tm /resync /rediscover, and w32tm /query /source to see from where",
              "the code 0x1D07 is gone; RemoteConnectionManager 1149",
              "a virtual machine that takes the time of its host as well goes wrong again"}},
        .no_fix = {"other credentials of the same domain", "certificates and TLS settings"},
        .neighbours = {"logon-refused", "nla-closed"},
        .source = "S1 S3 S6 S14 memory",
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
        .limits = {},
        .stages = {Stage::nla_authenticate, Stage::nla_public_key},
        .shows = {pairs::set_up_broken},
        .events = {{"TermDD", 56, false, "status 0x8009030F, old servers"}},
        .signs = {"the certificate the client is shown is not the one the server has: compare rdpfault probe from both "
                  "sides of the box"},
        .fixes = {{"take the connection out of the inspection",
                   vendor,
                   "an exception for the server's TCP 3389 in the inspecting product",
                   "the probe shows the server's own thumbprint and passes nla.public_key",
                   {}},
                  {"or let the product have the server's own certificate and key", certificate,
                   "export the server's certificate with its key and import it in the product",
                   "nla.public_key is passed", "whoever has the key reads every session"}},
        .no_fix = {"turning NLA off: then the man in the middle reads the session"},
        .neighbours = {"nla-closed", "security-software-reset", "relay-closes"},
        .source = "S36 inferred",
    };
}

}  // namespace

std::vector<Cause> logon_causes() {
    return {nla_closed(), logon_refused(), domain_unreachable(), tls_interception()};
}

}  // namespace rdpfault::harness
