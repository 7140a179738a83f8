#include "harness/rank_signatures.hpp"

#include <algorithm>

namespace rdpfault::harness {

namespace {

using enum EndKind;

constexpr std::uint32_t no_logon_servers = 0xC000005E, time_difference = 0xC0000133;

std::vector<std::uint32_t> license_codes() {
    std::vector<std::uint32_t> codes;
    for (std::uint32_t code = 0x100; code <= 0x10A; ++code)
        codes.push_back(code);
    for (std::uint32_t code = 1; code <= 12; ++code)
        codes.push_back(code);  // of the licensing error alert
    return codes;
}

const std::vector<Signature>& table() {
    static const std::vector<Signature> rows{
        {.cause = "certificate-key-unusable", .kinds = {reset, close}, .server = true, .pace = Pace::quick},
        {.cause = "certificate-expired",
         .kinds = {reset, close, tls_alert, certificate},
         .client = true,
         .server = true,
         .codes = {42, 43, 44, 45, 46, 48}},
        {.cause = "tls-mismatch",
         .kinds = {tls_alert, tls_failure, reset, close},
         .client = true,
         .server = true,
         .pace = Pace::quick,
         .codes = {40, 47, 70, 71, 80, 86}},
        {.cause = "nla-closed", .kinds = {close, reset}, .server = true},
        {.cause = "logon-refused", .kinds = {authentication}, .client = true, .server = true},
        {.cause = "domain-unreachable",
         .kinds = {authentication, timeout},
         .client = true,
         .server = true,
         .codes = {no_logon_servers, time_difference}},
        {.cause = "server-closes-after-tls", .kinds = {close, reset}, .server = true, .pace = Pace::quick},
        {.cause = "connection-limit", .kinds = {reset, close}, .server = true, .pace = Pace::quick},
        {.cause = "service-stopped", .kinds = {refused, reset, close}, .server = true},
        {.cause = "licensing",
         .kinds = {license_error, error_info, timeout},
         .client = true,
         .server = true,
         .codes = license_codes()},
        {.cause = "policy",
         .kinds = {negotiation_failure, refused, tls_alert, reset, close},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "azure-internals", .kinds = {reset, close, refused, unreachable}, .server = true},
        {.cause = "pipeline-crash", .kinds = {reset, close, error_info, disconnect}, .client = true, .server = true},
        {.cause = "foreign-listener", .kinds = {malformed, close}, .client = true, .server = true},
        {.cause = "relay-closes", .kinds = {close, reset}, .server = true, .between = true, .later_connections = true},
        {.cause = "security-software-reset", .kinds = {reset}, .server = true, .between = true, .pace = Pace::quick},
        {.cause = "tls-interception", .kinds = {close, reset, authentication}, .client = true, .server = true},
        {.cause = "bad-link",
         .kinds = {timeout, unreachable, reset},
         .client = true,
         .server = true,
         .between = true,
         .pace = Pace::slow},
        {.cause = "gateway", .kinds = {close, reset}, .server = true, .between = true},
        {.cause = "udp-transport", .kinds = {reset, close, timeout}, .client = true, .server = true},
        {.cause = "client-state", .kinds = {close, reset, authentication}, .client = true, .server = true},
        {.cause = "protocol-error",
         .kinds = {malformed, close, reset, tls_alert, tls_failure},
         .client = true,
         .pace = Pace::quick,
         .codes = {10, 22, 47, 50, 110}},
        {.cause = "negotiation-rewritten",
         .kinds = {close, reset, disconnect},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "redirected", .kinds = {close, disconnect}, .client = true, .server = true},
    };
    return rows;
}

}  // namespace

const Signature* find_signature(std::string_view cause) {
    const auto row = std::ranges::find(table(), cause, &Signature::cause);
    return row == table().end() ? nullptr : &*row;
}

}  // namespace rdpfault::harness
