// dwErrorCode of a licensing error message (MS-RDPBCGR 2.2.1.12.1.3).
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::license, 1, "ERR_INVALID_SERVER_CERTIFICATE", "client: the server's licensing certificate is not valid",
     "BCGR-LIC"},
    {Family::license, 2, "ERR_NO_LICENSE", "client: there is no license to show", "BCGR-LIC"},
    {Family::license, 3, "ERR_INVALID_MAC", "either side: a message failed its integrity check", "BCGR-LIC"},
    {Family::license, 4, "ERR_INVALID_SCOPE", "server: the license is for another scope", "BCGR-LIC"},
    {Family::license, 6, "ERR_NO_LICENSE_SERVER", "server: no license server can be reached", "BCGR-LIC"},
    {Family::license, 7, "STATUS_VALID_CLIENT", "server: licensing is done, go on; no error at all", "BCGR-LIC"},
    {Family::license, 8, "ERR_INVALID_CLIENT", "server: the client is not accepted", "BCGR-LIC"},
    {Family::license, 11, "ERR_INVALID_PRODUCTID", "server: the product of the license is wrong", "BCGR-LIC"},
    {Family::license, 12, "ERR_INVALID_MESSAGE_LEN", "server: a message has a wrong length", "BCGR-LIC"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> license_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
