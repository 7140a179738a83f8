#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

using Who = proxy::ConnectionLog::Who;

constexpr std::array end_words{
    Word<EndKind>{"orderly", EndKind::orderly},
    Word<EndKind>{"close", EndKind::close},
    Word<EndKind>{"reset", EndKind::reset},
    Word<EndKind>{"timeout", EndKind::timeout},
    Word<EndKind>{"refused", EndKind::refused},
    Word<EndKind>{"unreachable", EndKind::unreachable},
    Word<EndKind>{"name_not_found", EndKind::name_not_found},
    Word<EndKind>{"malformed", EndKind::malformed},
    Word<EndKind>{"tls_failure", EndKind::tls_failure},
    Word<EndKind>{"alert", EndKind::tls_alert},
    Word<EndKind>{"negotiation_failure", EndKind::negotiation_failure},
    Word<EndKind>{"license_error", EndKind::license_error},
    Word<EndKind>{"error_info", EndKind::error_info},
    Word<EndKind>{"disconnect", EndKind::disconnect},
    Word<EndKind>{"authentication", EndKind::authentication},
    Word<EndKind>{"certificate", EndKind::certificate},
    Word<EndKind>{"client_exit", EndKind::client_exit},
};
// Those of them that carry a number: `ended_by: { alert: 40 }`.
constexpr std::array coded{EndKind::tls_alert,   EndKind::negotiation_failure, EndKind::license_error,
                           EndKind::error_info,  EndKind::disconnect,          EndKind::authentication,
                           EndKind::certificate, EndKind::client_exit};
constexpr std::array who_words{Word<Who>{"proxy", Who::proxy}, Word<Who>{"server", Who::server},
                               Word<Who>{"client", Who::client}};

void read_ended_by(const Value& value, EndExpectation& end, Diagnostics& diagnostics) {
    end.code.reset();
    if (!value.is_map()) {
        end.ended_by = read_word(value, "end", end_words, diagnostics);
        return;
    }
    MapReader map(value, "ended_by", diagnostics, "end");
    for (const auto& word : end_words) {
        if (std::find(coded.begin(), coded.end(), word.value) == coded.end()) continue;
        const auto* code = map.find(word.name);
        if (!code) continue;
        end.ended_by = word.value;
        if (word.value == EndKind::authentication)
            read_status(end.code.emplace(), *code, diagnostics);
        else
            read_into(end.code.emplace(), code, 0, 0xffffffff, diagnostics);
    }
    map.finish();
    if (value.members.size() != 1)
        diagnostics.error(value.place, "'ended_by:' names one end; use 'any_of:' for several");
}

void read_ends_at(const Value& value, EndExpectation& end, Diagnostics& diagnostics) {
    std::vector<std::string_view> names;
    for (const auto& row : stages())
        if (is_milestone(row.stage)) names.push_back(row.name);
    if (!value.is_scalar())
        expected(value, "a stage", diagnostics);
    else if (!(end.ends_at = stage_from_string(value.text)))
        diagnostics.error(value.place, unknown_word("stage", value.text, names));
    else if (!is_milestone(*end.ends_at))
        diagnostics.error(value.place, "'" + value.text + "' is traffic, which does not say how far a connection got");
}

void read_mstsc(const Value& value, EndExpectation& end, Diagnostics& diagnostics) {
    end.mstsc = value.is_scalar() ? mstsc_pair_from_string(value.text) : std::nullopt;
    if (!end.mstsc) expected(value, "mstsc's pair of codes, such as 0x904/0x7", diagnostics);
}

// The keys of one alternative, over what `end` holds already.
void read_end(MapReader& map, EndExpectation& end) {
    auto& diagnostics = map.diagnostics();
    if (const auto* v = map.find("ends_at")) read_ends_at(*v, end, diagnostics);
    if (const auto* v = map.find("ended_by")) read_ended_by(*v, end, diagnostics);
    if (const auto* v = map.find("who")) end.who = read_word(*v, "side", who_words, diagnostics);
    if (const auto* v = map.find("session_up")) end.session_up = read_bool(*v, diagnostics);
    if (const auto* v = map.find("mstsc")) read_mstsc(*v, end, diagnostics);
    if (const auto* v = map.find("connections")) read_into(end.connections.emplace(), v, 0, 1000, diagnostics);
}

void read_alternatives(const Value& list, const EndExpectation& base, Expectation& expectation,
                       Diagnostics& diagnostics) {
    if (!list.is_list() || list.items.size() < 2) expected(list, "a list of two or more alternatives", diagnostics);
    for (const auto& item : list.items) {
        MapReader map(item, "an alternative", diagnostics);
        read_end(map, expectation.any_of.emplace_back(base));
        map.finish();
        if (item.is_map() && item.members.empty()) diagnostics.error(item.place, "an alternative that expects nothing");
    }
}

}  // namespace

Expectation read_expectation(const Value& value, Diagnostics& diagnostics) {
    Expectation expectation;
    if (value.is_scalar()) {
        constexpr std::array words{Word<bool>{"connected", true}};
        expectation.connected = read_word(value, "expectation", words, diagnostics).value_or(true);
        return expectation;
    }
    MapReader map(value, "an expectation", diagnostics);
    EndExpectation end;
    read_end(map, end);
    if (const auto* list = map.find("any_of"))
        read_alternatives(*list, end, expectation, diagnostics);
    else
        expectation.any_of.push_back(end);
    map.finish();
    if (value.is_map() && value.members.empty()) diagnostics.error(value.place, "an expectation that expects nothing");
    return expectation;
}

RateExpectation read_rate_expectation(const Value& value, Diagnostics& diagnostics) {
    RateExpectation rate;
    MapReader map(value, "a rate", diagnostics);
    const auto share = [&](const Value& v) {
        const auto p = !v.quoted && v.is_scalar() ? probability_from_string(v.text) : std::nullopt;
        if (p && *p > 0 && *p < 1) return *p;
        expected(v, "a share between 0 and 1, such as 0.9", diagnostics);
        return 0.5;
    };
    const auto* at_least = map.find("at_least");
    const auto* at_most = map.find("at_most");
    if (at_most) rate.side = RateExpectation::Side::at_most;
    if (at_least || at_most) rate.threshold = share(at_most ? *at_most : *at_least);
    if (const auto* v = map.find("confidence")) {
        rate.confidence = share(*v);
        if (rate.confidence < 0.5 || rate.confidence > 0.9999)
            expected(*v, "a confidence from 0.5 to 0.9999, such as 0.95", diagnostics);
    }
    if (value.is_map() && (at_least != nullptr) == (at_most != nullptr))
        diagnostics.error(value.place, "a rate needs 'at_least:' or 'at_most:', and not both");
    map.finish();
    return rate;
}

}  // namespace rdpfault::harness
