#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

constexpr MstscPair set_up_broken{0x904, 7};
constexpr MstscPair session_lost{0x904, 0};

Cause certificate_key_unusable() {
    return {
        .id = "certificate-key-unusable",
        .title = "The RDP certificate's private key cannot be used",
        .explanation =
            "The Remote Desktop service runs as NETWORK SERVICE and must read the private key of the certificate "
            "it serves. When it may not, or the key is gone, it can answer no ClientHello.",
        .grade = Grade::good,
        .grounds =
            "Microsoft names unreadable keys as a cause of this dialog; one author logs Schannel 36870 at the very "
            "moments of 0x904/0x7.",
        .signature =
            "X.224 goes through, then the server resets or closes at the ClientHello: no ServerHello, no alert. "
            "Within milliseconds, every time.",
        .stages = {Stage::tls_client_hello},
        .shows = {set_up_broken},
        .signs = {"System log: Schannel 36870 (0x8009030D), sometimes 36869, 36872 or 36886",
                  "RemoteConnectionManager 261 is there, 1149 is not", "no 4624 and no 4625 in the Security log"},
        .fixes =
            {"give NETWORK SERVICE read access to the key file of the served certificate: ProgramData\\Microsoft\\"
             "Crypto\\RSA\\MachineKeys for CSP keys, Crypto\\Keys for CNG keys",
             "or delete the certificate from the Remote Desktop store and restart SessionEnv and TermService, which "
             "makes a new one",
             "check that SSLCertificateSHA1Hash names a certificate that exists"},
        .no_fix = {"testing port 3389: TCP works all the time", "lowering TLS versions",
                   "anything on the client or on the line"},
        .neighbours = {"certificate-expired", "tls-mismatch", "security-software-reset"},
        .source = "S10 S10b S18 S27",
    };
}

Cause certificate_expired() {
    return {
        .id = "certificate-expired",
        .title = "The self-signed certificate expired and could not be replaced",
        .explanation =
            "Windows renews its own RDP certificate. When the renewal fails, usually because the key store does "
            "not let it, the old certificate or a broken one is served. Expiry alone gives a warning, or 0x1B07 "
            "in strict clients; 0x904/0x7 needs a key that no longer works.",
        .grade = Grade::medium,
        .grounds =
            "Microsoft names expired and corrupt certificates as a cause of this dialog; one report of a cure by a "
            "new certificate. The link to the code is inferred.",
        .signature =
            "As with an unusable key; or the handshake completes with a notAfter in the past and the client ends.",
        .stages = {Stage::tls_client_hello, Stage::tls_certificate, Stage::tls_established},
        .shows = {set_up_broken, {0x1B07, 0}},
        .signs = {"RemoteConnectionManager 1058 (replacing failed) or 1057 (creating failed); 1056 after the cure",
                  "a notAfter in the past in the certificate served"},
        .fixes = {"repair the permissions of the key store first",
                  "delete the old certificate and restart SessionEnv and TermService",
                  "or install a certificate of your own CA"},
        .no_fix = {"accepting the warning on the client, when the key itself does not work"},
        .neighbours = {"certificate-key-unusable", "tls-mismatch"},
        .source = "S9 S10b S31",
    };
}

