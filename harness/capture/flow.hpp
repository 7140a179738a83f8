// One TCP connection of a capture: puts both streams together, and sees who ended it and how (RFC 9293 3.5 to 3.10).
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "harness/capture/account.hpp"
#include "harness/capture/reassembly.hpp"

namespace rdpfault::capture {

class Flow {
  public:
    // `client` is a guess until the flow has seen a SYN or data. `keys` may be nullptr.
    Flow(const Address& client, const Address& server, const KeyLog* keys);

    void packet(const Segment& segment, Time at);
    void unreachable(std::uint8_t code, Time at);
    // A SYN that begins another connection between the same two ends.
    bool is_successor(const Segment& segment) const;
    // The capture is over, or the table is full; then account() is complete.
    void finish();

    Account account() const;
    std::size_t held() const;  // memory that waits for more
    bool is_rdp() const { return talk_.is_rdp(); }
    bool is_other() const { return talk_.is_other(); }
    const Address& client() const { return account_.client; }
    const Address& server() const { return account_.server; }

  private:
    static constexpr std::size_t max_waiting = 1024 * 1024;
    static constexpr std::int64_t nothing_proven = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t farthest = std::int64_t{1} << 30;  // no window is larger

    struct Half {
        Reassembly stream{max_waiting};
        std::optional<std::int64_t> fin;   // offset
        std::optional<std::uint32_t> syn;  // sequence number
        std::int64_t sent = 0;             // one past the furthest that was seen, with a FIN
                                           // No FIN is before this: behind a SYN, or the end of data that was seen.
        std::int64_t data_end = nothing_proven;
        std::int64_t acked = 0;        // by the other side
        std::uint32_t window = 65535;  // scaled
        std::uint8_t scale = 0;
        std::optional<Time> last;   // packet
        std::uint32_t repeats = 0;  // packets sent again since the other side was last heard of
        std::optional<std::uint8_t> hops;
        bool hops_vary = false;
        std::uint32_t others = 0;  // packets that are no resets
    };

    // The first FIN or RST.
    struct FirstEnd {
        Side side{};
        bool reset = false;
        Time at{};
        std::int64_t offset = 0;           // its own place
        std::optional<std::int64_t> has;   // what its sender had of the other side
        std::optional<std::uint8_t> hops;  // of a reset
        bool answered = false;             // the other side sent a reset as well
    };

    // A packet that waits for those it acknowledges.
    struct Early {
        Segment segment;  // its payload is the one below
        Bytes payload;
        Time at{};
    };

    Half& half(Side side) { return halves_[static_cast<std::size_t>(side)]; }
    const Half& half(Side side) const { return halves_[static_cast<std::size_t>(side)]; }
    bool is_early(const Segment& segment) const;
    void take_first_early();
    void take(const Segment& segment, Time at);
    void orient(const Segment& segment);
    void begin_streams(const Segment& segment, Side side);
    void acknowledge(const Segment& segment, Side side, Time at);
    void data(const Segment& segment, Side side, std::int64_t offset, bool copy, Time at);
    void reset(const Segment& segment, Side side, std::int64_t offset, Time at);
    void end(FirstEnd end);
    void tell(Side side, std::vector<Stretch>& stretches, Time at);
    void judge(Account& account) const;
    void judge_unconnected(Account& account) const;
    void judge_between(Account& account) const;
    bool hides_fin(Side side) const;

    std::array<Half, 2> halves_;
    std::deque<Early> early_;
    Conversation talk_;
    Account account_;
    std::optional<FirstEnd> end_;
    bool oriented_ = false;
    bool refused_ = false;
    bool closed_ = false;  // by a reset
};

}  // namespace rdpfault::capture
