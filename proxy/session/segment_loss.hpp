// How often the packets of a stream would have been lost, and what TCP makes of it: the time until the receiver's
// application gets them. Draws are for segments of the stream, not for reads; who asks how often does not shift them.
#pragma once

#include <cstdint>
#include <string>

#include "proxy/faults/fault.hpp"
#include "proxy/faults/random.hpp"

namespace rdpfault::proxy {

class SegmentLoss {
  public:
    SegmentLoss(const action::LossStall& stall, const DrawKey& key);

    // Copies of this segment that are lost before one arrives; at most `most_copies`. Segments are asked for in order,
    // the same one any number of times.
    std::uint32_t lost_copies(std::uint64_t segment);
    // From the segment's own time to its arrival when only the time-out brings it back: RTO, doubled for each further
    // loss (RFC 6298, section 5.5; the least RTO is Linux's 200 ms above the round trip).
    Duration by_timeout(std::uint32_t lost_copies) const;
    // From the third later segment's arrival, whose acknowledgement asks for it again (RFC 5681, section 3.2).
    Duration by_fast_retransmit(std::uint32_t lost_copies) const;

    static constexpr std::uint32_t most_copies = 15;  // then the kernel gives the connection up (tcp_retries2)
    static constexpr std::uint64_t duplicates = 3;    // later segments that start the fast retransmit

  private:
    Duration timeout() const { return stall_.round_trip + std::chrono::milliseconds(200); }
    double average_loss() const;

    action::LossStall stall_;
    DrawKey key_;
    std::string scenario_, fault_;  // what key_ points to
    std::uint64_t next_ = 0;        // the first segment that was not asked for yet; 0: none was
    std::uint32_t last_ = 0;        // lost copies of the one before
    bool bad_ = false;
};

}  // namespace rdpfault::proxy
