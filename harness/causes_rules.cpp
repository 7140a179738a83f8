// Causes in what is allowed: licenses, policies, and what a cloud does around a machine.
#include "harness/causes_tables.hpp"

namespace rdpfault::harness {

namespace {

using enum ActionKind;

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
        .limits = {},
        .stages = {Stage::rdp_client_info, Stage::rdp_licensing},
        .shows = {{0x808, 0}, {0x908, 0}},
        .events = {{"RemoteConnectionManager", 1003, false, {}},
                   {"RemoteConnectionManager", 1004, false, {}},
                   {"RDPClient", 1017, false, {}}},
        .signs = {},
        .fixes =
            {{"name a license server and the mode",
              policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, Licensing, Use the specified Remote Desktop license servers, and Set the Remote "
              "Desktop licensing mode",
              "no RemoteConnectionManager 1004; the probe passes rdp.licensing",
              {}},
             {"let the client make a new store of its licenses", client,
              R"(reg export HKLM\SOFTWARE\Microsoft\MSLicensing before.reg; delete the key; run mstsc once as )"
              "administrator",
              "no RemoteConnectionManager 1003",
              "only with 0x808 or 0x908; a device license stays in use until it runs out"}},
        .no_fix = {"deleting license stores when mstsc shows 0x904/0x7"},
        .neighbours = {"pipeline-crash", "policy"},
        .source = "S1 S2 S4 memory",
    };
}

Cause policy_forbids() {
    return {
        .id = "policy",
        .title = "A policy forbids what the client offers",
        .explanation =
            "SecurityLayer, UserAuthentication, MinEncryptionLevel, fDenyTSConnections, FIPS and the right to log "
            "on remotely each end the connection in a way of their own.",
        .grade = Grade::medium,
        .grounds = "The settings are documented for related symptoms.",
        .signature = "Denied: nothing listens. NLA only: negotiation failure 5. No TLS in common: as with a mismatch.",
        .limits = {},
        .stages = {Stage::x224_request, Stage::x224_confirm, Stage::tls_client_hello},
        .shows = {{0xB09, 0}, pairs::not_connected, pairs::set_up_broken, {3, 0}, {3, 7}},
        .events = {{"RemoteConnectionManager", 1050, false, {}}, {"RemoteConnectionManager", 1051, false, {}}},
        .signs = {"gpresult /h report.html shows who set the value"},
        .fixes =
            {{"allow remote connections",
              registry,
              R"(HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server, fDenyTSConnections (DWORD) 0; the policy is )"
              R"(HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services and wins)",
              "qwinsta lists rdp-tcp as Listen; tcp.connect is passed",
              {}},
             {"use a client that does NLA",
              client,
              "enablecredsspsupport:i:1 in the .rdp file, or another client",
              "no negotiation failure 5; x224.confirm is passed",
              {}},
             {"let the listener negotiate its security", policy,
              "Computer Configuration, Administrative Templates, Windows Components, Remote Desktop Services, Remote "
              "Desktop Session Host, Security, Require use of specific security layer for remote (RDP) connections: "
              "Negotiate or SSL",
              "no negotiation failure 1, 2 or 3; x224.confirm is passed",
              "RDP's own security layer is a step back: neither end proves who it is"},
             {"after a change of a policy let it take effect", command, "gpupdate /force on the machine it is for",
              "gpresult shows the new value", "without a change it does nothing"}},
        .no_fix = {"gpupdate /force when no policy was changed"},
        .neighbours = {"tls-mismatch", "nla-closed", "service-stopped"},
        .source = "S11 S12 S13 S20 memory",
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
        .limits = "Nothing of Azure runs here: the wire of the cause inside is all that can be shown.",
        .stages = {Stage::tcp_connect, Stage::tls_client_hello},
        .shows = {pairs::set_up_broken, pairs::not_connected},
        .events = {{"Schannel", 36870, false, "key"},
                   {"Schannel", 36871, false, "TLS"},
                   {"RemoteConnectionManager", 1058, false, "certificate"},
                   {"RemoteConnectionManager", 1057, false, "certificate"}},
        .signs = {"the events of the cause inside, read through the serial console or from the attached disk"},
        .fixes =
            {{"follow the event to the cause inside, and mend that from the outside",
              command,
              "az vm run-command invoke -g GROUP -n VM --command-id RunPowerShellScript --scripts \"COMMAND\", or the "
              "serial console",
              "as for the cause inside",
              {}},
             {"let the security group pass the port, when TCP does not connect", network,
              "az network nsg rule create -g GROUP --nsg-name NSG -n rdp --priority 300 --access Allow --protocol Tcp "
              "--destination-port-ranges 3389 --source-address-prefixes YOUR-ADDRESS",
              "tcp.connect is passed", "never from the whole internet: see connection-limit"}},
        .no_fix = {"network security group rules, once TCP connects"},
        .neighbours = {"certificate-key-unusable", "certificate-expired", "tls-mismatch", "connection-limit",
                       "port-filtered"},
        .source = "S9 S10 S11 S14 S15 S16 S17 memory",
    };
}

}  // namespace

std::vector<Cause> rule_causes() {
    return {licensing(), policy_forbids(), azure_internals()};
}

}  // namespace rdpfault::harness
