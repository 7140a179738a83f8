#include "protocol/tracker_stream.hpp"

#include <algorithm>

namespace rdpfault::protocol {

std::uint32_t StageCounts::count(Direction direction, Stage stage) {
    if (is_milestone(stage)) furthest_ = std::max(furthest_.value_or(stage), stage);
    return ++counts_[static_cast<std::size_t>(direction)][static_cast<std::size_t>(stage)];
}

TrackerEvent& Emitter::add(TrackerEvent::Kind kind, Direction direction, std::uint64_t begin, std::uint64_t end) {
    auto& event = events_.emplace_back();
    event.kind = kind;
    event.layer = layer_;
    event.direction = direction;
    event.begin = begin;
    event.end = end;
    return event;
}

void Emitter::stage(Stage stage, Direction direction, std::uint64_t begin, std::uint64_t end) {
    auto& event = add(TrackerEvent::Kind::stage, direction, begin, end);
    event.stage = stage;
    event.nth = counts_.count(direction, stage);
}

void Emitter::code(TrackerEvent::Kind kind, const Unit& unit, std::uint32_t code, std::uint8_t level) {
    auto& event = add(kind, unit.direction, unit.begin, unit.end());
    event.code = code;
    event.level = level;
}

void Emitter::record(const Unit& unit, std::uint32_t nth, std::uint8_t content_type) {
    auto& event = add(TrackerEvent::Kind::record, unit.direction, unit.begin, unit.end());
    event.nth = nth;
    event.content_type = content_type;
}

// Where garbage ends is not known, and must not depend on how the stream was cut: begin and end are the same.
void Emitter::garbage(Direction direction, std::uint64_t at, std::string_view expected) {
    add(TrackerEvent::Kind::garbage, direction, at, at).what = expected;
}

}  // namespace rdpfault::protocol
