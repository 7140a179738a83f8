// The `network:` part: the emulated link.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/readers.hpp"
#include "proxy/link/trace_playback.hpp"

namespace rdpfault::harness {

namespace {

using link::DirectionSpec;
using link::Kind;
using link::NetworkSpec;

constexpr std::uint64_t most = 0xffffffff;

constexpr std::array between_words{Word<link::Between>{"client", link::Between::client},
                                   Word<link::Between>{"server", link::Between::server},
                                   Word<link::Between>{"middle", link::Between::middle}};
constexpr std::array spread_words{Word<link::Spread>{"uniform", link::Spread::uniform},
                                  Word<link::Spread>{"normal", link::Spread::normal},
                                  Word<link::Spread>{"pareto", link::Spread::pareto}};
constexpr std::array kind_words{Word<Kind>{"syn", Kind::syn},   Word<Kind>{"syn-ack", Kind::syn_ack},
                                Word<Kind>{"data", Kind::data}, Word<Kind>{"ack", Kind::ack},
                                Word<Kind>{"fin", Kind::fin},   Word<Kind>{"reset", Kind::reset}};
constexpr std::array checksum_words{Word<bool>{"right", true}, Word<bool>{"wrong", false}};
constexpr std::array mtu_answer_words{Word<bool>{"icmp", false}, Word<bool>{"none", true}};
constexpr std::array syn_words{Word<link::SynAnswer>{"pass", link::SynAnswer::pass},
                               Word<link::SynAnswer>{"drop", link::SynAnswer::drop},
                               Word<link::SynAnswer>{"reset", link::SynAnswer::reset},
                               Word<link::SynAnswer>{"port-unreachable", link::SynAnswer::port_unreachable},
                               Word<link::SynAnswer>{"host-unreachable", link::SynAnswer::host_unreachable},
                               Word<link::SynAnswer>{"prohibited", link::SynAnswer::prohibited}};
constexpr std::array idle_words{Word<bool>{"silence", false}, Word<bool>{"reset", true}};
constexpr std::array fidelity_words{Word<bool>{"packet", false}, Word<bool>{"modelled", true}};

double read_fraction(const Value& value, Diagnostics& diagnostics) {
    const auto p = value.is_scalar() && !value.quoted ? probability_from_string(value.text) : std::nullopt;
    if (!p) expected(value, "a probability from 0 to 1", diagnostics);
    return p.value_or(0);
}

void read_fraction_into(double& field, const Value* value, Diagnostics& diagnostics) {
    if (value) field = read_fraction(*value, diagnostics);
}

void read_time_into(link::Duration& field, const Value* value, Diagnostics& diagnostics) {
    if (value) field = read_duration(*value, diagnostics).value_or(field);
}

link::Jitter read_jitter(const Value& value, Diagnostics& diagnostics) {
    link::Jitter jitter;
    if (!value.is_map()) {
        read_time_into(jitter.amount, &value, diagnostics);
        return jitter;
    }
    MapReader map(value, "jitter", diagnostics);
    read_time_into(jitter.amount, map.require("time"), diagnostics);
    read_into(jitter.spread, map.find("distribution"), "distribution", spread_words, diagnostics);
    if (const auto* v = map.find("keep_order")) jitter.keep_order = read_bool(*v, diagnostics).value_or(true);
    map.finish();
    return jitter;
}

// "3" or "7-9".
std::optional<std::pair<std::uint64_t, std::uint64_t>> read_range(const Value& value, Diagnostics& diagnostics) {
    if (value.is_scalar()) {
        const auto dash = value.text.find('-');
        const auto first = number_from_string(value.text.substr(0, dash));
        const auto last = dash == std::string::npos ? first : number_from_string(value.text.substr(dash + 1));
        if (first && last && *first >= 1 && *first <= *last && (dash != std::string::npos || !value.quoted))
            return std::pair{*first, *last};
    }
    expected(value, "a packet's number, or a range such as 7-9", diagnostics);
    return std::nullopt;
}

link::Loss read_packets(const Value& value, Diagnostics& diagnostics) {
    link::Pattern pattern;
    if (!value.is_list()) expected(value, "a list of packets", diagnostics);
    for (const auto& item : value.items)
        if (const auto range = read_range(item, diagnostics)) pattern.ranges.push_back(*range);
    return pattern;
}

link::Loss read_gilbert_elliott(const Value& value, Diagnostics& diagnostics) {
    link::GilbertElliott model;
    MapReader map(value, "gilbert_elliott", diagnostics);
    read_fraction_into(model.p, map.require("p"), diagnostics);
    read_fraction_into(model.r, map.require("r"), diagnostics);
    read_fraction_into(model.bad_loss, map.find("bad_loss"), diagnostics);
    read_fraction_into(model.good_loss, map.find("good_loss"), diagnostics);
    map.finish();
    return model;
}

link::Loss read_four_state(const Value& value, Diagnostics& diagnostics) {
    link::FourState model;
    MapReader map(value, "four_state", diagnostics);
    read_fraction_into(model.p13, map.require("p13"), diagnostics);
    read_fraction_into(model.p31, map.find("p31"), diagnostics);
    read_fraction_into(model.p32, map.find("p32"), diagnostics);
    read_fraction_into(model.p23, map.find("p23"), diagnostics);
    read_fraction_into(model.p14, map.find("p14"), diagnostics);
    map.finish();
    if (model.p13 + model.p14 > 1 || model.p31 + model.p32 > 1)
        diagnostics.error(value.place, "the transitions out of a state add up to more than 1");
    return model;
}

link::Loss read_loss(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_map()) return link::Bernoulli{read_fraction(value, diagnostics)};
    MapReader map(value, "loss", diagnostics);
    link::Loss loss;
    const auto* packets = map.find("packets");
    const auto* gilbert = map.find("gilbert_elliott");
    const auto* four = map.find("four_state");
    if ((packets != nullptr) + (gilbert != nullptr) + (four != nullptr) != 1)
        diagnostics.error(value.place, "loss needs one of 'packets:', 'gilbert_elliott:' and 'four_state:'");
    if (packets) loss = read_packets(*packets, diagnostics);
    if (gilbert) loss = read_gilbert_elliott(*gilbert, diagnostics);
    if (four) loss = read_four_state(*four, diagnostics);
    map.finish();
    return loss;
}

std::optional<Stage> read_visible_stage(const Value& value, Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const auto& row : stages())
        if (row.visible && row.stage != Stage::tcp_connect) names.push_back(row.name);
    const auto stage = value.is_scalar() ? stage_from_string(value.text) : std::nullopt;
    if (stage && std::find(names.begin(), names.end(), value.text) != names.end()) return stage;
    if (!value.is_scalar())
        expected(value, "a stage", diagnostics);
    else if (stage)
        diagnostics.error(value.place, "which packet carries '" + value.text + "' cannot be seen on the wire");
    else
        diagnostics.error(value.place, unknown_word("stage", value.text, names));
    return std::nullopt;
}

