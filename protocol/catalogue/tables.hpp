// The tables behind protocol/catalogue.hpp, one family a file. Only catalogue.cpp reads them.
#pragma once

#include <cstddef>
#include <span>

#include "protocol/catalogue.hpp"

namespace rdpfault::catalogue {

std::span<const CodeInfo> mstsc_codes();
std::span<const CodeInfo> extended_codes();
std::span<const CodeInfo> error_info_codes();
std::span<const CodeInfo> negotiation_codes();
std::span<const CodeInfo> tls_alert_codes();
std::span<const CodeInfo> ntstatus_codes();
std::span<const CodeInfo> freerdp_codes();
std::span<const CodeInfo> xfreerdp_codes();
std::span<const CodeInfo> license_codes();
std::span<const CodeInfo> disconnect_codes();
std::span<const CodeInfo> gateway_codes();

// One family, ascending, no code twice: lookups search by halving.
constexpr bool ascending(std::span<const CodeInfo> table) {
    for (std::size_t i = 1; i < table.size(); ++i)
        if (table[i].family != table[0].family || table[i].code <= table[i - 1].code) return false;
    return true;
}

}  // namespace rdpfault::catalogue
