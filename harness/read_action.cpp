#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

using proxy::Action;
namespace action = proxy::action;

constexpr std::uint64_t most = 0xffffffff;

constexpr std::array direction_words{Word<proxy::Directions>{"client-to-server", proxy::Directions::client_to_server},
                                     Word<proxy::Directions>{"server-to-client", proxy::Directions::server_to_client},
                                     Word<proxy::Directions>{"both", proxy::Directions::both}};
constexpr std::array jitter_words{Word<proxy::Jitter>{"uniform", proxy::Jitter::uniform},
                                  Word<proxy::Jitter>{"normal", proxy::Jitter::normal},
                                  Word<proxy::Jitter>{"pareto", proxy::Jitter::pareto}};

template <class Ending>
Action read_sides(const Value& value, Diagnostics& diagnostics) {
    return Ending{read_word(value, "side", sides_words, diagnostics).value_or(proxy::Sides::client)};
}

Action read_stall(const Value& value, Diagnostics& diagnostics) {
    action::Stall stall;
    const auto time = [&](const Value& v) {
        if (!(v.is_scalar() && v.text == "forever")) stall.time = read_duration(v, diagnostics);
    };
    if (!value.is_map()) {
        time(value);
        return stall;
    }
    MapReader map(value, "stall", diagnostics);
    if (const auto* v = map.find("time")) time(*v);
    read_into(stall.directions, map.find("direction"), "direction", direction_words, diagnostics);
    map.finish();
    return stall;
}

Action read_delay(const Value& value, Diagnostics& diagnostics) {
    action::Delay delay;
    if (!value.is_map()) {
        delay.time = read_duration(value, diagnostics).value_or(delay.time);
        return delay;
    }
    MapReader map(value, "delay", diagnostics);
    if (const auto* v = map.require("time")) delay.time = read_duration(*v, diagnostics).value_or(delay.time);
    if (const auto* v = map.find("jitter")) delay.jitter = read_duration(*v, diagnostics).value_or(delay.jitter);
    read_into(delay.distribution, map.find("distribution"), "distribution", jitter_words, diagnostics);
    read_into(delay.directions, map.find("direction"), "direction", direction_words, diagnostics);
    map.finish();
    return delay;
}

Action read_throttle(const Value& value, Diagnostics& diagnostics) {
    action::Throttle throttle;
    const auto rate = [&](const Value& v) {
        const auto bytes = v.is_scalar() ? rate_from_string(v.text) : std::nullopt;
        if (!bytes) expected(v, rate_form, diagnostics);
        throttle.bytes_per_second = bytes.value_or(1);
    };
    if (!value.is_map()) {
        rate(value);
        return throttle;
    }
    MapReader map(value, "throttle", diagnostics);
    if (const auto* v = map.require("rate")) rate(*v);
    read_into(throttle.directions, map.find("direction"), "direction", direction_words, diagnostics);
    map.finish();
    return throttle;
}

Action read_loss_stall(const Value& value, Diagnostics& diagnostics) {
    action::LossStall stall;
    const auto loss = [&](const Value& v) {
        const auto p = v.is_scalar() && !v.quoted ? probability_from_string(v.text) : std::nullopt;
        if (!p) expected(v, "a probability from 0 to 1", diagnostics);
        stall.loss = p.value_or(0);
    };
    if (!value.is_map()) {
        loss(value);
        return stall;
    }
    MapReader map(value, "loss_stall", diagnostics);
    if (const auto* v = map.require("loss")) loss(*v);
    if (const auto* v = map.find("round_trip"))
        stall.round_trip = read_duration(*v, diagnostics).value_or(stall.round_trip);
    read_into(stall.directions, map.find("direction"), "direction", direction_words, diagnostics);
    map.finish();
    return stall;
}

Action read_truncate(const Value& value, Diagnostics& diagnostics) {
    action::Truncate truncate;
    MapReader map(value, "truncate", diagnostics);
    read_into(truncate.keep, map.require("keep"), 0, most, diagnostics);
    read_into(truncate.then, map.find("then"), "end", then_words, diagnostics);
    map.finish();
    return truncate;
}