std::vector<link::KindLoss> read_lose(const Value& value, Diagnostics& diagnostics) {
    std::vector<link::KindLoss> all;
    if (!value.is_list()) expected(value, "a list of packets to lose", diagnostics);
    for (const auto& item : value.items) {
        auto& loss = all.emplace_back();
        MapReader map(item, "a packet to lose", diagnostics);
        const auto* kind = map.find("kind");
        const auto* stage = map.find("stage");
        if (item.is_map() && (kind == nullptr) == (stage == nullptr))
            diagnostics.error(item.place, "a packet to lose needs either 'kind:' or 'stage:'");
        if (kind) loss.kind = read_word(*kind, "kind of packet", kind_words, diagnostics);
        if (stage) loss.stage = read_visible_stage(*stage, diagnostics);
        read_into(loss.nth, map.find("nth"), 1, most, diagnostics);
        read_into(loss.count, map.find("count"), 1, most, diagnostics);
        map.finish();
    }
    return all;
}

link::Reorder read_reorder(const Value& value, Diagnostics& diagnostics) {
    link::Reorder reorder;
    if (!value.is_map()) {
        reorder.probability = read_fraction(value, diagnostics);
        return reorder;
    }
    MapReader map(value, "reorder", diagnostics);
    read_fraction_into(reorder.probability, map.require("probability"), diagnostics);
    read_into(reorder.distance, map.find("distance"), 1, 1000, diagnostics);
    read_time_into(reorder.at_most, map.find("at_most"), diagnostics);
    map.finish();
    return reorder;
}

link::Corrupt read_corrupt(const Value& value, Diagnostics& diagnostics) {
    link::Corrupt corrupt;
    if (!value.is_map()) {
        corrupt.probability = read_fraction(value, diagnostics);
        return corrupt;
    }
    MapReader map(value, "corrupt", diagnostics);
    read_fraction_into(corrupt.probability, map.require("probability"), diagnostics);
    read_into(corrupt.bits, map.find("bits"), 1, 1000, diagnostics);
    read_into(corrupt.right_checksum, map.find("checksum"), "checksum", checksum_words, diagnostics);
    map.finish();
    return corrupt;
}