Cause tls_mismatch() {
    return {
        .id = "tls-mismatch",
        .title = "Client and server share no TLS version or cipher",
        .explanation =
            "One side was hardened, or the other is too old: versions, cipher suites, FIPS or the order of suites "
            "set by policy leave nothing in common.",
        .grade = Grade::medium,
        .grounds =
            "Microsoft names disabled TLS as a cause of this dialog; which code an alert gives was never published.",
        .signature =
            "The ClientHello is answered with a fatal alert (40, 70, 71) and a close, or with a plain close or "
            "reset.",
        .stages = {Stage::tls_client_hello},
        .shows = {set_up_broken},
        .signs = {"System log: Schannel 36874 and 36888 with alert 40, or 36871 with state 10013", "TermDD 56"},
        .fixes = {"enable TLS 1.2 or later on both sides in the SCHANNEL protocol keys",
                  "bring cipher suite order, FIPS policy, MinEncryptionLevel and SecurityLayer into line"},
        .no_fix = {"turning TLS 1.0 on in production: it hides the mismatch and opens a hole",
                   "other credentials: the connection dies before any are sent"},
        .neighbours = {"certificate-key-unusable", "policy"},
        .source = "S10b S11 S20 S35",
    };
}

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
        .stages = {Stage::nla_negotiate, Stage::nla_challenge, Stage::nla_authenticate, Stage::nla_public_key},
        .shows = {set_up_broken},
        .signs = {"client event 226 with RDPClient_TCP in state FrontAuth; 1029 shows that credentials were reached",
                  "4625 in the Security log if they were checked at all", "RemoteConnectionManager 1149 is missing"},
        .fixes = {"correct credentials, clocks and domain trust", "install the CredSSP updates on both sides",
                  "remove stale TERMSRV entries from the client's credential store"},
        .no_fix = {"turning NLA off for good: it is a diagnosis, not a cure"},
        .neighbours = {"server-closes-after-tls", "client-state", "policy"},
        .source = "S14 S24 S26 S27",
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
        .stages = {Stage::nla_authenticate},
        .shows = {{0x807, 0}, {0xB07, 0}, {0xC07, 0}, {0xD07, 0}, {0xE07, 0}, {0xF07, 0}, {0x1207, 0}, {0x1307, 0}},
        .signs = {"4625 in the Security log, with the status and sub-status; 4740 for a lock-out",
                  "client event 226 in state FrontAuth; RemoteConnectionManager 1149 is missing"},
        .fixes = {"correct the password, unlock or enable the account, or let the user change the password",
                  "grant 'Allow log on through Remote Desktop Services'"},
        .no_fix = {"certificates and TLS settings: TLS had worked", "trying again: it locks the account"},
        .neighbours = {"nla-closed", "domain-unreachable", "policy"},
        .source = "S1 S6 S14",
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
        .stages = {Stage::nla_authenticate},
        .shows = {{0x1807, 0}, {0x1D07, 0}},
        .signs = {"Netlogon 5719; Kerberos errors in the System log", "w32tm /stripchart shows the difference"},
        .fixes = {"make a domain controller reachable: DNS, routes, firewall", "set the clocks right"},
        .no_fix = {"other credentials of the same domain", "certificates and TLS settings"},
        .neighbours = {"logon-refused", "nla-closed"},
        .source = "S1 S3 S6 S14",
    };
}

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
        .stages = {Stage::tls_established, Stage::tls_application_data, Stage::mcs_connect_initial},
        .shows = {set_up_broken},
        .signs = {"the server's own log; Windows logs nothing beyond RemoteConnectionManager 261",
                  "a first connection after an untrusted certificate may fail while the second works"},
        .fixes = {"complete the server's configuration: credentials, session back end"},
        .no_fix = {"a new certificate: TLS had already worked"},
        .neighbours = {"nla-closed", "relay-closes", "pipeline-crash"},
        .source = "S23",
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
        .stages = {Stage::tcp_connect, Stage::x224_request, Stage::x224_confirm},
        .shows = {set_up_broken},
        .signs = {"RemoteConnectionManager 1006 (many incomplete connections); event 71 on old servers",
                  "many 4625 or 140 from foreign addresses; 261 may be missing"},
        .fixes = {"restrict who may reach the port; just-in-time access", "raise or clear the limit"},
        .no_fix = {"trying again faster", "certificates and TLS settings"},
        .neighbours = {"relay-closes", "foreign-listener", "service-stopped"},
        .source = "S10b S15 S19 S21 S37",
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
        .stages = {},
        .shows = {{0x204, 0}, set_up_broken},
        .signs = {"RemoteConnectionManager 259, 260 or 1035; LocalSessionManager 17 or 18",
                  "Service Control Manager 7031 or 7034", "qwinsta lists no listener"},
        .fixes = {"start TermService and find out what stops it", "check the port number and the listener"},
        .no_fix = {"anything in TLS or NLA"},
        .neighbours = {"foreign-listener", "connection-limit"},
        .source = "S12 S13",
    };
}

