// Passes bytes on later: delay with jitter, a rate, waits as if packets were lost. A queue with due times under an
// injected clock; order is kept, so what is late holds up what is behind it. Jitter and losses are drawn for each block
// of the stream (not each read), so the draws are the same however TCP cuts it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "protocol/bytes.hpp"
#include "proxy/event.hpp"
#include "proxy/faults/fault.hpp"
#include "proxy/faults/random.hpp"
#include "proxy/session/segment_loss.hpp"

namespace rdpfault::proxy {

class Shaper {
  public:
    static constexpr std::uint64_t block = 1460;  // bytes that share one draw: a full segment on Ethernet

    // From here on. `key` names the fault; its unit is set for each block.
    void set_delay(const action::Delay& delay, const DrawKey& key);
    void set_rate(std::uint64_t bytes_per_second);
    void set_loss(const action::LossStall& stall, const DrawKey& key);
    // Everything is due at once: it does not matter in which pieces it is pushed.
    bool is_idle() const { return !delay_ && rate_ == 0 && !loss_; }

    // `offset` is the place of the first byte in the stream received.
    void push(Bytes bytes, std::uint64_t offset, Time now);
    // Bytes that are due, in order.
    Bytes pop_due(Time now);
    std::optional<Time> next_due() const;

    void clear();
    bool empty() const { return queue_.empty(); }
    std::size_t size() const { return size_; }

  private:
    struct Chunk {
        Time due;
        Bytes bytes;
        std::optional<std::uint64_t> waits{};  // its segment, when that was lost and was not asked for again yet
        std::uint32_t lost_copies = 0;
    };
    Duration delay_for(std::uint64_t block_index) const;
    Time line_sent(std::uint64_t count, Time now);
    void enqueue(Bytes bytes, Time due);
    void lose(Bytes bytes, Time due, std::uint64_t segment);
    void retransmit_before(std::uint64_t segment, Time arrival);

    std::optional<action::Delay> delay_;
    DrawKey key_;
    std::string scenario_, fault_;  // what key_ points to
    std::uint64_t rate_ = 0;        // bytes per second; 0: unlimited
    Time line_free_{};              // when the modelled line has sent what it was given
    std::uint64_t line_rest_ = 0;   // and a fraction of a nanosecond more: this many bytes-nanoseconds of the rate
    std::optional<SegmentLoss> loss_;
    std::deque<Chunk> queue_;  // the first one's time is the next; one behind it may have been due for long
    std::size_t size_ = 0;
};

}  // namespace rdpfault::proxy