void read_rate_into(link::Rate& rate, const Value* value, Diagnostics& diagnostics) {
    if (!value) return;
    const auto bytes = value->is_scalar() ? rate_from_string(value->text) : std::nullopt;
    if (!bytes) expected(*value, rate_form, diagnostics);
    rate.bytes_per_second = bytes.value_or(1);
}

link::Rate read_rate(const Value& value, Diagnostics& diagnostics) {
    link::Rate rate;
    if (!value.is_map()) {
        read_rate_into(rate, &value, diagnostics);
        return rate;
    }
    MapReader map(value, "rate", diagnostics);
    read_rate_into(rate, map.require("rate"), diagnostics);
    read_into(rate.burst, map.find("burst"), 0, 100'000'000, diagnostics);
    read_into(rate.queue_bytes, map.find("queue_bytes"), 1500, 100'000'000, diagnostics);
    read_into(rate.queue_packets, map.find("queue_packets"), 1, 50'000, diagnostics);
    map.finish();
    return rate;
}

link::Trace read_trace(const Value& value, const std::string& folder, Diagnostics& diagnostics) {
    link::Trace trace;
    MapReader map(value, "trace", diagnostics);
    read_into(trace.queue_packets, map.find("queue_packets"), 1, 50'000, diagnostics);
    const auto* name = map.require("file");
    map.finish();
    const auto text = name ? read_text(*name, "a file's name", diagnostics) : std::nullopt;
    if (!text) return trace;
    std::ifstream file(std::filesystem::path(folder) / *text);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file || !link::parse_trace(content.str(), trace.milliseconds))
        diagnostics.error(name->place, "'" + *text +
                                           "' cannot be read as a packet-delivery trace: a time in milliseconds on "
                                           "each line, not decreasing");
    return trace;
}

link::Mtu read_mtu(const Value& value, Diagnostics& diagnostics) {
    link::Mtu mtu;
    if (!value.is_map()) {
        read_into(mtu.bytes, &value, 68, 1500, diagnostics);
        return mtu;
    }
    MapReader map(value, "mtu", diagnostics);
    read_into(mtu.bytes, map.require("bytes"), 68, 1500, diagnostics);
    read_into(mtu.black_hole, map.find("answer"), "answer", mtu_answer_words, diagnostics);
    map.finish();
    return mtu;
}

std::vector<link::Outage> read_outages(const Value& value, Diagnostics& diagnostics) {
    std::vector<link::Outage> outages;
    if (!value.is_list()) expected(value, "a list of outages", diagnostics);
    for (const auto& item : value.items) {
        auto& outage = outages.emplace_back();
        MapReader map(item, "an outage", diagnostics);
        read_time_into(outage.at, map.find("at"), diagnostics);
        read_time_into(outage.length, map.require("for"), diagnostics);
        read_time_into(outage.every, map.find("every"), diagnostics);
        map.finish();
    }
    return outages;
}

link::IdleLimit read_idle(const Value& value, Diagnostics& diagnostics) {
    link::IdleLimit idle;
    if (!value.is_map()) {
        read_time_into(idle.after, &value, diagnostics);
        return idle;
    }
    MapReader map(value, "idle", diagnostics);
    read_time_into(idle.after, map.require("after"), diagnostics);
    read_into(idle.reset, map.find("then"), "end", idle_words, diagnostics);
    map.finish();
    return idle;
}

// The keys of one direction, or, at the top, of both.
DirectionSpec read_direction(MapReader& map, const std::string& folder) {
    DirectionSpec spec;
    auto& diagnostics = map.diagnostics();
    if (const auto* v = map.find("latency")) spec.latency = read_duration(*v, diagnostics);
    if (const auto* v = map.find("jitter")) spec.jitter = read_jitter(*v, diagnostics);
    if (const auto* v = map.find("loss")) spec.loss = read_loss(*v, diagnostics);
    if (const auto* v = map.find("lose")) spec.lose = read_lose(*v, diagnostics);
    if (const auto* v = map.find("duplicate")) spec.duplicate = read_fraction(*v, diagnostics);
    if (const auto* v = map.find("reorder")) spec.reorder = read_reorder(*v, diagnostics);
    if (const auto* v = map.find("corrupt")) spec.corrupt = read_corrupt(*v, diagnostics);
    if (const auto* v = map.find("rate")) spec.rate = read_rate(*v, diagnostics);
    if (const auto* v = map.find("trace")) spec.trace = read_trace(*v, folder, diagnostics);
    if (const auto* v = map.find("mtu")) spec.mtu = read_mtu(*v, diagnostics);
    if (const auto* v = map.find("mss_clamp")) read_into(spec.mss_clamp.emplace(), v, 48, 1460, diagnostics);
    if (const auto* v = map.find("outages")) spec.outages = read_outages(*v, diagnostics);
    if (const auto* v = map.find("silent")) spec.silent = read_bool(*v, diagnostics);
    if (const auto* v = map.find("syn")) spec.syn = read_word(*v, "answer to a SYN", syn_words, diagnostics);
    if (const auto* v = map.find("idle")) spec.idle = read_idle(*v, diagnostics);
    return spec;
}

void read_directions(MapReader& map, const std::string& folder, DirectionSpec& towards_server,
                     DirectionSpec& towards_client) {
    const auto both = read_direction(map, folder);
    apply(towards_server, both);
    apply(towards_client, both);
    const auto one = [&](const char* key, DirectionSpec& spec) {
        const auto* value = map.find(key);
        if (!value) return;
        MapReader direction(*value, key, map.diagnostics());
        apply(spec, read_direction(direction, folder));
        direction.finish();
    };
    one("towards_server", towards_server);
    one("towards_client", towards_client);
}

std::optional<Stage> read_any_stage(const Value& value, Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const auto& row : stages())
        if (row.stage != Stage::tcp_connect) names.push_back(row.name);
    const auto stage = value.is_scalar() ? stage_from_string(value.text) : std::nullopt;
    if (stage && *stage != Stage::tcp_connect) return stage;
    if (value.is_scalar())
        diagnostics.error(value.place, unknown_word("stage", value.text, names));
    else
        expected(value, "a stage", diagnostics);
    return std::nullopt;
}

