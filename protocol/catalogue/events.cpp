// Windows events of Remote Desktop: client, server, Schannel, gateway.
#include "protocol/events.hpp"

#include <algorithm>

namespace rdpfault {

namespace {

constexpr EventLog logs[] = {
    {"RDPClient", "Microsoft-Windows-TerminalServices-RDPClient/Operational", "client"},
    {"ClientActiveXCore", "TerminalServices-ClientActiveXCore, its analytic and debug channels, off by default",
     "client"},
    {"RemoteConnectionManager",
     "Microsoft-Windows-TerminalServices-RemoteConnectionManager, Operational and Admin, and System", "server"},
    {"RdpCoreTS", "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational", "server"},
    {"LocalSessionManager", "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "server"},
    {"Schannel", "System, source Schannel", "server"},
    {"TermDD", "System, source TermDD", "server"},
    {"Security", "Security", "server"},
    {"ServiceControlManager", "System, source Service Control Manager", "server"},
    {"Netlogon", "System, source NETLOGON", "server"},
    {"Gateway", "Microsoft-Windows-TerminalServices-Gateway/Operational", "gateway"},
};

constexpr EventInfo table[] = {
    {"RDPClient", 226,
     "a state machine of the client could not go on; it names the machine (RDPClient_SSL, RDPClient_TCP), both states "
     "and an error, and so says where it broke",
     "S34 S37"},
    {"RDPClient", 1007, "the server's name was not resolved", "S37"},
    {"RDPClient", 1009, "the credentials were not taken", "S37"},
    {"RDPClient", 1015, "reconnecting by itself failed", "S37"},
    {"RDPClient", 1017, "there is no license, with the error", "S37"},
    {"RDPClient", 1024, "an attempt begins; has the server's name", "S3c S37"},
    {"RDPClient", 1025, "the control is connected", "S37"},
    {"RDPClient", 1026, "the connection ended; has mstsc's code in decimal (2308 is 0x904), never the extended one",
     "S3 S37"},
    {"RDPClient", 1027, "the session's domain and number are known", "S37"},
    {"RDPClient", 1028, "says whether the server can do TLS", "S3c S37"},
    {"RDPClient", 1029, "a hash of the user name: the client came as far as credentials", "S3c S37"},
    {"RDPClient", 1102, "the client begins a UDP transport", "S3c S37"},
    {"RDPClient", 1103, "a UDP transport is up", "S37"},
    {"RDPClient", 1105, "a UDP transport ended", "S37"},
    {"ClientActiveXCore", 225, "a state machine of the client moved on", "S37"},
    {"ClientActiveXCore", 227, "a channel join was confirmed", "S37"},
    {"ClientActiveXCore", 1001, "connecting", "S37"},
    {"ClientActiveXCore", 1002, "connected", "S37"},
    {"ClientActiveXCore", 1003, "disconnected, with the reason", "S3c S37"},
    {"ClientActiveXCore", 1004, "logged on, with the number of the session", "S37"},
    {"ClientActiveXCore", 1005, "the log-on failed", "S37"},
    {"ClientActiveXCore", 1006, "the network was lost, with the reason", "S37"},
    {"ClientActiveXCore", 1008, "the credentials were taken", "S37"},
    {"ClientActiveXCore", 1010, "dialling a gateway", "S37"},
    {"ClientActiveXCore", 1011, "the gateway answered", "S37"},
    {"ClientActiveXCore", 1012, "the gateway could not be reached", "S37"},
    {"ClientActiveXCore", 1013, "reconnecting by itself", "S37"},
    {"ClientActiveXCore", 1014, "reconnected by itself", "S37"},
    {"ClientActiveXCore", 1016, "there is a license", "S37"},
    {"ClientActiveXCore", 1018, "connecting failed", "S37"},
    {"ClientActiveXCore", 1020, "an error was noted", "S37"},
    {"ClientActiveXCore", 1021, "the gateway's transport failed", "S37"},
    {"RemoteConnectionManager", 71, "the limit on connections is reached (Windows NT 4.0)", "S21"},
    {"RemoteConnectionManager", 258, "the listener started", "S37"},
    {"RemoteConnectionManager", 259, "the listener stopped", "S37"},
    {"RemoteConnectionManager", 260, "the listener failed", "S37"},
    {"RemoteConnectionManager", 261, "the listener has a connection: the server's first sign that anybody came", "S37"},
    {"RemoteConnectionManager", 262, "the listener was told to stop", "S37"},
    {"RemoteConnectionManager", 1003, "the client's license is not valid", "S37"},
    {"RemoteConnectionManager", 1004, "the server cannot hand out a license", "S37"},
    {"RemoteConnectionManager", 1006, "many connections were begun and never completed: a scanner or a flood", "S37"},
    {"RemoteConnectionManager", 1011, "a remote session could not be made", "S37"},
    {"RemoteConnectionManager", 1012, "too many log-ons failed", "S37"},
    {"RemoteConnectionManager", 1035, "the listener's stack is down", "S37"},
    {"RemoteConnectionManager", 1036, "a session could not be created", "S37"},
    {"RemoteConnectionManager", 1041, "reconnecting by itself was refused for want of authentication", "S37"},
    {"RemoteConnectionManager", 1050,
     "the listener's settings of security and encryption did not fit and were corrected", "S37"},
    {"RemoteConnectionManager", 1051, "the certificate that is configured cannot be used; the default one is", "S37"},
    {"RemoteConnectionManager", 1056, "a new self-signed certificate was made", "S9 S37"},
    {"RemoteConnectionManager", 1057, "a new self-signed certificate could not be made", "S9 S37"},
    {"RemoteConnectionManager", 1058, "the expired self-signed certificate could not be replaced", "S9 S37"},
    {"RemoteConnectionManager", 1149, "the user was authenticated by NLA; not yet a log-on", "S37"},
    {"RemoteConnectionManager", 1158, "a connection was accepted, with its address", "S45"},
    {"RdpCoreTS", 65, "a connection object was made", "S37"},
    {"RdpCoreTS", 66, "the connection has its session", "S37"},
    {"RdpCoreTS", 67, "the protocol's connection failed", "S37"},
    {"RdpCoreTS", 70, "state of the listener", "S37"},
    {"RdpCoreTS", 97, "a component met an error in the stream", "S37"},
    {"RdpCoreTS", 98, "the TCP connection is up", "S37"},
    {"RdpCoreTS", 99, "the TCP connection failed, with a code", "S37"},
    {"RdpCoreTS", 100, "UDP transports were agreed on", "S37"},
    {"RdpCoreTS", 102, "the server ended the connection", "S45"},
    {"RdpCoreTS", 103, "the reason of the end, which is the ERRINFO number in decimal (4399 is 0x112F)", "S43"},
    {"RdpCoreTS", 131, "TCP or UDP was accepted, with the client's address; says nothing of a log-on", "S45"},
    {"RdpCoreTS", 139, "the security layer or the log-on failed", "memory"},
    {"RdpCoreTS", 140, "user name or password was wrong, with the client's address", "S45"},
    {"RdpCoreTS", 226, "a state machine could not go on", "memory"},
    {"LocalSessionManager", 16, "the session manager did not start", "S37"},
    {"LocalSessionManager", 17, "the Remote Desktop service did not start, with a status", "S37"},
    {"LocalSessionManager", 18, "the service went down and is expected to come back", "S37"},
    {"LocalSessionManager", 20, "the video subsystem could not be told", "S37"},
    {"LocalSessionManager", 21, "a user logged on", "S37"},
    {"LocalSessionManager", 22, "the shell was started", "S37"},
    {"LocalSessionManager", 23, "a user logged off", "S37"},
    {"LocalSessionManager", 24, "a session was disconnected, with the client's address", "S37"},
    {"LocalSessionManager", 25, "a session was taken up again", "S37"},
    {"LocalSessionManager", 34, "no log-ons while setup runs", "S37"},
    {"LocalSessionManager", 36, "a session could not change its state", "S37"},
    {"LocalSessionManager", 39, "another session disconnected this one", "S37"},
    {"LocalSessionManager", 40, "a session was disconnected; the reason is an extended code in decimal", "S37"},
    {"LocalSessionManager", 43, "a subsystem is slow at connecting", "S37"},
    {"Schannel", 36869, "the certificate has no private key attached", "S37"},
    {"Schannel", 36870, "the private key of the certificate cannot be used; has a status, a state and the process",
     "S27 S37"},
    {"Schannel", 36871, "no TLS credential could be made; state 10013 is read as no TLS version enabled", "S37"},
    {"Schannel", 36872, "the certificate's chain could not be had", "S37"},
    {"Schannel", 36873, "there is no cipher suite to begin with", "S37"},
    {"Schannel", 36874, "the client's offer has nothing that the server can do", "S37"},
    {"Schannel", 36875, "a client certificate is wanted and none fits", "S37"},
    {"Schannel", 36876, "the server's certificate is not valid", "S37"},
    {"Schannel", 36880, "a handshake completed", "S37"},
    {"Schannel", 36881, "the server's certificate is out of date", "S37"},
    {"Schannel", 36882, "the issuer of the server's certificate is not trusted", "S37"},
    {"Schannel", 36883, "the server's certificate was revoked", "S37"},
    {"Schannel", 36884, "the server's certificate is for another name", "S37"},
    {"Schannel", 36886, "this machine has no certificate to serve", "S37"},
    {"Schannel", 36887, "a fatal alert came from the other side, with its number", "S37"},
    {"Schannel", 36888, "a fatal alert was sent, with its number", "S37"},
    {"TermDD", 50, "a component met an error in the stream and dropped the client", "S36"},
    {"TermDD", 56,
     "the security layer met an error in the stream and dropped the client; the last four bytes are a status", "S36"},
    {"Security", 4624, "a log-on: type 10, or type 3 for NLA", "memory"},
    {"Security", 4625, "a log-on failed, with status and sub-status", "memory"},
    {"Security", 4740, "an account was locked", "memory"},
    {"Security", 4778, "a session was taken up again", "memory"},
    {"Security", 4779, "a session was disconnected", "memory"},
    {"ServiceControlManager", 7031, "a service ended unexpectedly, and something is done about it", "memory"},
    {"ServiceControlManager", 7034, "a service ended unexpectedly", "memory"},
    {"ServiceControlManager", 7036, "a service was started or stopped", "memory"},
    {"Netlogon", 5719, "no domain controller could be reached", "memory"},
    {"Gateway", 200, "the connection policy lets the user in", "S7b"},
    {"Gateway", 201, "the connection policy refuses the user", "S7b"},
    {"Gateway", 202, "an administrator disconnected the user", "S7b"},
    {"Gateway", 203, "the gateway's limit on connections is reached", "S7b"},
    {"Gateway", 300, "the resource policy lets the user go to the target", "S7b"},
    {"Gateway", 301, "the resource policy refuses the target", "S7b"},
    {"Gateway", 302, "the target is connected", "S7b"},
    {"Gateway", 303, "the connection to the target ended, with bytes and time", "S7b"},
    {"Gateway", 304, "the target could not be reached", "S7b"},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool alike(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::span<const EventLog> event_logs() {
    return logs;
}

const EventLog* find_event_log(std::string_view name) {
    const auto row = std::ranges::find_if(logs, [&](const EventLog& log) { return alike(log.name, name); });
    return row == std::end(logs) ? nullptr : row;
}

std::span<const EventInfo> events() {
    return table;
}

const EventInfo* find_event(std::string_view log, std::uint32_t id) {
    const auto row =
        std::ranges::find_if(table, [&](const EventInfo& event) { return event.id == id && alike(event.log, log); });
    return row == std::end(table) ? nullptr : row;
}

std::vector<const EventInfo*> find_events(std::uint32_t id) {
    std::vector<const EventInfo*> found;
    for (const auto& event : table)
        if (event.id == id) found.push_back(&event);
    return found;
}

std::string to_string(const EventInfo& event) {
    return std::string(event.log) + ' ' + std::to_string(event.id);
}

}  // namespace rdpfault
