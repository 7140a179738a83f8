#include "harness/capture/reassembly.hpp"

#include <algorithm>
#include <iterator>

namespace rdpfault::capture {

namespace {

constexpr std::size_t piece_overhead = 96;  // of a node of the map: a flood of tiny pieces counts as what it costs

}  // namespace

void Reassembly::begin(std::uint32_t sequence) {
    first_ = sequence;
    begun_ = true;
}

std::int64_t Reassembly::offset_of(std::uint32_t sequence) const {
    const auto expected = static_cast<std::uint32_t>(first_ + static_cast<std::uint64_t>(reference_));
    return reference_ + static_cast<std::int32_t>(sequence - expected);
}

void Reassembly::add(std::int64_t offset, ByteView bytes, std::vector<Stretch>& out) {
    if (!begun_ || bytes.empty()) return;
    if (offset < 0) {
        const auto before = static_cast<std::uint64_t>(-offset);
        if (before >= bytes.size()) return;
        bytes = bytes.subspan(before);
        offset = 0;
    }
    auto begin = static_cast<std::uint64_t>(offset);
    const auto end = begin + bytes.size();
    if (end <= next_) return;
    if (begin < next_) {
        bytes = bytes.subspan(next_ - begin);
        begin = next_;
    }
    reference_ = std::max(reference_, static_cast<std::int64_t>(end));
    store(begin, bytes);
    deliver(out);
    while (held_ > limit_)
        skip_to(waiting_.begin()->first, out);
}

void Reassembly::acknowledged(std::int64_t offset, std::vector<Stretch>& out) {
    if (!begun_ || offset <= 0) return;
    reference_ = std::max(reference_, offset);
    const auto end = static_cast<std::uint64_t>(offset);
    while (next_ < end)
        skip_to(waiting_.empty() ? end : std::min(end, waiting_.begin()->first), out);
}

void Reassembly::flush(std::vector<Stretch>& out) {
    while (!waiting_.empty())
        skip_to(waiting_.begin()->first, out);
}

// Stores those parts that are not there yet.
void Reassembly::store(std::uint64_t begin, ByteView bytes) {
    auto later = waiting_.upper_bound(begin);
    if (later != waiting_.begin()) {
        const auto& [at, piece] = *std::prev(later);
        const auto covered = at + piece.size();
        if (covered >= begin + bytes.size()) return;
        if (covered > begin) {
            bytes = bytes.subspan(covered - begin);
            begin = covered;
        }
    }
    while (!bytes.empty() && later != waiting_.end() && later->first < begin + bytes.size()) {
        const auto free = later->first - begin;
        store_piece(begin, bytes.first(free));
        const auto covered = std::min<std::uint64_t>(bytes.size(), free + later->second.size());
        bytes = bytes.subspan(covered);
        begin += covered;
        ++later;
    }
    store_piece(begin, bytes);
}

void Reassembly::store_piece(std::uint64_t begin, ByteView bytes) {
    if (bytes.empty()) return;
    waiting_.emplace(begin, Bytes(bytes.begin(), bytes.end()));
    held_ += bytes.size() + piece_overhead;
}

void Reassembly::deliver(std::vector<Stretch>& out) {
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
        auto piece = waiting_.extract(waiting_.begin());
        held_ -= piece.mapped().size() + piece_overhead;
        const auto offset = next_;
        next_ += piece.mapped().size();
        out.push_back({offset, std::move(piece.mapped()), 0});
    }
}

void Reassembly::skip_to(std::uint64_t offset, std::vector<Stretch>& out) {
    if (offset > next_) {
        out.push_back({next_, {}, offset - next_});
        next_ = offset;
    }
    deliver(out);
}

}  // namespace rdpfault::capture
