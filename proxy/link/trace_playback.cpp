#include "proxy/link/trace_playback.hpp"

#include <charconv>

namespace rdpfault::link {

void TraceEffect::configure(const DirectionSpec& spec, Time now) {
    auto wanted = spec.trace.value_or(Trace{});
    if (wanted == trace_) return;
    trace_ = std::move(wanted);
    began_ = now;
    round_ = 0;
    next_ = 0;
}

Time TraceEffect::opportunity() const {
    const auto length = std::uint64_t{trace_.milliseconds.back()};
    return began_ + std::chrono::milliseconds(round_ * length + trace_.milliseconds[next_]);
}

void TraceEffect::step() {
    if (++next_ < trace_.milliseconds.size()) return;
    next_ = 0;
    ++round_;
}

// Opportunities are not saved up.
void TraceEffect::pass_unused(Time now) {
    const auto length = std::chrono::milliseconds(trace_.milliseconds.back());
    const auto round = static_cast<std::uint64_t>((now - began_) / length);
    if (round > round_) {
        round_ = round;
        next_ = 0;
    }
    while (opportunity() < now)
        step();
}

void TraceEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (trace_.milliseconds.empty()) return outlet.pass(std::move(packet), now);
    if (queue_.size() >= trace_.queue_packets) {
        ++dropped_;
        return;
    }
    ++touched_;
    if (queue_.empty()) pass_unused(now);
    queue_.push_back(std::move(packet));
}

std::optional<Time> TraceEffect::due() const {
    if (queue_.empty()) return std::nullopt;
    return trace_.milliseconds.empty() ? Time::min() : opportunity();
}

void TraceEffect::advance(Time now, Outlet& outlet) {
    while (!queue_.empty() && *due() <= now) {
        std::size_t room = trace_.milliseconds.empty() ? SIZE_MAX : bytes_per_opportunity;
        if (!trace_.milliseconds.empty()) step();
        while (!queue_.empty()) {
            const auto& h = queue_.front()->headers;
            const std::size_t size = h.end - h.network;
            if (size > room) break;
            room -= size;
            auto packet = std::move(queue_.front());
            queue_.pop_front();
            outlet.pass(std::move(packet), now);
        }
    }
}

bool parse_trace(std::string_view text, std::vector<std::uint32_t>& milliseconds) {
    milliseconds.clear();
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto digits = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
        if (digits.empty()) continue;
        std::uint32_t time = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), time);
        if (error != std::errc{} || end != digits.data() + digits.size()) return false;
        if (!milliseconds.empty() && time < milliseconds.back()) return false;
        milliseconds.push_back(time);
    }
    return !milliseconds.empty() && milliseconds.back() > 0;
}

}  // namespace rdpfault::link
