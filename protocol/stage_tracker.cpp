#include "protocol/stage_tracker.hpp"

#include <algorithm>

#include "protocol/tracker_wire.hpp"

namespace rdpfault {

using protocol::Emitter;

struct StageTracker::State {
    protocol::WireTracker wire;
    protocol::StageCounts wire_counts;
    protocol::SessionTracker decrypted;
    std::array<protocol::StreamCutter, 2> decrypted_cutters;
    protocol::StageCounts decrypted_counts;
};

StageTracker::StageTracker() : state_(std::make_unique<State>()) {}
StageTracker::~StageTracker() = default;
StageTracker::StageTracker(StageTracker&&) noexcept = default;
StageTracker& StageTracker::operator=(StageTracker&&) noexcept = default;

void StageTracker::feed(Direction direction, ByteView bytes, std::vector<TrackerEvent>& events) {
    Emitter emit(Layer::wire, state_->wire_counts, events);
    state_->wire.feed(direction, bytes, emit);
}

void StageTracker::feed_decrypted(Direction direction, ByteView bytes, std::vector<TrackerEvent>& events) {
    Emitter emit(Layer::decrypted, state_->decrypted_counts, events);
    auto& session = state_->decrypted;
    if (const auto selected = state_->wire.selected()) session.select_protocol(*selected);
    state_->decrypted_cutters[static_cast<std::size_t>(direction)].feed(
        bytes, [&](ByteView head) { return session.measure(direction, head); },
        [&](std::uint64_t begin, ByteView unit) {
            return session.handle({direction, begin, unit}, emit);
        },
        [&](std::uint64_t begin, std::string_view expected) { emit.garbage(direction, begin, expected); });
    if (session.hidden())
        for (auto& cutter : state_->decrypted_cutters)
            cutter.make_opaque();
}

void StageTracker::select_protocol(std::uint32_t protocol) {
    state_->decrypted.select_protocol(protocol);
}

std::uint64_t StageTracker::complete(Direction direction, Layer layer) const {
    if (layer == Layer::wire) return state_->wire.complete(direction);
    return state_->decrypted_cutters[static_cast<std::size_t>(direction)].begin();
}

std::optional<Stage> StageTracker::furthest() const {
    return std::max(state_->wire_counts.furthest(), state_->decrypted_counts.furthest());
}

bool StageTracker::opaque(Direction direction, Layer layer) const {
    if (layer == Layer::wire) return state_->wire.opaque(direction);
    return state_->decrypted_cutters[static_cast<std::size_t>(direction)].opaque();
}

}  // namespace rdpfault
