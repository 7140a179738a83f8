// Where the catalogue, the predictions and the causes come from: title and address for every key.
#include <algorithm>

#include "protocol/catalogue.hpp"

namespace rdpfault {

namespace {

constexpr Source table[] = {
    {"S1",
     "Microsoft, IMsTscAxEvents::OnDisconnected, "
     "https://learn.microsoft.com/windows/win32/termserv/imstscaxevents-ondisconnected"},
    {"S2",
     "Microsoft, ExtendedDisconnectReasonCode, "
     "https://learn.microsoft.com/windows/win32/termserv/extendeddisconnectreasoncode; 25 and 26 from the control's "
     "type library"},
    {"S3",
     "Microsoft TechNet Wiki 37870, Remote Desktop Client disconnect codes and reasons (archived), mirrored at "
     "https://docs.rackspace.com/support/how-to/rds-client-disconnected-codes-and-reasons/"},
    {"S3c",
     "Microsoft TechNet Wiki 37847 and 37845, RDP direct connection with NLA: client event logs and process "
     "(archived)"},
    {"S4",
     "MS-RDPBCGR 2.2.5.1.1, Set Error Info PDU Data, "
     "https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpbcgr/a21a1bd9-2303-49c1-90ec-3932435c248c"},
    {"S5",
     "MS-RDPBCGR 2.2.1.2.2, RDP_NEG_FAILURE, "
     "https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpbcgr/1b3920e7-0116-4345-bc45-f2c4ad012761"},
    {"S6",
     "MS-CSSP 2.2.1, TSRequest errorCode, "
     "https://learn.microsoft.com/openspecs/windows_protocols/ms-cssp/6aac4dea-08ef-47a6-8747-22ea7f6d8685; FreeRDP "
     "libfreerdp/core/nla.c and winpr at 96265644"},
    {"S7b",
     "Microsoft, RD Gateway event documentation (ee891388 and following), and the detection-wiki dump of the provider"},
    {"S8",
     "Microsoft, Schannel error codes for TLS and SSL alerts, "
     "https://learn.microsoft.com/windows/win32/secauthn/schannel-error-codes-for-tls-and-ssl-alerts"},
    {"S9",
     "Microsoft, Azure VM RDP troubleshooting by event ID, https://learn.microsoft.com/troubleshoot/azure/"
     "virtual-machines/windows/event-id-troubleshoot-vm-rdp-connecton"},
    {"S10",
     "Microsoft, internal error on RDP to an Azure VM, https://learn.microsoft.com/troubleshoot/azure/"
     "virtual-machines/windows/troubleshoot-rdp-internal-error"},
    {"S10b",
     "Microsoft, internal error on RDP to an Azure VM: its list of symptoms has the dialog of 0x904/0x7, without a "
     "number"},
    {"S11",
     "Microsoft, internal error while connecting to a remote machine, https://learn.microsoft.com/troubleshoot/"
     "windows-server/remote/internal-error-has-occurred-connecting-remote-machine"},
    {"S12",
     "Microsoft, Remote Desktop cannot connect to the remote computer, https://learn.microsoft.com/troubleshoot/"
     "windows-server/remote/remote-desktop-cannot-connect-remote-computer"},
    {"S13", "Microsoft, general RDP error troubleshooting (rdp-error-general-troubleshooting)"},
    {"S14", "Microsoft, authentication errors on RDP to an Azure VM (cannot-connect-rdp-azure-vm)"},
    {"S15", "Microsoft, brute-force attacks on an Azure VM's RDP port (cannot-rdp-azure-vm-brute-force)"},
    {"S16", "Microsoft, RDP general error on an Azure VM (troubleshoot-rdp-general-error)"},
    {"S17", "Microsoft, intermittent RDP connectivity to an Azure VM (troubleshoot-rdp-intermittent-connectivity)"},
    {"S18", "Microsoft, Remote Desktop listener certificate configurations (KB3042780)"},
    {"S19", "Microsoft, Remote Desktop disconnected (KB2477023, KB2477176)"},
    {"S20",
     "Microsoft, incorrect TLS is used with RDP over SSL encryption (incorrect-tls-use-rdp-with-ssl-encryption)"},
    {"S21", "Microsoft KB Q192165, Windows NT 4.0 Terminal Server at its connection limit"},
    {"S22",
     "Microsoft, what is new in the macOS client, 10.2.12, "
     "https://learn.microsoft.com/windows-server/remote/remote-desktop-services/clients/mac-whatsnew"},
    {"S23", "GitHub lamco-admin/wayland-rdp, session notes of November 2025, and the README of lamco-rdp-server"},
    {"S24", "GitHub SamMusk667/rdpmac, notes on NLA"},
    {"S25", "GitHub rustdesk/rustdesk issues 11623, 10125 and 6315"},
    {"S26", "public notes on gnome-remote-desktop, 2026"},
    {"S27", "GitHub dekarita/supreme-lamp, docs/F31-private-key.md and STATE.md"},
    {"S28", "GitHub woooxvi/rdp-on-demand-proxy-serv, README"},
    {"S30", "public note: mstsc pointed at the port of another remote access product"},
    {"S31", "web log of 2026 on forcing a new RDP certificate"},
    {"S32", "user tips on turning RDP's UDP transport off"},
    {"S33", "public lab write-up: mstsc silent while it secures the connection, port open"},
    {"S34", "public parsers of client event 226 (RDPClient_SSL and RDPClient_TCP states)"},
    {"S35", "Teleport documentation PR 39892, Remmina 684, FreeRDP 7769, IronRDP 539, agent-rdp 73, rdesktop 97"},
    {"S36", "Microsoft askperf article on TermDD event 56"},
    {"S37", "detection-wiki, dumps of the event providers, https://detection-wiki-dev.pages.dev/"},
    {"S38", "Azure Load Balancer and AWS Network Load Balancer documentation on idle time-outs"},
    {"S39", "engineerdirect, guide to disconnects of Windows 11 24H2 clients"},
    {"S40", "notes on RDGClientTransport by 5systems and in a Windows Virtual Desktop workshop"},
    {"S41",
     "issue threads that name the code: rdpwrap, mRemoteNG 54 and 328, xrdp 195, 1922, 3015 and 3571, and others"},
    {"S43", "public operations note of 2026: RdpCoreTS event 103, reason 4399"},
    {"S44",
     "Microsoft, WSAAsyncSelect (FD_CLOSE), "
     "https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-wsaasyncselect"},
    {"S45", "public references of forensics that quote RDP event texts"},
    {"BCGR-LIC", "MS-RDPBCGR 2.2.1.12.1.3, Licensing Error Message"},
    {"BCGR-DPU", "ITU-T T.125 (Reason) and MS-RDPBCGR 2.2.2.3, MCS Disconnect Provider Ultimatum PDU"},
    {"RFC8446", "RFC 8446 section 6, Alert Protocol"},
    {"WPTS", "Microsoft WindowsProtocolTestSuites, ProtoSDK/MS-RDPBCGR/Types.cs at 4d513adb"},
    {"FreeRDP", "FreeRDP, include/freerdp/error.h at 96265644"},
    {"XF", "FreeRDP, enum XF_EXIT_CODE in client/X11/xfreerdp.h and the mapping in client/X11/xf_client.c"},
    {"forum226", "Microsoft TechNet forum, thread on connection issues and event 226 (archived)"},
    {"lab", "measured with xfreerdp 2.11.7 on Debian 12"},
    {"memory", "common knowledge among administrators; no document was at hand"},
    {"inferred", "follows from the documents above; nobody states it"},
};

}  // namespace

std::span<const Source> sources() {
    return table;
}

std::string_view source_text(std::string_view key) {
    const auto row = std::ranges::find(table, key, &Source::key);
    return row == std::end(table) ? key : row->text;
}

std::vector<std::string_view> source_keys(std::string_view keys) {
    std::vector<std::string_view> out;
    while (!keys.empty()) {
        const auto end = std::min(keys.find(' '), keys.size());
        if (end > 0) out.push_back(keys.substr(0, end));
        keys.remove_prefix(std::min(end + 1, keys.size()));
    }
    return out;
}

}  // namespace rdpfault
