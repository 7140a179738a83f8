// failureCode of RDP_NEG_FAILURE (MS-RDPBCGR 2.2.1.2.2).
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::negotiation, 1, "SSL_REQUIRED_BY_SERVER", "the server takes TLS-based security only", "S5"},
    {Family::negotiation, 2, "SSL_NOT_ALLOWED_BY_SERVER", "the server takes standard RDP security only", "S5"},
    {Family::negotiation, 3, "SSL_CERT_NOT_ON_SERVER", "the server has no certificate it can use, hence no TLS", "S5"},
    {Family::negotiation, 4, "INCONSISTENT_FLAGS", "the flags of the request contradict the state", "S5"},
    {Family::negotiation, 5, "HYBRID_REQUIRED_BY_SERVER", "the server takes CredSSP (NLA) only", "S5"},
    {Family::negotiation, 6, "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
     "the server takes TLS with a user certificate only", "S5"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> negotiation_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
