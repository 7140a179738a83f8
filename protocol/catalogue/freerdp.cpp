// What FreeRDP calls a failure to connect, related: the exit status of xfreerdp.
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::freerdp, 0x20001, "ERRCONNECT_PRE_CONNECT_FAILED", "the client could not prepare the connection",
     "FreeRDP", 136},
    {Family::freerdp, 0x20002, "ERRCONNECT_CONNECT_UNDEFINED", "no further reason", "FreeRDP", 137},
    {Family::freerdp, 0x20003, "ERRCONNECT_POST_CONNECT_FAILED",
     "the client could not set the session up after connecting", "FreeRDP", 138},
    {Family::freerdp, 0x20004, "ERRCONNECT_DNS_ERROR", "looking the name up failed", "FreeRDP", 139},
    {Family::freerdp, 0x20005, "ERRCONNECT_DNS_NAME_NOT_FOUND", "the name does not exist", "FreeRDP", 140},
    {Family::freerdp, 0x20006, "ERRCONNECT_CONNECT_FAILED", "the TCP connection could not be made", "FreeRDP", 141},
    {Family::freerdp, 0x20007, "ERRCONNECT_MCS_CONNECT_INITIAL_ERROR", "MCS Connect Initial could not be sent",
     "FreeRDP", 142},
    {Family::freerdp, 0x20008, "ERRCONNECT_TLS_CONNECT_FAILED",
     "TLS could not be set up: closed, alert, or certificate refused", "FreeRDP", 143},
    {Family::freerdp, 0x20009, "ERRCONNECT_AUTHENTICATION_FAILED", "authentication failed", "FreeRDP", 132},
    {Family::freerdp, 0x2000A, "ERRCONNECT_INSUFFICIENT_PRIVILEGES", "the user lacks the right to connect", "FreeRDP",
     144},
    {Family::freerdp, 0x2000B, "ERRCONNECT_CONNECT_CANCELLED", "the user or the program cancelled", "FreeRDP", 145},
    {Family::freerdp, 0x2000C, "ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED", "no security protocol that both sides accept",
     "FreeRDP", 133},
    {Family::freerdp, 0x2000D, "ERRCONNECT_CONNECT_TRANSPORT_FAILED",
     "the stream ended, or was unreadable, before the session was up", "FreeRDP", 147},
    {Family::freerdp, 0x2000E, "ERRCONNECT_PASSWORD_EXPIRED", "the password has expired", "FreeRDP", 148},
    {Family::freerdp, 0x2000F, "ERRCONNECT_PASSWORD_CERTAINLY_EXPIRED",
     "the password has certainly expired; also printed for TLS alert 80 during NLA", "FreeRDP", 152},
    {Family::freerdp, 0x20010, "ERRCONNECT_CLIENT_REVOKED", "the client's credentials were revoked", "FreeRDP", 153},
    {Family::freerdp, 0x20011, "ERRCONNECT_KDC_UNREACHABLE", "no key distribution center (Kerberos) can be reached",
     "FreeRDP", 150},
    {Family::freerdp, 0x20012, "ERRCONNECT_ACCOUNT_DISABLED", "the account is disabled", "FreeRDP", 151},
    {Family::freerdp, 0x20013, "ERRCONNECT_PASSWORD_MUST_CHANGE", "the password must be changed", "FreeRDP", 149},
    {Family::freerdp, 0x20014, "ERRCONNECT_LOGON_FAILURE", "log-on failed", "FreeRDP", 134},
    {Family::freerdp, 0x20015, "ERRCONNECT_WRONG_PASSWORD", "the password is wrong", "FreeRDP", 154},
    {Family::freerdp, 0x20016, "ERRCONNECT_ACCESS_DENIED", "access is denied", "FreeRDP", 155},
    {Family::freerdp, 0x20017, "ERRCONNECT_ACCOUNT_RESTRICTION", "the account is restricted", "FreeRDP", 156},
    {Family::freerdp, 0x20018, "ERRCONNECT_ACCOUNT_LOCKED_OUT", "the account is locked", "FreeRDP", 135},
    {Family::freerdp, 0x20019, "ERRCONNECT_ACCOUNT_EXPIRED", "the account has expired", "FreeRDP", 157},
    {Family::freerdp, 0x2001A, "ERRCONNECT_LOGON_TYPE_NOT_GRANTED", "this kind of log-on is not granted", "FreeRDP",
     158},
    {Family::freerdp, 0x2001B, "ERRCONNECT_NO_OR_MISSING_CREDENTIALS", "credentials are missing", "FreeRDP", 159},
    {Family::freerdp, 0x2001C, "ERRCONNECT_ACTIVATION_TIMEOUT", "the session was not up in time", "FreeRDP", 131},
    {Family::freerdp, 0x2001D, "ERRCONNECT_TARGET_BOOTING", "the target is still starting", "FreeRDP", 160},
    {Family::freerdp, 0x2001E, "ERRCONNECT_HYBRID_REQUIRED_BY_SERVER", "the server takes CredSSP (NLA) only", "FreeRDP",
     161},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> freerdp_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