Action read_corrupt(const Value& value, Diagnostics& diagnostics) {
    action::Corrupt corrupt;
    MapReader map(value, "corrupt", diagnostics);
    read_into(corrupt.bits, map.find("bits"), 1, 4096, diagnostics);
    read_into(corrupt.skip, map.find("skip"), 0, most, diagnostics);
    map.finish();
    return corrupt;
}

Action read_drop_bytes(const Value& value, Diagnostics& diagnostics) {
    action::DropBytes drop;
    MapReader map(value, "drop_bytes", diagnostics);
    read_into(drop.offset, map.find("offset"), 0, most, diagnostics);
    read_into(drop.count, map.require("count"), 1, most, diagnostics);
    map.finish();
    return drop;
}

Action read_mutate(const Value& value, Diagnostics& diagnostics) {
    action::Mutate mutate;
    MapReader map(value, "mutate", diagnostics, "field");
    for (const auto& row : proxy::mutation_table()) {
        const auto* v = map.find(row.name);
        if (!v) continue;
        mutate.mutations.push_back({std::string(row.name), read_number(*v, 0, most, diagnostics).value_or(0)});
    }
    map.finish();
    if (value.is_map() && value.members.empty()) diagnostics.error(value.place, "mutate names no field");
    return mutate;
}

Action read_postpone(const Value& value, Diagnostics& diagnostics) {
    constexpr std::uint64_t most_units = 100;  // so many are watched for, so many may have to be remembered
    action::Postpone postpone;
    read_into(postpone.count, &value, 1, most_units, diagnostics);
    return postpone;
}

Action read_split(const Value& value, Diagnostics& diagnostics) {
    action::Split split;
    MapReader map(value, "split", diagnostics);
    read_into(split.size, map.require("size"), 1, most, diagnostics);
    map.finish();
    return split;
}

// For actions without a parameter: `refuse: true`.
template <class Plain>
Action read_plain(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_scalar() || value.quoted || value.text != "true") expected(value, "true", diagnostics);
    return Plain{};
}

Action read_accept_then_close(const Value& value, Diagnostics& diagnostics) {
    return action::AcceptThenClose{read_word(value, "end", close_or_reset, diagnostics).value_or(false)};
}

Action read_max_connections(const Value& value, Diagnostics& diagnostics) {
    action::MaxConnections max;
    if (!value.is_map()) {
        read_into(max.count, &value, 0, most, diagnostics);
        return max;
    }
    MapReader map(value, "max_connections", diagnostics);
    read_into(max.count, map.require("count"), 0, most, diagnostics);
    read_into(max.reset, map.find("with"), "end", close_or_reset, diagnostics);
    map.finish();
    return max;
}

using Reader = std::optional<Action> (*)(const Value&, Diagnostics&);
template <Action (*read)(const Value&, Diagnostics&)>
std::optional<Action> always(const Value& value, Diagnostics& diagnostics) {
    return read(value, diagnostics);
}

// In the order of the alternatives of Action, so that the names are those of proxy::action_table().
constexpr std::array<Reader, std::variant_size_v<Action>> readers{
    always<read_sides<action::Reset>>,
    always<read_sides<action::Close>>,
    always<read_sides<action::HalfClose>>,
    always<read_stall>,
    always<read_delay>,
    always<read_throttle>,
    always<read_loss_stall>,
    always<read_truncate>,
    always<read_corrupt>,
    always<read_drop_bytes>,
    read_inject,
    always<read_mutate>,
    always<read_postpone>,
    always<read_split>,
    always<read_plain<action::Refuse>>,
    always<read_accept_then_close>,
    always<read_plain<action::HoldAccept>>,
    always<read_max_connections>,
};

}  // namespace

std::optional<Action> read_action(const Value& value, Diagnostics& diagnostics) {
    MapReader map(value, "an action", diagnostics, "fault");
    std::optional<Action> result;
    const auto table = proxy::action_table();
    for (std::size_t i = 0; i < table.size(); ++i)
        if (const auto* v = map.find(table[i].name)) result = readers[i](*v, diagnostics);
    map.finish();
    if (value.is_map() && value.members.size() != 1) {
        diagnostics.error(value.place, "'do:' names one fault, not " + std::to_string(value.members.size()) +
                                           "; write one list item for each");
        return std::nullopt;
    }
    return result;
}

}  // namespace rdpfault::harness
