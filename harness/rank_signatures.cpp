#include "harness/rank_signatures.hpp"

#include <algorithm>
#include <iterator>

namespace rdpfault::harness {

namespace {

using enum EndKind;

std::vector<std::uint32_t> from_to(std::uint32_t first, std::uint32_t last) {
    std::vector<std::uint32_t> codes;
    for (auto code = first; code <= last; ++code)
        codes.push_back(code);
    return codes;
}

// Numbers of the catalogue: alerts (RFC 8446 6), negotiation failures, NTSTATUS, ERRINFO.
std::vector<Signature> server_side() {
    return {
        {.cause = "certificate-key-unusable",
         .kinds = {reset, close},
         .said = {{tls_alert, {51, 80}}, {negotiation_failure, {3}}},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "certificate-expired",
         .kinds = {reset, close},
         .said = {{tls_alert, {42, 43, 44, 45, 46, 48}}, {certificate}},
         .client = true,
         .server = true},
        {.cause = "tls-mismatch",
         .kinds = {reset, close},
         .said = {{tls_alert, {40, 47, 70, 71, 80, 86}}, {tls_failure}},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "nla-closed",
         .kinds = {close, reset, timeout},
         .said = {{authentication, {0x80090302}}},
         .server = true},
        {.cause = "logon-refused", .kinds = {}, .said = {{authentication}}, .client = true, .server = true},
        {.cause = "domain-unreachable",
         .kinds = {timeout},
         .said = {{authentication, {0xC000005E, 0xC0000133, 0xC000018D}}},
         .client = true,
         .server = true},
        {.cause = "server-closes-after-tls", .kinds = {close, reset}, .said = {}, .server = true, .pace = Pace::quick},
        {.cause = "connection-limit", .kinds = {reset, close}, .said = {}, .server = true, .pace = Pace::quick},
        {.cause = "service-stopped",
         .kinds = {unreachable, reset, close},
         .said = {{refused}},
         .server = true,
         .pace = Pace::quick},
        {.cause = "licensing",
         .kinds = {timeout},
         .said = {{license_error}, {error_info, from_to(0x100, 0x10A)}},
         .client = true,
         .server = true},
        {.cause = "policy",
         .kinds = {reset, close},
         .said =
             {{refused}, {negotiation_failure}, {tls_alert, {40, 70, 71}}, {error_info, from_to(1, 25)}, {disconnect}},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "azure-internals", .kinds = {reset, close}, .said = {}, .server = true},
        {.cause = "pipeline-crash",
         .kinds = {reset, close, timeout},
         .said = {{error_info}, {disconnect}},
         .client = true,
         .server = true},
    };
}

std::vector<Signature> on_the_path() {
    return {
        {.cause = "foreign-listener", .kinds = {malformed, close, timeout}, .said = {}, .client = true, .server = true},
        {.cause = "relay-closes",
         .kinds = {close, reset, timeout},
         .said = {},
         .client = true,
         .server = true,
         .between = true,
         .later_connections = true},
        {.cause = "security-software-reset",
         .kinds = {reset, timeout},
         .said = {{negotiation_failure}},
         .client = true,
         .server = true,
         .between = true},
        {.cause = "bad-link",
         .kinds = {timeout, unreachable, reset},
         .said = {{tls_alert, {20}}},
         .client = true,
         .server = true,
         .between = true,
         .pace = Pace::slow},
        {.cause = "port-filtered", .kinds = {unreachable}, .said = {{refused}}, .server = true, .between = true},
        {.cause = "name-resolution", .kinds = {unreachable}, .said = {{name_not_found}, {refused}}, .client = true},
        {.cause = "gateway", .kinds = {close, reset}, .said = {}, .server = true, .between = true},
        {.cause = "tls-interception",
         .kinds = {close, reset},
         .said = {{authentication}},
         .client = true,
         .server = true},
        {.cause = "udp-transport", .kinds = {reset, close, timeout}, .said = {}, .client = true, .server = true},
        {.cause = "client-state",
         .kinds = {close, reset},
         .said = {{authentication}, {negotiation_failure, {4}}},
         .client = true,
         .server = true},
        {.cause = "protocol-error",
         .kinds = {malformed, close, reset, timeout},
         .said = {{tls_alert, {10, 20, 22, 47, 49, 50, 51, 80, 110}}, {tls_failure}},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "negotiation-rewritten",
         .kinds = {close, reset, malformed},
         .said = {{disconnect}},
         .client = true,
         .server = true,
         .pace = Pace::quick},
        {.cause = "redirected", .kinds = {close}, .said = {{disconnect}}, .client = true, .server = true},
    };
}

}  // namespace

const Signature* find_signature(std::string_view cause) {
    static const auto table = [] {
        auto rows = server_side();
        std::ranges::move(on_the_path(), std::back_inserter(rows));
        return rows;
    }();
    const auto row = std::ranges::find(table, cause, &Signature::cause);
    return row == table.end() ? nullptr : &*row;
}

}  // namespace rdpfault::harness
