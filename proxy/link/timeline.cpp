#include "proxy/link/timeline.hpp"

namespace rdpfault::link {

Timeline::Timeline(const NetworkSpec& spec, Time began)
    : current_{spec.of(Direction::client_to_server), spec.of(Direction::server_to_client)}, began_(began) {
    for (const auto& change : spec.timeline)
        entries_.push_back({change});
}

std::optional<Time> Timeline::due() const {
    std::optional<Time> first;
    for (const auto& entry : entries_) {
        if (entry.done || !entry.change.at) continue;
        const auto time = began_ + *entry.change.at;
        if (!first || time < *first) first = time;
    }
    return first;
}

template <class Wanted>
std::size_t Timeline::fire(Wanted wanted) {
    std::size_t fired = 0;
    for (auto& entry : entries_) {
        if (entry.done || !wanted(entry.change)) continue;
        entry.done = true;
        ++fired;
        apply(current_[static_cast<int>(Direction::client_to_server)], entry.change.towards_server);
        apply(current_[static_cast<int>(Direction::server_to_client)], entry.change.towards_client);
    }
    return fired;
}

std::size_t Timeline::advance(Time now) {
    return fire([&](const Change& change) { return change.at && began_ + *change.at <= now; });
}

std::size_t Timeline::at(Stage stage) {
    return fire([&](const Change& change) { return change.at_stage == stage; });
}

std::size_t Timeline::after(Stage stage) {
    return fire([&](const Change& change) { return change.after_stage == stage; });
}

}  // namespace rdpfault::link
