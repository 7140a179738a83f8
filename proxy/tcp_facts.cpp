#include "proxy/tcp_facts.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>

namespace rdpfault::proxy {

TcpFacts facts_of(const ::tcp_info& info) {
    TcpFacts facts;
    facts.rtt = std::chrono::microseconds(info.tcpi_rtt);
    facts.rtt_variation = std::chrono::microseconds(info.tcpi_rttvar);
    facts.retransmits = info.tcpi_total_retrans;
    facts.lost = info.tcpi_lost;
    facts.congestion_window = info.tcpi_snd_cwnd;
    facts.segment_size = info.tcpi_snd_mss;
    facts.bytes_sent = info.tcpi_bytes_sent;
    facts.bytes_retransmitted = info.tcpi_bytes_retrans;
    return facts;
}

std::optional<TcpFacts> tcp_facts(int socket) {
    ::tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    return facts_of(info);
}

std::string to_string(const TcpFacts& facts) {
    char text[128];
    std::snprintf(text, sizeof text, "rtt %.1f ms, %u retransmits, %u lost, cwnd %u",
                  static_cast<double>(facts.rtt.count()) / 1000, facts.retransmits, facts.lost,
                  facts.congestion_window);
    return text;
}

}  // namespace rdpfault::proxy
