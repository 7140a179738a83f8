// NTSTATUS and SSPI statuses of CredSSP (MS-CSSP 2.2.1), related: the mstsc code of the same name.
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::ntstatus, 0x80004004, "E_ABORT", "aborted; in client event 226 when the TCP connect ran out of time",
     "forum226"},
    {Family::ntstatus, 0x80004005, "E_FAIL", "unspecified failure; in client event 226 when TLS or CredSSP fails",
     "S34"},
    {Family::ntstatus, 0x80090302, "SEC_E_UNSUPPORTED_FUNCTION",
     "the function is not supported; what a client says that demands a newer CredSSP", "S6"},
    {Family::ntstatus, 0x80090304, "SEC_E_INTERNAL_ERROR", "the security package failed, or LSA cannot be reached",
     "S6"},
    {Family::ntstatus, 0x80090308, "SEC_E_INVALID_TOKEN", "the security token is not understood", "S6"},
    {Family::ntstatus, 0x8009030C, "SEC_E_LOGON_DENIED", "log-on denied", "S6"},
    {Family::ntstatus, 0x8009030D, "SEC_E_UNKNOWN_CREDENTIALS",
     "the key of the credential cannot be used; the status inside Schannel event 36870", "S6"},
    {Family::ntstatus, 0x8009030E, "SEC_E_NO_CREDENTIALS", "there is no credential to use", "S6"},
    {Family::ntstatus, 0x8009030F, "SEC_E_MESSAGE_ALTERED", "a message was altered", "S6"},
    {Family::ntstatus, 0x80090311, "SEC_E_NO_AUTHENTICATING_AUTHORITY",
     "no authority for authentication can be reached", "S6", 0x1807},
    {Family::ntstatus, 0x80090322, "SEC_E_WRONG_PRINCIPAL", "the service principal name is wrong", "S6"},
    {Family::ntstatus, 0x80090324, "SEC_E_TIME_SKEW", "the clocks differ too much", "S6", 0x1D07},
    {Family::ntstatus, 0x80090331, "SEC_E_ALGORITHM_MISMATCH", "no algorithm in common", "S6"},
    {Family::ntstatus, 0x80090346, "SEC_E_BAD_BINDINGS",
     "channel bindings differ: TLS was ended by something in between", "S6"},
    {Family::ntstatus, 0x80090350, "SEC_E_DOWNGRADE_DETECTED", "a downgrade was detected", "S6"},
    {Family::ntstatus, 0x8009035E, "SEC_E_DELEGATION_POLICY", "policy forbids the delegation", "S6", 0x1607},
    {Family::ntstatus, 0x8009035F, "SEC_E_POLICY_NLTM_ONLY", "policy refuses a server that offers NTLM only", "S6",
     0x1707},
    {Family::ntstatus, 0xC0000022, "STATUS_ACCESS_DENIED", "access is refused by policy or for want of a right", "S6"},
    {Family::ntstatus, 0xC000005E, "STATUS_NO_LOGON_SERVERS", "no domain controller answers", "S6", 0x1807},
    {Family::ntstatus, 0xC0000064, "STATUS_NO_SUCH_USER", "the user is not known", "S6", 0xA07},
    {Family::ntstatus, 0xC000006A, "STATUS_WRONG_PASSWORD", "the password is wrong", "S6", 0x807},
    {Family::ntstatus, 0xC000006D, "STATUS_LOGON_FAILURE", "log-on failed", "S6", 0x807},
    {Family::ntstatus, 0xC000006E, "STATUS_ACCOUNT_RESTRICTION", "the account is restricted", "S6", 0xC07},
    {Family::ntstatus, 0xC000006F, "STATUS_INVALID_LOGON_HOURS", "outside the hours this user may log on", "S6",
     0x1007},
    {Family::ntstatus, 0xC0000070, "STATUS_INVALID_WORKSTATION", "this user may not log on from this machine", "S6",
     0x1107},
    {Family::ntstatus, 0xC0000071, "STATUS_PASSWORD_EXPIRED", "the password has expired", "S6", 0xF07},
    {Family::ntstatus, 0xC0000072, "STATUS_ACCOUNT_DISABLED", "the account is disabled", "S6", 0xB07},
    {Family::ntstatus, 0xC0000133, "STATUS_TIME_DIFFERENCE_AT_DC",
     "the clock differs too much from the domain controller's", "S6", 0x1D07},
    {Family::ntstatus, 0xC000015B, "STATUS_LOGON_TYPE_NOT_GRANTED", "this kind of log-on is not granted", "S6", 0x1307},
    {Family::ntstatus, 0xC000018D, "STATUS_TRUSTED_RELATIONSHIP_FAILURE", "the trust with the domain is broken", "S6"},
    {Family::ntstatus, 0xC0000193, "STATUS_ACCOUNT_EXPIRED", "the account has expired", "S6", 0xE07},
    {Family::ntstatus, 0xC0000224, "STATUS_PASSWORD_MUST_CHANGE", "the password must be changed", "S6", 0x1207},
    {Family::ntstatus, 0xC0000234, "STATUS_ACCOUNT_LOCKED_OUT", "the account is locked", "S6", 0xD07},
    {Family::ntstatus, 0xC0000380, "STATUS_SMARTCARD_WRONG_PIN", "wrong smart card PIN", "S6", 0x1C07},
    {Family::ntstatus, 0xC0000381, "STATUS_SMARTCARD_CARD_BLOCKED", "the smart card is blocked", "S6", 0x2207},
    {Family::ntstatus, 0xC0000388, "STATUS_DOWNGRADE_DETECTED", "a downgrade of the authentication was detected", "S6"},
    {Family::ntstatus, 0xC0000413, "STATUS_AUTHENTICATION_FIREWALL_FAILED",
     "selective authentication refuses this machine", "S6"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> ntstatus_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
