// What the two streams of one connection say in RDP's words: stages and when, what either side was told, how far that
// is sure. Bytes and gaps in, as Reassembly gives them; facts out.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/capture/packet.hpp"
#include "harness/capture/passive_tls.hpp"
#include "protocol/ending.hpp"
#include "protocol/stage_tracker.hpp"

namespace rdpfault::capture {

struct StageTime {
    Stage stage{};
    Time at{};
};

// What one side told the other before the end: an alert, a failure, an error.
struct Said {
    Side by{};
    Ending ending;
    Time at{};
};

struct Talk {
    std::vector<StageTime> stages;  // the first of each, in the order of the wire
    std::optional<Stage> furthest;
    std::optional<Time> reached;                       // when the furthest stage was first seen
    std::vector<Said> said;                            // in order; at most max_said
    std::array<std::uint64_t, 2> records{};            // of application data behind the handshake, by Direction
    std::array<std::uint64_t, 2> lost{};               // bytes that the capture has not got
    std::array<std::optional<Ending>, 2> malformed{};  // by Direction: no RDP from that byte on
    std::optional<std::uint16_t> tls_version;          // with a key log
    std::optional<bool> nla;                           // whether the Connection Confirm selected it
    bool opened = false;                               // plain text was read with logged secrets
    std::string unopened;                              // why it was not, where a log was at hand; else empty

    static constexpr std::size_t max_said = 16;
};

class Conversation {
  public:
    // `keys` may be nullptr.
    explicit Conversation(const KeyLog* keys) {
        if (keys != nullptr && !keys->empty()) tls_.emplace(*keys);
    }

    void bytes(Direction direction, ByteView bytes, Time at);
    void gap(Direction direction, std::uint64_t size);
    // What came before the first packet is not known.
    void begins_late() { begins_late_ = true; }

    // It began as RDP does: with a Connection Request, or a preconnection PDU.
    bool is_rdp() const { return is_rdp_; }
    // The client began with something else.
    bool is_other() const { return is_other_ && !is_rdp_; }
    std::size_t held() const;  // memory
    Talk account() const;

  private:
    static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
    void take(const std::vector<TrackerEvent>& events, Time at);
    void take(const TrackerEvent& event, Time at);
    void stage(const TrackerEvent& event, Time at);
    void open(const TrackerEvent& record, Time at);
    void look_at_confirm(ByteView bytes);
    void say(Side by, EndKind kind, std::uint32_t code, Time at);
    bool whole() const { return !begins_late_ && talk_.lost[0] == 0 && talk_.lost[1] == 0; }

    StageTracker tracker_;
    std::optional<PassiveTls> tls_;
    std::array<Bytes, 2> tail_;  // of the wire, from tail_begin_ on: records that are not complete yet
    std::array<std::uint64_t, 2> tail_begin_{};
    std::array<std::uint64_t, 2> fed_{};
    Bytes head_;  // of what the server sends, up to its confirm
    Talk talk_;
    bool begins_late_ = false;
    bool is_rdp_ = false;
    bool is_other_ = false;
};

}  // namespace rdpfault::capture