Cause licensing() {
    return {
        .id = "licensing",
        .title = "Licensing fails",
        .explanation =
            "The licensing exchange has codes of its own. It can look like 0x904/0x7 only when a server drops "
            "the stream in the middle of it.",
        .grade = Grade::contradicted,
        .grounds =
            "0x808, 0x908 and extended 0x100 to 0x10B are documented for licensing; 0x904 is only on copied pages.",
        .signature = "A licensing error message, silence, or Set Error Info 0x100 to 0x10A after the Client Info PDU.",
        .stages = {Stage::rdp_client_info, Stage::rdp_licensing},
        .shows = {{0x808, 0}, {0x908, 0}},
        .signs = {"RemoteConnectionManager 1003 or 1004; client event 1017"},
        .fixes = {"make the license server reachable, or renew the grace period or the licenses",
                  "delete the client's damaged license store"},
        .no_fix = {"deleting license stores when mstsc shows 0x904/0x7"},
        .neighbours = {"pipeline-crash", "policy"},
        .source = "S1 S2 S4",
    };
}

Cause policy() {
    return {
        .id = "policy",
        .title = "A policy forbids what the client offers",
        .explanation =
            "SecurityLayer, UserAuthentication, MinEncryptionLevel, fDenyTSConnections, FIPS and the right to log "
            "on remotely each end the connection in a way of their own.",
        .grade = Grade::medium,
        .grounds = "The settings are documented for related symptoms.",
        .signature = "Denied: nothing listens. NLA only: negotiation failure 5. No TLS in common: as with a mismatch.",
        .stages = {Stage::x224_request, Stage::x224_confirm, Stage::tls_client_hello},
        .shows = {{0xB09, 0}, {0x204, 0}, set_up_broken},
        .signs = {"RemoteConnectionManager 1050 or 1051", "gpresult shows who set the value"},
        .fixes = {"change the one setting that the stage of death points to",
                  "use a client that can do NLA and TLS 1.2"},
        .no_fix = {"gpupdate /force when no policy was changed"},
        .neighbours = {"tls-mismatch", "nla-closed", "service-stopped"},
        .source = "S11 S12 S13 S20",
    };
}

Cause azure_internals() {
    return {
        .id = "azure-internals",
        .title = "Something inside an Azure virtual machine",
        .explanation =
            "Microsoft's Azure pages collect key permissions, disabled TLS, damaged certificates, port conflicts "
            "and attacks. Each is one of the other causes, met inside a virtual machine.",
        .grade = Grade::good,
        .grounds = "A documented collection, with repairs for each event.",
        .signature =
            "That of the cause inside. Guest firewall and network security groups end at TCP connect, not here.",
        .stages = {Stage::tcp_connect, Stage::tls_client_hello},
        .shows = {set_up_broken, {0x204, 0}},
        .signs = {"the events of the cause inside, read through the serial console or from the attached disk"},
        .fixes = {"follow the event: permissions, certificate, TLS keys, port"},
        .no_fix = {"network security group rules, once TCP connects"},
        .neighbours = {"certificate-key-unusable", "certificate-expired", "tls-mismatch", "connection-limit"},
        .source = "S9 S10 S11 S14 S15 S16 S17",
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
        .stages = {Stage::rdp_confirm_active, Stage::rdp_finalization, Stage::rdp_active},
        .shows = {session_lost, {3, 0x112F}},
        .signs = {"RdpCoreTS 102 and 103 (its reason is the ERRINFO number), TermDD 50 or 56",
                  "the server program's log"},
        .fixes = {"repair the component: graphics driver, hardware encoding, PipeWire, the channel that failed"},
        .no_fix = {"certificates, NLA and TLS settings: all of them had worked"},
        .neighbours = {"bad-link", "server-closes-after-tls"},
        .source = "S26 S36 S41 S43",
    };
}

}  // namespace

std::vector<Cause> server_causes() {
    return {certificate_key_unusable(),
            certificate_expired(),
            tls_mismatch(),
            nla_closed(),
            logon_refused(),
            domain_unreachable(),
            server_closes_after_tls(),
            connection_limit(),
            service_stopped(),
            licensing(),
            policy(),
            azure_internals(),
            pipeline_crash()};
}

}  // namespace rdpfault::harness
