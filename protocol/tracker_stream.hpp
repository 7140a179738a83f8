// What the halves of the stage tracker share: how one direction of one layer is cut into units, and how what was seen
// becomes events. Internal to the tracker.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/framing.hpp"
#include "protocol/stage_tracker.hpp"

namespace rdpfault::protocol {

// One whole unit and where it lies in its stream.
struct Unit {
    Direction direction{};
    std::uint64_t begin = 0;
    ByteView bytes;

    std::uint64_t end() const { return begin + bytes.size(); }
};

// What was expected in place of the unit, as static text; empty: nothing is wrong with it.
using Complaint = std::string_view;

// How often each stage was seen in each direction of a layer, and the last one in wire order.
class StageCounts {
  public:
    std::uint32_t count(Direction direction, Stage stage);
    std::optional<Stage> furthest() const { return furthest_; }

  private:
    std::array<std::array<std::uint32_t, static_cast<std::size_t>(Stage::rdp_disconnect) + 1>, 2> counts_{};
    std::optional<Stage> furthest_;
};

// Appends the events of one layer.
class Emitter {
  public:
    Emitter(Layer layer, StageCounts& counts, std::vector<TrackerEvent>& events)
        : layer_(layer), counts_(counts), events_(events) {}

    void stage(Stage stage, Direction direction, std::uint64_t begin, std::uint64_t end);
    void stage(Stage what, const Unit& unit) { stage(what, unit.direction, unit.begin, unit.end()); }
    // An event with a code: alert, negotiation_failure, error_info, disconnect, license_error,
    // credssp_error.
    void code(TrackerEvent::Kind kind, const Unit& unit, std::uint32_t code, std::uint8_t level = 0);
    void record(const Unit& unit, std::uint32_t nth, std::uint8_t content_type);
    void garbage(Direction direction, std::uint64_t at, std::string_view expected);

  private:
    TrackerEvent& add(TrackerEvent::Kind kind, Direction direction, std::uint64_t begin, std::uint64_t end);

    Layer layer_;
    StageCounts& counts_;
    std::vector<TrackerEvent>& events_;
};

// Holds the beginning of the unit in progress, and nothing else, between two calls.
class StreamCutter {
  public:
    // Calls `measure(head)`, which gives a FrameLength, and `handle(begin, unit)`, which gives a Complaint, for each
    // unit in turn; calls `garbage(begin, expected)` and becomes opaque when either of them says the bytes are wrong.
    template <class Measure, class Handle, class Garbage>
    void feed(ByteView bytes, Measure measure, Handle handle, Garbage garbage);

    std::uint64_t total() const { return total_; }
    // Of the unit in progress; the fed total once opaque.
    std::uint64_t begin() const { return opaque_ ? total_ : begin_; }
    bool opaque() const { return opaque_; }
    // Stops looking. Also from within `handle`.
    void make_opaque() { opaque_ = true; }

  private:
    // The rest of a unit whose length is known is taken from `bytes`, and not a byte behind it is copied.
    template <class Measure, class Handle, class Garbage>
    void finish_held(ByteView& bytes, Measure& measure, Handle& handle, Garbage& garbage);

    Bytes held_;
    std::uint64_t begin_ = 0;
    std::uint64_t total_ = 0;
    bool opaque_ = false;
};

template <class Measure, class Handle, class Garbage>
void StreamCutter::finish_held(ByteView& bytes, Measure& measure, Handle& handle, Garbage& garbage) {
    const FrameLength frame = measure(ByteView(held_));
    if (frame.status != FrameLength::Status::known || frame.size <= held_.size()) return;
    const auto count = std::min(frame.size - held_.size(), bytes.size());
    append(held_, bytes.first(count));
    bytes = bytes.subspan(count);
    if (held_.size() < frame.size) return;
    auto unit = std::exchange(held_, {});
    if (const Complaint expected = handle(begin_, ByteView(unit)); !expected.empty()) {
        garbage(begin_, expected);
        opaque_ = true;
        return;
    }
    begin_ += frame.size;
    unit.clear();
    held_ = std::move(unit);  // what was allocated for it
}

template <class Measure, class Handle, class Garbage>
void StreamCutter::feed(ByteView bytes, Measure measure, Handle handle, Garbage garbage) {
    total_ += bytes.size();
    if (!held_.empty() && !opaque_ && !bytes.empty()) finish_held(bytes, measure, handle, garbage);
    Bytes joined;
    if (!held_.empty() && !opaque_) {
        append(held_, bytes);
        joined = std::exchange(held_, {});
        bytes = joined;
    }
    while (!opaque_ && !bytes.empty()) {
        const FrameLength frame = measure(bytes);
        if (frame.status == FrameLength::Status::wrong) {
            garbage(begin_, frame.what);
            opaque_ = true;
        } else if (frame.status == FrameLength::Status::need_more || frame.size > bytes.size()) {
            break;
        } else if (const Complaint expected = handle(begin_, bytes.first(frame.size)); !expected.empty()) {
            garbage(begin_, expected);
            opaque_ = true;
        } else {
            begin_ += frame.size;
            bytes = bytes.subspan(frame.size);
        }
    }
    if (opaque_) bytes = {};
    if (joined.empty() || bytes.size() < joined.size()) {
        held_.assign(bytes.begin(), bytes.end());
    } else {
        held_ = std::move(joined);  // nothing was cut off: the usual case of a unit that arrives in many pieces
    }
}

}  // namespace rdpfault::protocol
