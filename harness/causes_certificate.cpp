// Causes at the certificate and at TLS.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

constexpr std::string_view fresh_certificate =
    R"(Get-ChildItem 'Cert:\LocalMachine\Remote Desktop' | Remove-Item; Restart-Service SessionEnv, TermService -Force)";

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
        .limits = {},
        .stages = {Stage::tls_client_hello},
        .shows = {pairs::set_up_broken},
        .events = {{"Schannel", 36870, false, "status 0x8009030D, state 10001, process TermService"},
                   {"Schannel", 36869, false, "sometimes"},
                   {"Schannel", 36886, false, "sometimes"},
                   {"RemoteConnectionManager", 261, false, {}},
                   {"RemoteConnectionManager", 1149, true, {}},
                   {"Security", 4625, true, {}}},
        .signs = {"rdpfault probe SERVER ends at tls.client_hello without a byte of reply"},
        .fixes =
            {{"let NETWORK SERVICE read the key of the certificate that is served", command,
              R"(certutil -v -store "Remote Desktop" (or My) names the key's container; then icacls )"
              R"("C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys\CONTAINER" /grant *S-1-5-20:R, or under )"
              R"(Crypto\Keys for a CNG key)",
              "no Schannel 36870 at the next attempt; the probe passes tls.server_hello; RemoteConnectionManager 1149",
              "grant Read on this one file; the folder holds the keys of other services too"},
             {"the same for a certificate of one's own, with the mouse",
              certificate,
              "certlm.msc, Personal, Certificates, the certificate, All Tasks, Manage Private Keys, NETWORK SERVICE: "
              "Read",
              "no Schannel 36870; the probe passes tls.server_hello",
              {}},
             {"delete the self-signed certificate, so that the service makes a new one", certificate, fresh_certificate,
              "RemoteConnectionManager 1056; the probe shows another thumbprint",
              "ends every session; if 1057 follows, the key store itself is not writable: mend that first"},
             {"let the listener name a certificate that exists and has its key",
              registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp, SSLCertificateSHA1Hash )"
              "(REG_BINARY): the thumbprint of a certificate in LocalMachine\\My; without the value the self-signed "
              "one is served",
              "no RemoteConnectionManager 1051; the probe shows this thumbprint",
              {}}},
        .no_fix = {"testing port 3389: TCP works all the time", "lowering TLS versions",
                   "anything on the client or on the line"},
        .neighbours = {"certificate-expired", "tls-mismatch", "security-software-reset"},
        .source = "S10 S10b S18 S27 memory",
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
        .limits = "What mstsc's user answers to the warning cannot be played here: the probe refuses or accepts.",
        .stages = {Stage::tls_client_hello, Stage::tls_certificate, Stage::tls_established},
        .shows = {pairs::set_up_broken, {0x1B07, 0}},
        .events = {{"RemoteConnectionManager", 1058, false, "the renewal failed"},
                   {"RemoteConnectionManager", 1057, false, "making a new one failed"},
                   {"RemoteConnectionManager", 1056, false, "after the cure"}},
        .signs = {"a notAfter in the past in the certificate served: rdpfault probe SERVER",
                  R"(Get-ChildItem 'Cert:\LocalMachine\Remote Desktop' | Format-List NotAfter, HasPrivateKey)"},
        .fixes =
            {{"repair the permissions of the key store", command,
              R"(cd C:\ProgramData\Microsoft\Crypto\RSA; icacls MachineKeys /save before.acl /t /c; icacls MachineKeys )"
              R"(/grant *S-1-5-18:F /grant *S-1-5-32-544:F; icacls MachineKeys\f686aace* /grant *S-1-5-20:R)",
              "RemoteConnectionManager 1057 and 1058 stay away after a restart of TermService",
              "keep before.acl (icacls . /restore before.acl takes it all back); f686aace* is the container of the "
              "self-signed certificate"},
             {"delete the old certificate, so that a new one is made", certificate, fresh_certificate,
              "RemoteConnectionManager 1056; the probe shows a notAfter in the future", "ends every session"},
             {"serve a certificate of your own CA, and renew that in time", certificate,
              R"(Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSGeneralSetting -Filter )"
              R"("TerminalName='RDP-Tcp'" | Set-CimInstance -Property @{SSLCertificateSHA1Hash='THUMBPRINT'})",
              "the probe shows this thumbprint and passes tls.established",
              "the certificate lies in LocalMachine\\My, with its key, and NETWORK SERVICE may read it"}},
        .no_fix = {"accepting the warning on the client, when the key itself does not work"},
        .neighbours = {"certificate-key-unusable", "tls-mismatch"},
        .source = "S9 S10 S10b S18 S31 memory",
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
        .limits = "The TLS here is OpenSSL's; what Schannel says to the same offer may be another alert, or none.",
        .stages = {Stage::tls_client_hello},
        .shows = {pairs::set_up_broken},
        .events = {{"Schannel", 36874, false, {}},
                   {"Schannel", 36888, false, "alert 40 or 70"},
                   {"Schannel", 36871, false, "state 10013"},
                   {"Schannel", 36880, true, {}},
                   {"TermDD", 56, false, "old servers"}},
        .signs = {"rdpfault probe SERVER --tls-min 1.0 --tls-max 1.1 gets further than without"},
        .fixes =
            {{"enable TLS 1.2 for the server's role",
              registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server: Enabled )"
              "(DWORD) 1, DisabledByDefault (DWORD) 0; then a restart of the machine",
              "no Schannel 36871; the probe shows TLS 1.2 or 1.3",
              {}},
             {"take the order of cipher suites back, or add suites for the certificate's kind of key",
              policy,
              "Computer Configuration, Administrative Templates, Network, SSL Configuration Settings, SSL Cipher Suite "
              "Order: Not Configured",
              "no Schannel 36874 and 36888 (alert 40); the probe passes tls.server_hello",
              {}},
             {"set FIPS alike on both sides", policy,
              "Computer Configuration, Windows Settings, Security Settings, Local Policies, Security Options, System "
              "cryptography: Use FIPS compliant algorithms",
              "the probe passes tls.server_hello", "not to be turned off where a regulation wants it"},
             {"bring the client to TLS 1.2: system update, firmware of a thin client",
              client,
              R"(on Windows 7 and older SCHANNEL\Protocols\TLS 1.2\Client: Enabled 1, DisabledByDefault 0)",
              "no Schannel 36874 on the server when this client dials",
              {}},
             {"prove the mismatch by allowing TLS 1.0 for a moment, on a lab machine", registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server: Enabled )"
              "(DWORD) 1",
              "the old client connects: it was the version",
              "a diagnosis and a step back: TLS 1.0 is broken; take it back at once"}},
        .no_fix = {"turning TLS 1.0 on in production: it hides the mismatch and opens a hole",
                   "other credentials: the connection dies before any are sent"},
        .neighbours = {"certificate-key-unusable", "policy"},
        .source = "S10b S11 S20 S35 memory",
    };
}

}  // namespace

std::vector<Cause> certificate_causes() {
    return {certificate_key_unusable(), certificate_expired(), tls_mismatch()};
}

}  // namespace rdpfault::harness