link::Change read_change(const Value& value, const std::string& folder, Diagnostics& diagnostics) {
    link::Change change;
    MapReader map(value, "a change", diagnostics);
    const auto* time = map.find("time");
    const auto* at = map.find("at");
    const auto* after = map.find("after");
    if (value.is_map() && (time != nullptr) + (at != nullptr) + (after != nullptr) != 1)
        diagnostics.error(value.place, "a change needs one moment: 'time:', 'at:' or 'after:'");
    if (time) change.at = read_duration(*time, diagnostics);
    if (at) change.at_stage = read_any_stage(*at, diagnostics);
    if (after) change.after_stage = read_any_stage(*after, diagnostics);
    read_directions(map, folder, change.towards_server, change.towards_client);
    map.finish();
    return change;
}

bool can_be_modelled(const link::Loss& loss) {
    return std::holds_alternative<link::NoLoss>(loss) || std::holds_alternative<link::Bernoulli>(loss) ||
           std::holds_alternative<link::GilbertElliott>(loss);
}

bool can_be_modelled(const DirectionSpec& spec) {
    if (spec.loss && !can_be_modelled(*spec.loss)) return false;
    DirectionSpec rest = spec;
    rest.loss.reset();
    rest.latency.reset();
    rest.jitter.reset();
    rest.rate.reset();
    return rest == DirectionSpec{};
}

}  // namespace

void read_network(const Value& value, const std::string& folder, std::optional<NetworkSpec>& network,
                  Diagnostics& diagnostics) {
    if (value.is_scalar() && value.text == "none") {
        network.reset();
        return;
    }
    auto& spec = network ? *network : network.emplace();
    MapReader map(value, "network", diagnostics);
    read_into(spec.between, map.find("between"), "place", between_words, diagnostics);
    read_directions(map, folder, spec.towards_server, spec.towards_client);
    if (const auto* v = map.find("timeline")) {
        spec.timeline.clear();
        if (!v->is_list()) expected(*v, "a list of changes", diagnostics);
        for (const auto& item : v->items)
            spec.timeline.push_back(read_change(item, folder, diagnostics));
    }
    read_text_into(spec.congestion, map.find("congestion"), "a congestion control such as reno", diagnostics);
    read_into(spec.client_mtu, map.find("client_mtu"), 576, 1500, diagnostics);
    read_time_into(spec.keep_alive, map.find("keep_alive"), diagnostics);
    read_into(spec.modelled_allowed, map.find("fidelity"), "fidelity", fidelity_words, diagnostics);
    map.finish();
    if (spec.modelled_allowed && (!can_be_modelled(spec.towards_server) || !can_be_modelled(spec.towards_client) ||
                                  !spec.timeline.empty() || spec.client_mtu != 0))
        diagnostics.error(
            map.place_of("fidelity"),
            "only latency, jitter, rate and loss (independent or gilbert_elliott) can be modelled on the stream");
}

}  // namespace rdpfault::harness
