#include "protocol/catalogue.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "protocol/catalogue/nearest.hpp"
#include "protocol/catalogue/tables.hpp"

namespace rdpfault {

namespace {

constexpr std::array rows{
    FamilyInfo{
        Family::mstsc, "mstsc", "mstsc disconnect reasons", "", true,
        "The low byte seems to name the reporter: 04 socket and name, 06 memory and RDP security, 07 TLS and CredSSP, "
        "08 timers, licensing and dialogs, 09 negotiation and policy, 0A smart cards (inferred from the names)."},
    FamilyInfo{Family::extended, "extended", "mstsc extended disconnect reasons", "", true,
               "Numbers that a server sends as ERRINFO appear here unchanged. Event 1026 does not log this number."},
    FamilyInfo{Family::error_info, "error_info", "ERRINFO of the Set Error Info PDU", "", true,
               "Sent only to a client that announced support in MCS Connect Initial, hence never before it."},
    FamilyInfo{Family::negotiation, "negotiation", "RDP negotiation failures", "", false,
               "Which code mstsc shows for each was never published, but for 5."},
    FamilyInfo{
        Family::tls_alert, "tls_alert", "TLS alerts", "Schannel status", false,
        "On Windows, Schannel event 36887 is an alert received and 36888 an alert sent; the number is in the event."},
    FamilyInfo{Family::ntstatus, "ntstatus", "NTSTATUS and SSPI statuses of CredSSP", "mstsc code (inferred)", true,
               "A server tells it to peers of CredSSP version 3, 4, 6 and later; to others it only closes."},
    FamilyInfo{Family::freerdp, "freerdp", "FreeRDP connect errors", "xfreerdp exit", true, ""},
    FamilyInfo{
        Family::xfreerdp, "xfreerdp", "xfreerdp exit statuses", "", false,
        "0 to 32 mirror ERRINFO. FreeRDP 2.11 seems to turn licensing errors into 240 to 250 instead of 16 to 26 "
        "(inferred)."},
    FamilyInfo{Family::license, "license", "Licensing error messages", "", false, ""},
    FamilyInfo{Family::disconnect, "disconnect", "MCS disconnect reasons", "", false, ""},
    FamilyInfo{Family::gateway, "gateway", "mstsc codes for an RD Gateway", "", true,
               "No symbols were ever published for these."},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::span<const FamilyInfo> families() {
    return rows;
}

const FamilyInfo& info(Family family) {
    return rows.at(static_cast<std::size_t>(family));
}

std::string_view to_string(Family family) {
    return info(family).name;
}

std::span<const CodeInfo> codes(Family family) {
    switch (family) {
        case Family::mstsc: return catalogue::mstsc_codes();
        case Family::extended: return catalogue::extended_codes();
        case Family::error_info: return catalogue::error_info_codes();
        case Family::negotiation: return catalogue::negotiation_codes();
        case Family::tls_alert: return catalogue::tls_alert_codes();
        case Family::ntstatus: return catalogue::ntstatus_codes();
        case Family::freerdp: return catalogue::freerdp_codes();
        case Family::xfreerdp: return catalogue::xfreerdp_codes();
        case Family::license: return catalogue::license_codes();
        case Family::disconnect: return catalogue::disconnect_codes();
        case Family::gateway: return catalogue::gateway_codes();
    }
    return {};
}

const CodeInfo* find(Family family, std::uint32_t code) {
    const auto table = codes(family);
    const auto row = std::ranges::lower_bound(table, code, {}, &CodeInfo::code);
    return row != table.end() && row->code == code ? &*row : nullptr;
}

std::vector<const CodeInfo*> find_anywhere(std::uint32_t code) {
    std::vector<const CodeInfo*> found;
    for (const auto& family : rows)
        if (const auto* row = find(family.family, code)) found.push_back(row);
    return found;
}

std::vector<const CodeInfo*> find_by_name(std::string_view name) {
    std::vector<const CodeInfo*> found;
    if (name.empty()) return found;
    for (const auto& family : rows)
        for (const auto& row : codes(family.family))
            if (same_name(row.name, name)) found.push_back(&row);
    return found;
}

std::vector<std::string_view> nearest_code_names(std::string_view name, std::size_t most) {
    std::vector<std::string_view> names;
    for (const auto& family : rows)
        for (const auto& row : codes(family.family))
            if (!row.name.empty()) names.push_back(row.name);
    return nearest(name, names, most);
}

std::string code_text(Family family, std::uint32_t code) {
    char text[16];
    std::snprintf(text, sizeof text, info(family).hexadecimal ? "0x%X" : "%u", code);
    return text;
}

std::string code_text(const CodeInfo& row) {
    return code_text(row.family, row.code);
}

}  // namespace rdpfault
