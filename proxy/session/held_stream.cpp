#include "proxy/session/held_stream.hpp"

#include <algorithm>
#include <utility>

namespace rdpfault::proxy {

void HeldStream::append(Bytes bytes) {
    if (bytes.empty()) return;
    const auto begin = end_;
    end_ += bytes.size();
    size_ += bytes.size();
    if (segments_.empty() || segments_.back().edited) {
        segments_.push_back({begin, end_, std::move(bytes), false});
    } else {
        rdpfault::append(segments_.back().bytes, bytes);
        segments_.back().end = end_;
    }
}

HeldStream::Position HeldStream::split_at(std::uint64_t offset) {
    auto found =
        std::find_if(segments_.begin(), segments_.end(), [offset](const Segment& s) { return s.end > offset; });
    if (found == segments_.end() || found->begin >= offset || found->edited) return found;
    const auto cut = static_cast<std::ptrdiff_t>(offset - found->begin);
    Segment tail{offset, found->end, Bytes(found->bytes.begin() + cut, found->bytes.end()), false};
    found->bytes.resize(static_cast<std::size_t>(cut));
    found->end = offset;
    return segments_.insert(std::next(found), std::move(tail));
}

Bytes HeldStream::take_until(std::uint64_t offset) {
    split_at(offset);
    Bytes out;
    while (!segments_.empty() && segments_.front().end <= offset) {
        auto& front = segments_.front();
        size_ -= front.bytes.size();
        begin_ = front.end;
        if (out.empty())
            out = std::move(front.bytes);
        else
            rdpfault::append(out, front.bytes);
        segments_.pop_front();
    }
    return out;
}

Bytes HeldStream::view(std::uint64_t begin, std::uint64_t end) {
    Bytes out;
    split_at(end);
    for (auto at = split_at(begin); at != segments_.end() && at->begin < end; ++at)
        rdpfault::append(out, at->bytes);
    return out;
}

void HeldStream::replace(std::uint64_t begin, std::uint64_t end, Bytes bytes) {
    split_at(end);
    auto at = split_at(begin);
    if (begin >= end || at == segments_.end() || at->begin >= end) return;  // nothing of it is held (any more)
    // An earlier edit that overlaps is widened to: its bytes are part of what view() showed.
    const auto first = std::min(begin, at->begin);
    auto last = end;
    while (at != segments_.end() && at->begin < end) {
        size_ -= at->bytes.size();
        last = std::max(last, at->end);
        at = segments_.erase(at);
    }
    size_ += bytes.size();
    segments_.insert(at, {first, last, std::move(bytes), true});
}

void HeldStream::clear() {
    segments_.clear();
    begin_ = end_;
    size_ = 0;
}

}  // namespace rdpfault::proxy
