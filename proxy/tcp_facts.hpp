// What the kernel knows of a TCP connection: TCP_INFO of tcp(7).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

struct tcp_info;

namespace rdpfault::proxy {

struct TcpFacts {
    std::chrono::microseconds rtt{0};
    std::chrono::microseconds rtt_variation{0};
    std::uint32_t retransmits = 0;        // segments, of the whole connection
    std::uint32_t lost = 0;               // segments thought lost just now
    std::uint32_t congestion_window = 0;  // segments
    std::uint32_t segment_size = 0;
    std::uint64_t bytes_sent = 0;  // retransmitted ones included
    std::uint64_t bytes_retransmitted = 0;
    bool operator==(const TcpFacts&) const = default;
};

// From the kernel's struct tcp_info.
TcpFacts facts_of(const ::tcp_info& info);

// nullopt when the descriptor is not a TCP socket.
std::optional<TcpFacts> tcp_facts(int socket);
// "rtt 40.3 ms, 12 retransmits, 0 lost, cwnd 10".
std::string to_string(const TcpFacts& facts);

}  // namespace rdpfault::proxy
