// Both directions and layers at once, fed whole and byte by byte, must give the same events; garbage comes once; and
// complete() stays within its bounds. The input is a list of pieces: a byte that says which stream, two that say how
// many bytes, and the bytes.
#include <array>

#include "protocol/reader.hpp"
#include "protocol/stage_tracker.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

namespace {

struct Piece {
    Direction direction{};
    bool decrypted = false;
    ByteView bytes;
};

std::vector<Piece> pieces_of(ByteView input) {
    Reader reader(input);
    std::vector<Piece> pieces;
    while (!reader.at_end()) {
        const auto stream = reader.u8("stream");
        const std::size_t size = reader.u16be("size");
        const auto bytes = reader.take(std::min(size, reader.remaining()), "bytes");
        pieces.push_back({static_cast<Direction>(stream & 1), (stream & 2) != 0, bytes});
    }
    return pieces;
}

class Checked {
  public:
    void feed(const Piece& piece, ByteView bytes) {
        if (piece.decrypted) return tracker_.feed_decrypted(piece.direction, bytes, events_);
        tracker_.feed(piece.direction, bytes, events_);
        auto& fed = fed_[static_cast<std::size_t>(piece.direction)];
        auto& before = complete_[static_cast<std::size_t>(piece.direction)];
        fed += bytes.size();
        const auto complete = tracker_.complete(piece.direction);
        require(complete >= before && complete <= fed && fed - complete <= StageTracker::max_held());
        require(!tracker_.opaque(piece.direction) || complete == fed);
        before = complete;
    }
    const std::vector<TrackerEvent>& events() const { return events_; }

  private:
    StageTracker tracker_;
    std::vector<TrackerEvent> events_;
    std::array<std::uint64_t, 2> fed_{};
    std::array<std::uint64_t, 2> complete_{};
};

void check_events(const std::vector<TrackerEvent>& events) {
    std::array<int, 4> garbage{};
    for (const auto& event : events) {
        const auto stream = static_cast<std::size_t>(event.direction) + 2 * static_cast<std::size_t>(event.layer);
        require(event.begin <= event.end && garbage[stream] == 0);
        garbage[stream] += event.kind == TrackerEvent::Kind::garbage;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Checked whole;
    Checked byte_by_byte;
    for (const auto& piece : pieces_of({bytes, size})) {
        whole.feed(piece, piece.bytes);
        for (std::size_t i = 0; i < piece.bytes.size(); ++i)
            byte_by_byte.feed(piece, piece.bytes.subspan(i, 1));
    }
    require(whole.events() == byte_by_byte.events());
    check_events(whole.events());
    return 0;
}
