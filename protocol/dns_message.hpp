// DNS messages (RFC 1035, section 4), as far as the lookup of one host's addresses needs them. What is read is taken
// apart by the C library's resolver, which checks every length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::protocol {

inline constexpr std::uint16_t dns_type_a = 1, dns_type_aaaa = 28;  // RFC 1035 3.2.2, RFC 3596 2.1
inline constexpr std::size_t dns_max_message = 512;                 // over UDP (RFC 1035 4.2.1)

// RCODE, RFC 1035 4.1.1.
enum class DnsStatus : std::uint8_t { no_error = 0, server_failure = 2, name_error = 3, refused = 5 };

struct DnsQuestion {
    std::uint16_t id = 0;
    std::string name;  // without the dot at the end
    std::uint16_t type = dns_type_a;
    bool operator==(const DnsQuestion&) const = default;
};

struct DnsAnswer {
    DnsQuestion question;
    std::uint8_t status = 0;       // RCODE
    std::vector<Bytes> addresses;  // of the type asked for: 4 or 16 bytes each, network order
};

// A query for recursion of class IN. nullopt: the name cannot be written (RFC 1035 3.1).
std::optional<Bytes> write_dns_query(const DnsQuestion& question);
// nullopt: not a query of one question of class IN.
std::optional<DnsQuestion> read_dns_query(ByteView message);

// `addresses`: of the question's type and its length; `ttl` in seconds. Never longer than dns_max_message: what does
// not fit is left out.
Bytes write_dns_answer(const DnsQuestion& question, DnsStatus status, const std::vector<Bytes>& addresses,
                       std::uint32_t ttl);
// nullopt: not an answer to one question of class IN. Records of other names and types are passed over, so a chain of
// aliases counts as its end.
std::optional<DnsAnswer> read_dns_answer(ByteView message);

// "name does not exist", "server failure", ...
std::string dns_status_text(std::uint8_t status);

}  // namespace rdpfault::protocol
