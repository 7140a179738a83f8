#include "harness/tcp_json.hpp"

#include <nlohmann/json.hpp>

namespace rdpfault::harness {

nlohmann::ordered_json tcp_json(const proxy::TcpFacts& facts) {
    return {{"rtt_us", facts.rtt.count()},
            {"retransmits", facts.retransmits},
            {"lost", facts.lost},
            {"cwnd", facts.congestion_window},
            {"segment_size", facts.segment_size}};
}

}  // namespace rdpfault::harness
