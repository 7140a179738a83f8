#include "protocol/ending.hpp"

#include <array>

#include "protocol/catalogue.hpp"

namespace rdpfault {

namespace {

struct Row {
    EndKind kind;
    std::string_view name;
    std::optional<Family> family;  // what `code` is a code of
};

// client_exit has no family: the program need not be xfreerdp.
constexpr std::array rows{
    Row{EndKind::none, "none", {}},
    Row{EndKind::orderly, "orderly", {}},
    Row{EndKind::close, "close", {}},
    Row{EndKind::reset, "reset", {}},
    Row{EndKind::timeout, "timeout", {}},
    Row{EndKind::refused, "refused", {}},
    Row{EndKind::unreachable, "unreachable", {}},
    Row{EndKind::name_not_found, "name_not_found", {}},
    Row{EndKind::tls_alert, "alert", Family::tls_alert},
    Row{EndKind::negotiation_failure, "negotiation_failure", Family::negotiation},
    Row{EndKind::license_error, "license_error", Family::license},
    Row{EndKind::error_info, "error_info", Family::error_info},
    Row{EndKind::disconnect, "disconnect", Family::disconnect},
    Row{EndKind::malformed, "malformed", {}},
    Row{EndKind::tls_failure, "tls_failure", {}},
    Row{EndKind::certificate, "certificate", {}},
    Row{EndKind::authentication, "authentication", Family::ntstatus},
    Row{EndKind::client_exit, "client_exit", {}},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].kind) != i) return false;
    return rows.size() == static_cast<std::size_t>(EndKind::client_exit) + 1;
}
static_assert(in_order(), "one row a kind, in the order of the enum");

}  // namespace

std::string_view to_string(EndKind kind) {
    return rows.at(static_cast<std::size_t>(kind)).name;
}

std::optional<EndKind> end_kind_from_string(std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name) return row.kind;
    return std::nullopt;
}

std::string to_string(const Ending& ending) {
    const auto& row = rows.at(static_cast<std::size_t>(ending.kind));
    std::string text(row.name);
    if (ending.kind == EndKind::malformed) return text + " at byte " + std::to_string(ending.offset);
    if (ending.kind == EndKind::client_exit) return text + ' ' + std::to_string(ending.code);
    if (!row.family) return text;
    // Small ERRINFO numbers are known in decimal, the large ones (0x112F) in hexadecimal.
    const bool small = *row.family == Family::error_info && ending.code < 0x100;
    text += ' ' + (small ? std::to_string(ending.code) : code_text(*row.family, ending.code));
    if (const auto* known = find(*row.family, ending.code)) text += ' ' + std::string(known->name);
    return text;
}

}  // namespace rdpfault
