#include "proxy/session/shaper.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rdpfault::proxy {

void Shaper::set_delay(const action::Delay& delay, const DrawKey& key) {
    delay_ = delay;
    scenario_ = key.scenario;
    fault_ = key.fault;
    key_ = key;
}

void Shaper::set_rate(std::uint64_t bytes_per_second) {
    rate_ = bytes_per_second;
}

void Shaper::set_loss(const action::LossStall& stall, const DrawKey& key) {
    loss_.emplace(stall, key);
}

Duration Shaper::delay_for(std::uint64_t block_index) const {
    if (!delay_) return {};
    if (delay_->jitter.count() == 0) return delay_->time;
    auto key = key_;
    key.scenario = scenario_;
    key.fault = fault_;
    key.unit = block_index;
    Draws draws(key);
    double factor = 0;  // in units of the jitter
    switch (delay_->distribution) {
        case Jitter::uniform: factor = 2 * draws.uniform() - 1; break;
        case Jitter::normal: factor = draws.normal(); break;
        case Jitter::pareto: factor = std::min(draws.pareto(3.0), 50.0); break;  // the tail ends somewhere
    }
    const auto shift =
        Duration(static_cast<Duration::rep>(std::llround(factor * static_cast<double>(delay_->jitter.count()))));
    return std::max(Duration{0}, delay_->time + shift);
}

void Shaper::enqueue(Bytes bytes, Time due) {
    size_ += bytes.size();
    if (!queue_.empty() && queue_.back().due == due && !queue_.back().waits)
        append(queue_.back().bytes, bytes);
    else
        queue_.push_back({due, std::move(bytes)});
}

void Shaper::lose(Bytes bytes, Time due, std::uint64_t segment) {
    const auto copies = loss_->lost_copies(segment);
    if (copies == 0) return enqueue(std::move(bytes), due);
    size_ += bytes.size();
    queue_.push_back({due + loss_->by_timeout(copies), std::move(bytes), segment, copies});
}

// Three segments have arrived behind a lost one: it is sent again sooner than the time-out would have it.
void Shaper::retransmit_before(std::uint64_t segment, Time arrival) {
    for (auto& chunk : queue_) {
        if (!chunk.waits || *chunk.waits + SegmentLoss::duplicates > segment) continue;
        chunk.due = std::min(chunk.due, arrival + loss_->by_fast_retransmit(chunk.lost_copies));
        chunk.waits.reset();
    }
}

// A byte is through the line when the line has sent it. What the division leaves is carried over: a stream that comes
// byte by byte must not be faster than one that comes whole.
Time Shaper::line_sent(std::uint64_t count, Time now) {
    constexpr std::uint64_t second = 1'000'000'000;
    if (line_free_ < now) {
        line_free_ = now;
        line_rest_ = 0;
    }
    line_rest_ += count * second;
    line_free_ += std::chrono::nanoseconds(line_rest_ / rate_);
    line_rest_ %= rate_;
    return line_free_;
}

void Shaper::push(Bytes bytes, std::uint64_t offset, Time now) {
    if (bytes.empty()) return;
    if (is_idle()) {
        enqueue(std::move(bytes), now);
        return;
    }
    for (std::size_t done = 0; done < bytes.size();) {
        const auto here = offset + done;
        const auto count = std::min<std::uint64_t>(bytes.size() - done, block - here % block);
        const auto part = ByteView(bytes).subspan(done, static_cast<std::size_t>(count));
        Time sent = now;
        if (rate_ > 0) sent = line_sent(count, now);
        const auto due = sent + delay_for(here / block);
        if (loss_) {
            retransmit_before(here / block, due);
            lose(Bytes(part.begin(), part.end()), due, here / block);
        } else {
            enqueue(Bytes(part.begin(), part.end()), due);
        }
        done += static_cast<std::size_t>(count);
    }
}

Bytes Shaper::pop_due(Time now) {
    Bytes out;
    while (!queue_.empty() && queue_.front().due <= now) {
        size_ -= queue_.front().bytes.size();
        if (out.empty())
            out = std::move(queue_.front().bytes);
        else
            append(out, queue_.front().bytes);
        queue_.pop_front();
    }
    return out;
}

std::optional<Time> Shaper::next_due() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.front().due;
}

void Shaper::clear() {
    queue_.clear();
    size_ = 0;
}

}  // namespace rdpfault::proxy
