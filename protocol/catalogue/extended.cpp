// Extended disconnect reasons (ExtendedDisconnectReasonCode).
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::extended, 0x0, "exDiscReasonNoInfo", "nothing more is known", "S2"},
    {Family::extended, 0x1, "exDiscReasonAPIInitiatedDisconnect", "a program asked for the disconnect", "S2"},
    {Family::extended, 0x2, "exDiscReasonAPIInitiatedLogoff", "a program logged the user off", "S2"},
    {Family::extended, 0x3, "exDiscReasonServerIdleTimeout", "the server's idle limit was reached", "S2"},
    {Family::extended, 0x4, "exDiscReasonServerLogonTimeout", "the server's time limit for a session was reached",
     "S2"},
    {Family::extended, 0x5, "exDiscReasonReplacedByOtherConnection", "another client took the session over", "S2"},
    {Family::extended, 0x6, "exDiscReasonOutOfMemory", "the server has no memory left", "S2"},
    {Family::extended, 0x7, "exDiscReasonServerDeniedConnection",
     "the server denied the connection; beside 0x904 probably set by the client: the stream ended before the session "
     "was up (inferred)",
     "S2"},
    {Family::extended, 0x8, "exDiscReasonServerDeniedConnectionFips",
     "the server denied the connection for FIPS reasons", "S2"},
    {Family::extended, 0x9, "exDiscReasonServerInsufficientPrivileges", "this user may not connect", "S2"},
    {Family::extended, 0xA, "exDiscReasonServerFreshCredsRequired", "the server wants newly typed credentials", "S2"},
    {Family::extended, 0xB, "exDiscReasonRpcInitiatedDisconnectByUser",
     "an administrative tool inside the session disconnected it", "S2"},
    {Family::extended, 0xC, "exDiscReasonLogoffByUser", "the user logged off", "S2"},
    {Family::extended, 0x19, "exDiscReasonShutdown", "the server shuts down", "S2"},
    {Family::extended, 0x1A, "exDiscReasonReboot", "the server restarts", "S2"},
    {Family::extended, 0x100, "exDiscReasonLicenseInternal", "licensing failed internally", "S2"},
    {Family::extended, 0x101, "exDiscReasonLicenseNoLicenseServer", "no license server could be reached", "S2"},
    {Family::extended, 0x102, "exDiscReasonLicenseNoLicense", "no license is left", "S2"},
    {Family::extended, 0x103, "exDiscReasonLicenseErrClientMsg", "the client's licensing message was bad", "S2"},
    {Family::extended, 0x104, "exDiscReasonLicenseHwidDoesntMatchLicense",
     "the stored license was altered or belongs to other hardware", "S2"},
    {Family::extended, 0x105, "exDiscReasonLicenseErrClientLicense", "the stored license is malformed", "S2"},
    {Family::extended, 0x106, "exDiscReasonLicenseCantFinishProtocol", "the network cut the licensing exchange off",
     "S2"},
    {Family::extended, 0x107, "exDiscReasonLicenseClientEndedProtocol", "the client gave the licensing exchange up",
     "S2"},
    {Family::extended, 0x108, "exDiscReasonLicenseErrClientEncryption", "a licensing message was wrongly encrypted",
     "S2"},
    {Family::extended, 0x109, "exDiscReasonLicenseCantUpgradeLicense", "the license could not be renewed or upgraded",
     "S2"},
    {Family::extended, 0x10A, "exDiscReasonLicenseNoRemoteConnections",
     "the server is not licensed for remote connections", "S2"},
    {Family::extended, 0x10B, "exDiscReasonLicenseCreatingLicStoreAccDenied",
     "access was denied while the license store was made", "S2"},
    {Family::extended, 0x300, "exDiscReasonRdpEncInvalidCredentials", "the server rejected user name or password",
     "S2"},
    {Family::extended, 0x1000, "exDiscReasonProtocolRangeStart",
     "start of the range of protocol errors, which repeats the ERRINFO numbers; no reason by itself", "S2"},
    {Family::extended, 0x7FFF, "exDiscReasonProtocolRangeEnd",
     "end of the range of protocol errors; no reason by itself", "S2"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> extended_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
