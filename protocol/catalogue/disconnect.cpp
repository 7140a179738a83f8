// Reason of the MCS Disconnect Provider Ultimatum (T.125; MS-RDPBCGR 2.2.2.3).
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::disconnect, 0, "rn-domain-disconnected", "the MCS domain is gone; not legal in RDP", "BCGR-DPU"},
    {Family::disconnect, 1, "rn-provider-initiated", "the server, or an administrator, ends the connection",
     "BCGR-DPU"},
    {Family::disconnect, 2, "rn-token-purged", "a token was purged; not legal in RDP", "BCGR-DPU"},
    {Family::disconnect, 3, "rn-user-requested", "a user asked for the end", "BCGR-DPU"},
    {Family::disconnect, 4, "rn-channel-purged", "a channel was purged; not legal in RDP", "BCGR-DPU"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> disconnect_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
