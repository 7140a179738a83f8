// Exit statuses of xfreerdp: XF_EXIT_<name> in its client/X11/xfreerdp.h.
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::xfreerdp, 0, "SUCCESS", "the session ended in order, or +auth-only went through", "XF lab"},
    {Family::xfreerdp, 1, "DISCONNECT", "ERRINFO 1, or the server disconnected; also xfreerdp without a display",
     "XF lab"},
    {Family::xfreerdp, 2, "LOGOFF", "ERRINFO 2, or ERRINFO 1 with an ultimatum that says user-requested", "XF"},
    {Family::xfreerdp, 3, "IDLE_TIMEOUT", "ERRINFO 3: the idle limit ran out", "XF"},
    {Family::xfreerdp, 4, "LOGON_TIMEOUT", "ERRINFO 4: the session's time limit ran out", "XF"},
    {Family::xfreerdp, 5, "CONN_REPLACED", "ERRINFO 5: another connection took the session over", "XF"},
    {Family::xfreerdp, 6, "OUT_OF_MEMORY", "ERRINFO 6: the server has no memory left", "XF"},
    {Family::xfreerdp, 7, "CONN_DENIED", "ERRINFO 7 in an active session: the server denies the connection", "XF lab"},
    {Family::xfreerdp, 8, "CONN_DENIED_FIPS", "the server denies the connection for FIPS reasons", "XF"},
    {Family::xfreerdp, 9, "USER_PRIVILEGES", "ERRINFO 9: the user lacks the right to connect", "XF"},
    {Family::xfreerdp, 10, "FRESH_CREDENTIALS_REQUIRED", "ERRINFO 10: type the credentials anew", "XF"},
    {Family::xfreerdp, 11, "DISCONNECT_BY_USER", "ERRINFO 11: a tool inside the session disconnected it", "XF"},
    {Family::xfreerdp, 12, "LOGOFF_BY_USER",
     "ERRINFO 12, or an ultimatum that says user-requested: how every orderly end by xrdp looks", "XF lab"},
    {Family::xfreerdp, 16, "LICENSE_INTERNAL", "licensing failed internally", "XF"},
    {Family::xfreerdp, 17, "LICENSE_NO_LICENSE_SERVER", "no license server was found", "XF"},
    {Family::xfreerdp, 18, "LICENSE_NO_LICENSE", "no license is left", "XF"},
    {Family::xfreerdp, 19, "LICENSE_BAD_CLIENT_MSG", "the client's licensing message was bad", "XF"},
    {Family::xfreerdp, 20, "LICENSE_HWID_DOESNT_MATCH", "the license belongs to other hardware", "XF"},
    {Family::xfreerdp, 21, "LICENSE_BAD_CLIENT", "the client's license is malformed", "XF"},
    {Family::xfreerdp, 22, "LICENSE_CANT_FINISH_PROTOCOL", "the licensing exchange was cut off", "XF"},
    {Family::xfreerdp, 23, "LICENSE_CLIENT_ENDED_PROTOCOL",
     "the client gave licensing up; also a bad command-line option", "XF lab"},
    {Family::xfreerdp, 24, "LICENSE_BAD_CLIENT_ENCRYPTION", "a licensing message was wrongly encrypted", "XF"},
    {Family::xfreerdp, 25, "LICENSE_CANT_UPGRADE", "the license can be neither renewed nor upgraded", "XF"},
    {Family::xfreerdp, 26, "LICENSE_NO_REMOTE_CONNECTIONS", "the server has no license for remote connections", "XF"},
    {Family::xfreerdp, 32, "RDP", "a protocol error, ERRINFO 0x10C9 to 0x1193", "XF"},
    {Family::xfreerdp, 128, "PARSE_ARGUMENTS", "the command line is wrong", "XF"},
    {Family::xfreerdp, 129, "MEMORY", "no memory left", "XF"},
    {Family::xfreerdp, 130, "PROTOCOL", "protocol error", "XF"},
    {Family::xfreerdp, 131, "CONN_FAILED",
     "any loss of an active session, and time-outs before it; FreeRDP's other errors too", "XF lab"},
    {Family::xfreerdp, 132, "AUTH_FAILURE", "authentication failed", "XF lab"},
    {Family::xfreerdp, 133, "NEGO_FAILURE", "no security protocol that both sides accept, or an answer that is not RDP",
     "XF lab"},
    {Family::xfreerdp, 134, "LOGON_FAILURE", "log-on failed", "XF lab"},
    {Family::xfreerdp, 135, "ACCOUNT_LOCKED_OUT", "the account is locked", "XF"},
    {Family::xfreerdp, 136, "PRE_CONNECT_FAILED", "the client could not prepare the connection", "XF lab"},
    {Family::xfreerdp, 137, "CONNECT_UNDEFINED", "no further reason", "XF"},
    {Family::xfreerdp, 138, "POST_CONNECT_FAILED", "the client could not set the session up after connecting",
     "XF lab"},
    {Family::xfreerdp, 139, "DNS_ERROR", "looking the name up failed", "XF lab"},
    {Family::xfreerdp, 140, "DNS_NAME_NOT_FOUND", "the name does not exist", "XF lab"},
    {Family::xfreerdp, 141, "CONNECT_FAILED", "the TCP connection could not be made", "XF lab"},
    {Family::xfreerdp, 142, "MCS_CONNECT_INITIAL_ERROR", "MCS Connect Initial could not be sent", "XF lab"},
    {Family::xfreerdp, 143, "TLS_CONNECT_FAILED",
     "TLS could not be set up: closed, alert, or certificate refused; never retried. A shell prints 143 for SIGTERM as "
     "well",
     "XF lab"},
    {Family::xfreerdp, 144, "INSUFFICIENT_PRIVILEGES", "the user lacks the right to connect", "XF"},
    {Family::xfreerdp, 145, "CONNECT_CANCELLED", "the user or the program cancelled", "XF lab"},
    {Family::xfreerdp, 147, "CONNECT_TRANSPORT_FAILED",
     "the stream ended before the session was up, after a second try; the counterpart of 0x904/0x7 outside TLS. Also a "
     "closed port",
     "XF lab"},
    {Family::xfreerdp, 148, "CONNECT_PASSWORD_EXPIRED", "the password has expired", "XF"},
    {Family::xfreerdp, 149, "CONNECT_PASSWORD_MUST_CHANGE", "the password must be changed", "XF"},
    {Family::xfreerdp, 150, "CONNECT_KDC_UNREACHABLE", "no key distribution center (Kerberos) can be reached", "XF"},
    {Family::xfreerdp, 151, "CONNECT_ACCOUNT_DISABLED", "the account is disabled", "XF"},
    {Family::xfreerdp, 152, "CONNECT_PASSWORD_CERTAINLY_EXPIRED",
     "the password has certainly expired; also TLS alert 80 during NLA", "XF"},
    {Family::xfreerdp, 153, "CONNECT_CLIENT_REVOKED", "the client's credentials were revoked", "XF"},
    {Family::xfreerdp, 154, "CONNECT_WRONG_PASSWORD", "the password is wrong", "XF"},
    {Family::xfreerdp, 155, "CONNECT_ACCESS_DENIED", "access is denied", "XF"},
    {Family::xfreerdp, 156, "CONNECT_ACCOUNT_RESTRICTION", "the account is restricted", "XF"},
    {Family::xfreerdp, 157, "CONNECT_ACCOUNT_EXPIRED", "the account has expired", "XF"},
    {Family::xfreerdp, 158, "CONNECT_LOGON_TYPE_NOT_GRANTED", "this kind of log-on is not granted", "XF"},
    {Family::xfreerdp, 159, "CONNECT_NO_OR_MISSING_CREDENTIALS", "credentials are missing", "XF"},
    {Family::xfreerdp, 160, "CONNECT_TARGET_BOOTING", "the target is still starting (FreeRDP 3)", "XF"},
    {Family::xfreerdp, 161, "CONNECT_HYBRID_REQUIRED_BY_SERVER", "the server takes CredSSP (NLA) only (FreeRDP 3)",
     "XF"},
    {Family::xfreerdp, 255, "UNKNOWN", "an ERRINFO or error without a status of its own", "XF"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> xfreerdp_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
