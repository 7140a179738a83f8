// mstsc's codes for a connection through an RD Gateway.
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::gateway, 0x3000001, "", "the gateway does not take user name or password", "S3"},
    {Family::gateway, 0x3000002, "", "the revocation list for the gateway's certificate could not be checked", "S3"},
    {Family::gateway, 0x3000003, "", "the gateway's certificate has a wrong name, date or root", "S3"},
    {Family::gateway, 0x3000004, "", "the gateway's certificate was revoked", "S3"},
    {Family::gateway, 0x3000005, "", "the gateway's identity could not be verified", "S3"},
    {Family::gateway, 0x3000006, "", "the gateway's certificate is for another name", "S3"},
    {Family::gateway, 0x3000007, "", "the gateway's certificate expired or was revoked", "S3"},
    {Family::gateway, 0x3000008, "",
     "the target behind the gateway failed; automatic gateway detection is one reported cause", "S3"},
    {Family::gateway, 0x3000009, "", "sending to the gateway failed", "S3"},
    {Family::gateway, 0x300000A, "", "receiving from the gateway failed", "S3"},
    {Family::gateway, 0x300000B, "", "another way to log on is needed", "S3"},
    {Family::gateway, 0x300000C, "", "the gateway cannot be reached, or its address is wrong", "S3"},
    {Family::gateway, 0x300000D, "", "the gateway is unavailable for the moment", "S3"},
    {Family::gateway, 0x300000E, "", "a component of the client is missing or of the wrong version", "S3"},
    {Family::gateway, 0x300000F, "", "the gateway is short of resources", "S3"},
    {Family::gateway, 0x3000010, "", "the client's rpcrt4 is of the wrong version", "S3"},
    {Family::gateway, 0x3000011, "", "there is no smart card service", "S3"},
    {Family::gateway, 0x3000012, "", "the smart card was removed (first kind)", "S3"},
    {Family::gateway, 0x3000013, "", "there is no smart card", "S3"},
    {Family::gateway, 0x3000014, "", "the smart card was removed (second kind)", "S3"},
    {Family::gateway, 0x3000015, "", "user name or password is wrong", "S3"},
    {Family::gateway, 0x3000017, "", "the transport's security package failed", "S3"},
    {Family::gateway, 0x3000018, "", "the gateway ended the connection", "S3"},
    {Family::gateway, 0x3000019, "", "the gateway's administrator ended the connection", "S3"},
    {Family::gateway, 0x300001A, "", "credentials or smart card are not taken", "S3"},
    {Family::gateway, 0x300001B, "", "the gateway's resource policy refuses the target; compare short and full name",
     "S3"},
    {Family::gateway, 0x300001C, "", "the gateway's connection policy refuses the user or the method", "S3"},
    {Family::gateway, 0x300001F, "", "access is restricted", "S3"},
    {Family::gateway, 0x3000020, "", "a web proxy on the way wants authentication", "S3"},
    {Family::gateway, 0x3000021, "", "the password has expired", "S3"},
    {Family::gateway, 0x3000022, "", "the gateway has reached its connection limit", "S3"},
    {Family::gateway, 0x3000023, "", "the gateway does not support the request", "S3"},
    {Family::gateway, 0x3000024, "", "the client lacks a capability the gateway needs", "S3"},
    {Family::gateway, 0x3000025, "", "client and gateway do not fit together", "S3"},
    {Family::gateway, 0x3000026, "", "the smart card's credentials are not valid", "S3"},
    {Family::gateway, 0x3000027, "", "the health check failed", "S3"},
    {Family::gateway, 0x3000028, "", "the gateway has no certificate set", "S3"},
    {Family::gateway, 0x3000029, "", "the client's policy does not trust the gateway", "S3"},
    {Family::gateway, 0x300002A, "", "refused for health or certificate reasons", "S3"},
    {Family::gateway, 0x300002B, "", "user name and password are wanted, not a smart card", "S3"},
    {Family::gateway, 0x300002C, "", "a smart card is wanted", "S3"},
    {Family::gateway, 0x300002D, "", "there is no smart card reader", "S3"},
    {Family::gateway, 0x300002F, "", "authentication at the firewall is missing", "S3"},
    {Family::gateway, 0x3000030, "", "authentication at the firewall is not valid", "S3"},
    {Family::gateway, 0x3000032, "", "ended because nothing was done", "S3"},
    {Family::gateway, 0x3000033, "", "the session's time limit was reached", "S3"},
    {Family::gateway, 0x3000034, "", "the cookie is not valid", "S3"},
    {Family::gateway, 0x3000035, "", "the cookie was refused", "S3"},
    {Family::gateway, 0x3000037, "", "the gateway wants another method of authentication", "S3"},
    {Family::gateway, 0x3000038, "", "the periodic authentication failed", "S3"},
    {Family::gateway, 0x3000039, "", "the periodic authorization failed", "S3"},
    {Family::gateway, 0x300003B, "", "gateway and target cannot exchange policies", "S3"},
    {Family::gateway, 0x300003C, "", "smart card or certificate propagation failed", "S3"},
    {Family::gateway, 0x300003D, "", "log on to the web site first (first kind)", "S3"},
    {Family::gateway, 0x300003E, "", "log on to the web site first (second kind)", "S3"},
    {Family::gateway, 0x300003F, "", "the session ended; log on to the web site (first kind)", "S3"},
    {Family::gateway, 0x3000040, "", "the session ended; log on to the web site (second kind)", "S3"},
    {Family::gateway, 0x3000041, "", "the periodic health check failed", "S3"},
    {Family::gateway, 0x3000042, "", "the cookie is too large", "S3"},
    {Family::gateway, 0x3000044, "", "the forward proxy is badly configured", "S3"},
    {Family::gateway, 0x3000045, "", "no right to the resource", "S3"},
    {Family::gateway, 0x3000046, "", "no resource is available", "S3"},
    {Family::gateway, 0x3000047, "", "the resource could not be used", "S3"},
    {Family::gateway, 0x3000049, "", "the client must be updated", "S3"},
    {Family::gateway, 0x300004A, "", "the HTTPS port that is needed is not allowed", "S3"},
    {Family::gateway, 0x300004B, "", "resources are still being prepared", "S3"},
    {Family::gateway, 0x300004C, "", "another user than the one expected", "S3"},
    {Family::gateway, 0x300004D, "", "limit of the retired Azure RemoteApp (first kind)", "S3"},
    {Family::gateway, 0x300004E, "", "limit of the retired Azure RemoteApp (second kind)", "S3"},
    {Family::gateway, 0x300004F, "", "limit of the retired Azure RemoteApp (third kind)", "S3"},
    {Family::gateway, 0x3000050, "", "limit of the retired Azure RemoteApp (fourth kind)", "S3"},
    {Family::gateway, 0x300005F, "", "a name that does not resolve (reported by users of the Android client)", "S41"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> gateway_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
