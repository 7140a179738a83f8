#include <set>

#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::uint64_t most = 0xffffffff;

std::vector<std::string_view> stage_names(Sight sight) {
    std::vector<std::string_view> names{"start"};
    for (const auto& row : stages())
        if ((row.visible || sight == Sight::inside_tls) && row.stage != Stage::tcp_connect) names.push_back(row.name);
    return names;
}

// The stage of `at:` or `after:`; nullopt for anything the proxy cannot see.
std::optional<Stage> read_stage(const Value& value, Sight sight, Diagnostics& diagnostics) {
    if (!value.is_scalar()) {
        expected(value, "a stage", diagnostics);
        return std::nullopt;
    }
    const auto stage = stage_from_string(value.text);
    if (!stage) {
        diagnostics.error(value.place, unknown_word("stage", value.text, stage_names(sight)));
    } else if (*stage == Stage::tcp_connect) {
        diagnostics.error(value.place, "'tcp.connect' has no unit; write 'at: start'");
        return std::nullopt;
    } else if (!info(*stage).visible && sight == Sight::wire) {
        diagnostics.error(value.place, "'" + value.text +
                                           "' lies inside TLS, where the proxy sees nothing; write 'proxy: { mode: "
                                           "intercept }', or use tls.application_data with 'nth:'");
        return std::nullopt;
    }
    return stage;
}

// Everything but the moment, and the parts it may be made of.
struct Keys {
    const Value* at;
    const Value* after;
    const Value* record;
    const Value* stream_byte;
    const Value* idle;
    const Value* from;
    const Value* nth;
    const Value* byte;
    const Value* passed_on;
};

class MomentReader {
  public:
    MomentReader(MapReader& fault, Sight sight)
        : fault_(fault),
          sight_(sight),
          diagnostics_(fault.diagnostics()),
          keys_{fault.find("at"),          fault.find("after"), fault.find("record"),
                fault.find("stream_byte"), fault.find("idle"),  fault.find("from"),
                fault.find("nth"),         fault.find("byte"),  fault.find("passed_on")} {
        if (keys_.from) from_ = read_word(*keys_.from, "side", side_words, diagnostics_);
    }

    void read(proxy::Trigger& trigger) {
        int moments = 0;
        for (const auto* key : {keys_.at, keys_.after, keys_.record, keys_.stream_byte, keys_.idle})
            if (key) ++moments;
        if (moments != 1) {
            diagnostics_.error(fault_.place(),
                               "a fault needs one moment: 'at:', 'after:', 'record:', 'stream_byte:' or 'idle:'");
            return;
        }
        if (keys_.at || keys_.after)
            stage(trigger);
        else if (keys_.record)
            record(trigger);
        else if (keys_.stream_byte)
            stream_byte(trigger);
        else
            idle(trigger);
        refuse_leftovers();
    }

  private:
    void stage(proxy::Trigger& trigger) {
        if (keys_.at && keys_.at->is_scalar() && keys_.at->text == "start") {
            trigger.moment = proxy::AtStart{};
            return;
        }
        proxy::AtStage moment;
        moment.forwarded = keys_.after != nullptr;
        const auto read = read_stage(keys_.at ? *keys_.at : *keys_.after, sight_, diagnostics_);
        uses("from"), uses("nth");
        if (keys_.nth) moment.nth = static_cast<std::uint32_t>(number(keys_.nth, 1));
        if (!moment.forwarded) {
            uses("byte");
            if (keys_.byte) moment.byte = number(keys_.byte, 0);
        }
        if (!read) return;
        moment.stage = *read;
        moment.from = info(*read).direction;
        if (from_) {
            if (moment.from && *moment.from != rdpfault::from(*from_))
                diagnostics_.error(keys_.from->place, "'" + std::string(info(*read).name) + "' is sent by the " +
                                                          std::string(to_string(source(*moment.from))));
            moment.from = rdpfault::from(*from_);
        }
        trigger.moment = moment;
    }

    void record(proxy::Trigger& trigger) {
        proxy::AtRecord moment;
        moment.nth = static_cast<std::uint32_t>(number(keys_.record, 1));
        moment.from = required_from("record");
        uses("passed_on");
        if (keys_.passed_on) moment.forwarded = read_bool(*keys_.passed_on, diagnostics_).value_or(false);
        trigger.moment = moment;
    }

    void stream_byte(proxy::Trigger& trigger) {
        proxy::AtByte moment;
        moment.offset = number(keys_.stream_byte, 0);
        moment.from = required_from("stream_byte");
        trigger.moment = moment;
    }

    void idle(proxy::Trigger& trigger) {
        proxy::AtIdle moment;
        moment.time = read_duration(*keys_.idle, diagnostics_).value_or(moment.time);
        trigger.moment = moment;
    }

    Direction required_from(std::string_view key) {
        uses("from");
        if (!keys_.from)
            diagnostics_.error(fault_.place_of(key),
                               "'" + std::string(key) + ":' needs 'from: client' or 'from: server'");
        return rdpfault::from(from_.value_or(Side::client));
    }

    std::uint64_t number(const Value* value, std::uint64_t least) {
        return read_number(*value, least, most, diagnostics_).value_or(least);
    }

    void uses(std::string_view key) { used_.insert(key); }

    // A key that the moment does not use would be a condition that is silently not kept.
    void refuse_leftovers() {
        for (const std::string_view key : {"from", "nth", "byte", "passed_on"})
            if (fault_.has(key) && !used_.contains(key))
                diagnostics_.error(fault_.place_of(key), "'" + std::string(key) + ":' means nothing with this moment");
    }

    MapReader& fault_;
    Sight sight_;
    Diagnostics& diagnostics_;
    Keys keys_;
    std::optional<Side> from_;
    std::set<std::string_view> used_;
};

proxy::ConnectionSelector read_connection(const Value& value, Diagnostics& diagnostics) {
    using Kind = proxy::ConnectionSelector::Kind;
    if (value.is_scalar() && value.text == "every") return {};
    if (value.is_scalar() && value.text == "first") return {Kind::exactly, 1};
    auto text = std::string_view(value.text);
    const bool onwards = text.ends_with('+');
    if (onwards) text.remove_suffix(1);
    const auto ordinal = value.is_scalar() && (onwards || !value.quoted) ? number_from_string(text) : std::nullopt;
    if (ordinal && *ordinal >= 1 && *ordinal <= most)
        return {onwards ? Kind::from : Kind::exactly, static_cast<std::uint32_t>(*ordinal)};
    expected(value, "every, first, a number from 1, or a number and a plus (2+)", diagnostics);
    return {};
}

}  // namespace

proxy::Trigger read_trigger(MapReader& fault, Sight sight) {
    auto& diagnostics = fault.diagnostics();
    proxy::Trigger trigger;
    MomentReader(fault, sight).read(trigger);
    if (const auto* value = fault.find("elapsed"))
        trigger.elapsed = read_duration(*value, diagnostics).value_or(trigger.elapsed);
    if (const auto* value = fault.find("connection")) trigger.connection = read_connection(*value, diagnostics);
    if (const auto* value = fault.find("probability")) {
        const auto p = value->is_scalar() && !value->quoted ? probability_from_string(value->text) : std::nullopt;
        if (!p) expected(*value, "a probability from 0 to 1", diagnostics);
        trigger.probability = p.value_or(1);
    }
    return trigger;
}

}  // namespace rdpfault::harness
