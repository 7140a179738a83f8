// How an end of CredSSP stands, and why it failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/error.hpp"

namespace rdpfault::nla {

enum class Progress : std::uint8_t { running, done, failed };

// The numbers of the code catalogue, family ntstatus.
namespace status {
inline constexpr std::uint32_t unsupported_function = 0x80090302;  // SEC_E_UNSUPPORTED_FUNCTION
inline constexpr std::uint32_t invalid_token = 0x80090308;         // SEC_E_INVALID_TOKEN
inline constexpr std::uint32_t logon_denied = 0x8009030C;          // SEC_E_LOGON_DENIED
inline constexpr std::uint32_t no_credentials = 0x8009030E;        // SEC_E_NO_CREDENTIALS
inline constexpr std::uint32_t message_altered = 0x8009030F;       // SEC_E_MESSAGE_ALTERED
inline constexpr std::uint32_t access_denied = 0xC0000022;         // STATUS_ACCESS_DENIED
inline constexpr std::uint32_t logon_failure = 0xC000006D;         // STATUS_LOGON_FAILURE
}  // namespace status

struct Failure {
    std::uint32_t status = 0;  // NTSTATUS or SEC_E_*
    std::string reason;        // for people; no secret is in it
    bool told = false;         // client: the server's errorCode; server: the client was sent it
    // The message was no TSRequest, or not one that can stand here; its offset counts from the message.
    std::optional<protocol::DecodeError> malformed;
};

}  // namespace rdpfault::nla
