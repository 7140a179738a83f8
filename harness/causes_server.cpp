// Causes in the server: its program, its service, its limits.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

Cause server_closes_after_tls() {
    return {
        .id = "server-closes-after-tls",
        .title = "The server program gives up right after TLS",
        .explanation =
            "The server accepts TLS and only then finds that it cannot go on, for instance because no credentials "
            "are configured. It closes and says nothing.",
        .grade = Grade::good,
        .grounds = "One case was traced to its root and cured with a commit.",
        .signature = "TLS is up, then FIN before or during MCS; no Set Error Info.",
        .limits = {},
        .stages = {Stage::tls_established, Stage::tls_application_data, Stage::mcs_connect_initial},
        .shows = {pairs::set_up_broken},
        .events = {{"RemoteConnectionManager", 261, false, "and nothing after it"}},
        .signs = {"the server's own log",
                  "a first connection after an untrusted certificate may fail while the second works"},
        .fixes = {{"complete the server's configuration: credentials, session back end",
                   vendor,
                   "as the server's log says; for gnome-remote-desktop grdctl rdp set-credentials USER PASSWORD",
                   "the probe passes mcs.connect_response",
                   {}}},
        .no_fix = {"a new certificate: TLS had already worked"},
        .neighbours = {"nla-closed", "relay-closes", "pipeline-crash"},
        .source = "S23 S26 memory",
    };
}

Cause connection_limit() {
    return {
        .id = "connection-limit",
        .title = "The server has reached its connection limit, or is flooded",
        .explanation =
            "A limit on connections or on outstanding handshakes is full, often because a port open to the "
            "internet is scanned and attacked.",
        .grade = Grade::good,
        .grounds = "Documented with 0x904 for NT 4.0 and with the same dialog for later servers; Azure lists attacks.",
        .signature = "TCP is accepted, then reset or closed before or just after the Connection Confirm.",
        .limits = {},
        .stages = {Stage::tcp_connect, Stage::x224_request, Stage::x224_confirm},
        .shows = {pairs::set_up_broken},
        .events = {{"RemoteConnectionManager", 1006, false, {}},
                   {"RemoteConnectionManager", 71, false, "Windows NT 4.0"},
                   {"RdpCoreTS", 140, false, "many, from foreign addresses"},
                   {"Security", 4625, false, "many, from foreign addresses"}},
        .signs = {"netstat -an | find \":3389\" lists many connections", "it works at other hours"},
        .fixes =
            {{"let only those reach the port who need it", network,
              "Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP -RemoteAddress ADMIN-NETWORK/24; in a cloud the "
              "security group, or just-in-time access; best a VPN or gateway before it",
              "RemoteConnectionManager 1006 and RdpCoreTS 140 stop; x224.confirm is passed in every repeat",
              "make sure that your own address is among them, or have a console"},
             {"raise the limit, or take it away",
              policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, Connections, Limit number of connections",
              "the next connection passes x224.confirm",
              {}},
             {"end sessions that nobody uses", command, "qwinsta, then logoff ID", "the next connection comes up",
              "unsaved work in that session is lost"}},
        .no_fix = {"trying again faster", "certificates and TLS settings"},
        .neighbours = {"relay-closes", "foreign-listener", "service-stopped"},
        .source = "S10b S15 S19 S21 S37 memory",
    };
}

Cause service_stopped() {
    return {
        .id = "service-stopped",
        .title = "The Remote Desktop service is stopped or restarts",
        .explanation = "Without the service nothing listens. A restart in the middle of a handshake cuts the stream.",
        .grade = Grade::medium,
        .grounds =
            "Documented for being unable to connect; 0x904 only for a restart at the wrong moment, which is inferred.",
        .signature =
            "Stopped: the SYN is refused, so 0x204 and never 0x904. Restarted: the stream ends, then the port is "
            "closed for a while.",
        .limits = {},
        .stages = {},
        .shows = {pairs::not_connected, pairs::set_up_broken, pairs::session_lost},
        .events = {{"RemoteConnectionManager", 259, false, {}},
                   {"RemoteConnectionManager", 260, false, {}},
                   {"RemoteConnectionManager", 1035, false, {}},
                   {"RemoteConnectionManager", 258, false, "when it is back"},
                   {"LocalSessionManager", 17, false, {}},
                   {"LocalSessionManager", 18, false, {}},
                   {"ServiceControlManager", 7031, false, {}},
                   {"ServiceControlManager", 7034, false, {}}},
        .signs = {"qwinsta lists no listener (rdp-tcp, Listen)"},
        .fixes =
            {{"start the service",
              service,
              "Get-Service TermService, UmRdpService, SessionEnv; Start-Service TermService",
              "qwinsta lists rdp-tcp as Listen; RemoteConnectionManager 258; tcp.connect is passed",
              {}},
             {"find out what stops it",
              command,
              "Get-WinEvent -FilterHashtable @{LogName='System'; Id=7031,7034,7036} | Select-Object -First 20",
              "no 7031 and 7034 for a day",
              {}},
             {"let the listener have the port that the client dials", registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp, PortNumber (DWORD) 3389; )"
              "then Restart-Service TermService -Force",
              "netstat -ano shows TermService's process at the port",
              "ends every session; a firewall rule for the port must be there before"}},
        .no_fix = {"anything in TLS or NLA"},
        .neighbours = {"foreign-listener", "connection-limit", "port-filtered"},
        .source = "S12 S13 S37 memory",
    };
}

Cause pipeline_crash() {
    return {
        .id = "pipeline-crash",
        .title = "The server's graphics or channel pipeline dies after log-on",
        .explanation =
            "The session comes up and something behind it fails: video, a dynamic channel, a damaged stream. A "
            "well-behaved server says so with ERRINFO, others only close.",
        .grade = Grade::medium,
        .grounds = "Reported with 0x904/0x0, not with 0x7.",
        .signature = "The session was active, then FIN or RST; or Set Error Info such as 0x112F and an orderly end.",
        .limits = {},
        .stages = {Stage::rdp_confirm_active, Stage::rdp_finalization, Stage::rdp_active},
        .shows = {pairs::session_lost, {3, 0x112F}},
        .events = {{"RdpCoreTS", 102, false, {}},
                   {"RdpCoreTS", 103, false, "reason 4399 is ERRINFO 0x112F"},
                   {"TermDD", 50, false, {}},
                   {"TermDD", 56, false, {}}},
        .signs = {"the server program's log"},
        .fixes =
            {{"do without hardware encoding", policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, Remote Session Environment, Configure H.264/AVC hardware encoding for Remote "
              "Desktop Connections: Disabled",
              "no RdpCoreTS 103 with reason 4399; the session outlives the time at which it used to end",
              "pictures cost more of the processor"},
             {"repair the component",
              vendor,
              "update the graphics driver; on Linux systemctl --user status pipewire and install what is missing",
              "the session outlives the time at which it used to end",
              {}}},
        .no_fix = {"certificates, NLA and TLS settings: all of them had worked"},
        .neighbours = {"bad-link", "server-closes-after-tls"},
        .source = "S26 S36 S41 S43 memory",
    };
}

}  // namespace

std::vector<Cause> server_causes() {
    return {server_closes_after_tls(), connection_limit(), service_stopped(), pipeline_crash()};
}

}  // namespace rdpfault::harness
