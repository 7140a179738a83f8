// The `variants:` part: the same experiment with other values, each a fault arm of its own.
#include "harness/readers.hpp"
#include "harness/yaml_path.hpp"

namespace rdpfault::harness {

namespace {

// What sets a fault arm apart; the rest of the file holds for all of them.
constexpr std::array<std::string_view, 8> changeable{"faults", "network", "dns",    "server",
                                                     "client", "proxy",   "expect", "rate"};

void check_part(const Member& change, Diagnostics& diagnostics) {
    const auto part = std::string_view(change.key).substr(0, change.key.find('.'));
    if (std::find(changeable.begin(), changeable.end(), part) == changeable.end())
        diagnostics.error(change.place, unknown_word("part of a fault arm", part, changeable));
}

Scenario read_variant(const Member& member, Value document, const std::string& path, Diagnostics& diagnostics) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const MapReader map(member.value, "a variant: paths and their values", diagnostics);
    if (member.key.empty() || member.key.find_first_not_of(letters) != std::string::npos)
        diagnostics.error(member.place, "the name of a variant is made of lower-case letters, digits and '-'");
    if (member.value.is_map() && member.value.members.empty())
        diagnostics.error(member.place, "a variant that changes nothing; give paths such as 'network.loss: 0.1'");
    const auto before = diagnostics.count();
    for (const auto& change : member.value.members) {
        check_part(change, diagnostics);
        if (const auto wrong = set_path(document, change.key, change.value))
            diagnostics.error(change.place, "'" + change.key + "': " + *wrong);
    }
    if (diagnostics.count() > before) return {};
    Diagnostics own(path);
    auto variant = read_scenario(document, path, own);
    for (const auto& error : own.take())
        diagnostics.error({error.line, error.column}, "in variant '" + member.key + "': " + error.message);
    variant.variant = member.key;
    return variant;
}

}  // namespace

void read_variants(const Value& value, const Value& document, Scenario& scenario, Diagnostics& diagnostics) {
    const MapReader map(value, "a map of variants", diagnostics, "variant");
    if (value.is_map() && value.members.empty()) diagnostics.error(value.place, "no variant is given");
    Value rest = document;
    remove_path(rest, "variants");
    remove_path(rest, "fixes");
    for (const auto& member : value.members)
        scenario.variants.push_back(read_variant(member, rest, scenario.path, diagnostics));
}

}  // namespace rdpfault::harness
