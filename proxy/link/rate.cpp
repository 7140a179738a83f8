#include "proxy/link/rate.hpp"

#include <algorithm>

namespace rdpfault::link {

namespace {

std::uint64_t length(const Packet& packet) {
    return packet.headers.end - packet.headers.network;
}

}  // namespace

void RateEffect::configure(const DirectionSpec& spec, Time now) {
    const auto before = rate_;
    rate_ = spec.rate.value_or(Rate{});
    if (rate_.queue_bytes == 0 && rate_.queue_packets == 0) rate_.queue_bytes = default_queue;
    if (rate_ == before) return;
    idle_since_ = now;  // a rate just begun has no credit
    if (!queue_.empty()) begin_next(now);
}

// Rounded up: the line is never faster than it says.
RateEffect::Nanoseconds RateEffect::sending_time(std::uint64_t bytes) const {
    if (rate_.bytes_per_second == 0) return Nanoseconds{0};
    const auto time = (bytes * 1'000'000'000 + rate_.bytes_per_second - 1) / rate_.bytes_per_second;
    return Nanoseconds(static_cast<std::int64_t>(time));
}

bool RateEffect::full(std::uint64_t bytes) const {
    if (queue_.empty()) return false;
    return (rate_.queue_bytes > 0 && queued_bytes_ + bytes > rate_.queue_bytes) ||
           (rate_.queue_packets > 0 && queue_.size() >= rate_.queue_packets);
}

void RateEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (rate_.bytes_per_second == 0 && queue_.empty()) return outlet.pass(std::move(packet), now);
    const auto bytes = length(*packet);
    if (full(bytes)) {
        ++dropped_;
        return;
    }
    ++touched_;
    queued_bytes_ += bytes;
    queue_.push_back(std::move(packet));
    if (queue_.size() == 1) begin_next(now);
}

// A bucket: the time that the line stood idle, up to a burst, counts as sending already done.
void RateEffect::begin_next(Time now) {
    const auto credit = std::min<Nanoseconds>(now - std::min(idle_since_, now), sending_time(rate_.burst));
    const auto began = now - credit;
    line_free_ = std::max(now, began + sending_time(length(*queue_.front())));
    idle_since_ = began + sending_time(length(*queue_.front()));
}

std::optional<Time> RateEffect::due() const {
    return queue_.empty() ? std::nullopt : std::optional(line_free_);
}

void RateEffect::advance(Time now, Outlet& outlet) {
    while (!queue_.empty() && line_free_ <= now) {
        auto packet = std::move(queue_.front());
        queue_.pop_front();
        queued_bytes_ -= length(*packet);
        if (!queue_.empty()) begin_next(line_free_);
        outlet.pass(std::move(packet), now);
    }
}

}  // namespace rdpfault::link
