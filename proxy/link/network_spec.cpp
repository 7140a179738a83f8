#include "proxy/link/network_spec.hpp"

#include <algorithm>

namespace rdpfault::link {

namespace {

template <class Part>
void replace(std::optional<Part>& base, const std::optional<Part>& change) {
    if (change) base = change;
}

bool names_stages(const DirectionSpec& spec) {
    return spec.lose && std::any_of(spec.lose->begin(), spec.lose->end(), [](const auto& l) { return l.stage; });
}

}  // namespace

void apply(DirectionSpec& base, const DirectionSpec& change) {
    replace(base.latency, change.latency);
    replace(base.jitter, change.jitter);
    replace(base.loss, change.loss);
    replace(base.lose, change.lose);
    replace(base.duplicate, change.duplicate);
    replace(base.reorder, change.reorder);
    replace(base.corrupt, change.corrupt);
    replace(base.rate, change.rate);
    replace(base.trace, change.trace);
    replace(base.mtu, change.mtu);
    replace(base.mss_clamp, change.mss_clamp);
    replace(base.outages, change.outages);
    replace(base.silent, change.silent);
    replace(base.syn, change.syn);
    replace(base.idle, change.idle);
}

std::string_view to_string(Between between) {
    switch (between) {
        case Between::client: return "client";
        case Between::server: return "server";
        case Between::middle: return "middle";
    }
    return "";
}

bool NetworkSpec::names_stages() const {
    const auto in = [](const auto& part) {
        return link::names_stages(part.towards_server) || link::names_stages(part.towards_client);
    };
    return in(*this) || std::any_of(timeline.begin(), timeline.end(),
                                    [&](const Change& c) { return c.at_stage || c.after_stage || in(c); });
}

}  // namespace rdpfault::link
