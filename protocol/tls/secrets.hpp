// The secrets of one TLS connection, as the NSS key log format spells them, and what traffic keys are derived with.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/bytes.hpp"
#include "protocol/tls/version.hpp"

namespace rdpfault::tls {

// Under which keys a direction writes. TLS 1.2 and older go from plain text to application with ChangeCipherSpec, TLS
// 1.3 by way of handshake, which ends with the Finished of that side.
enum class Epoch : std::uint8_t { plaintext, handshake, application };

// Never to be logged or reported: who has these reads the connection. What is not known (yet) is empty.
struct Secrets {
    Version version = Version::tls1_2;
    std::uint16_t cipher_suite = 0;  // IANA number
    bool encrypt_then_mac = false;   // RFC 7366 was negotiated (CBC suites of TLS 1.2 and older)
    Bytes client_random;             // 32 bytes
    Bytes server_random;             // 32 bytes; no key log line has it
    Bytes master_secret;             // 48 bytes, TLS 1.2 and older
    Bytes client_handshake_traffic;  // TLS 1.3, as all below
    Bytes server_handshake_traffic;
    Bytes client_application_traffic;  // ..._TRAFFIC_SECRET_0
    Bytes server_application_traffic;
};

// Takes in one line of a key log ("CLIENT_RANDOM <random> <secret>"): the client random and the secret of that label.
// False, and nothing changed, for a line that is malformed or whose label has no place here (EXPORTER_SECRET).
bool take_key_log_line(std::string_view line, Secrets& secrets);

}  // namespace rdpfault::tls
