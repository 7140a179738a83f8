#include "harness/map_reader.hpp"

namespace rdpfault::harness {

MapReader::MapReader(const Value& value, std::string_view what, Diagnostics& diagnostics, std::string_view noun)
    : value_(value), what_(what), diagnostics_(diagnostics), noun_(noun) {
    if (!value.is_map()) expected(value, what, diagnostics);
    std::vector<const Member*> sorted;
    for (const auto& member : value.members)
        sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->key < b->key; });
    for (std::size_t i = 1; i < sorted.size(); ++i)
        if (sorted[i]->key == sorted[i - 1]->key)
            diagnostics.error(sorted[i]->place, "'" + sorted[i]->key + "' is given twice; the first is in line " +
                                                    std::to_string(sorted[i - 1]->place.line));
}

const Value* MapReader::find(std::string_view key) {
    known_.push_back(key);
    for (const auto& member : value_.members)
        if (member.key == key) return &member.value;
    return nullptr;
}

const Value* MapReader::require(std::string_view key) {
    const auto* value = find(key);
    if (!value && is_map()) diagnostics_.error(value_.place, std::string(what_) + " needs '" + std::string(key) + ":'");
    return value;
}

Place MapReader::place_of(std::string_view key) const {
    for (const auto& member : value_.members)
        if (member.key == key) return member.place;
    return value_.place;
}

bool MapReader::has(std::string_view key) const {
    return std::any_of(value_.members.begin(), value_.members.end(), [&](const auto& m) { return m.key == key; });
}

std::vector<std::string> MapReader::given() const {
    std::vector<std::string> keys;
    for (const auto& member : value_.members)
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) keys.push_back(member.key);
    return keys;
}

void MapReader::finish() {
    for (const auto& member : value_.members) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        auto message = unknown_word(noun_, member.key, known_);
        // "unknown key 'x' in a fault (...)"; "unknown fault 'x' (...)" says enough.
        if (noun_ == "key") message.insert(message.find("' (") + 1, " in " + std::string(what_));
        diagnostics_.error(member.place, std::move(message));
    }
}

void expected(const Value& value, std::string_view form, Diagnostics& diagnostics) {
    const auto found = value.is_scalar() ? "'" + value.text.substr(0, 40) + "'" : std::string(kind_name(value));
    diagnostics.error(value.place, "expected " + std::string(form) + ", found " + found);
}

namespace {

// What any reader of YAML takes for a number or a truth value; JSON Schema would not call it a string.
bool is_plain_text(const Value& value) {
    if (!value.is_scalar() || value.text.empty()) return false;
    if (value.quoted) return true;
    auto text = std::string_view(value.text);
    if (text == "true" || text == "false") return false;
    if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
    return text.find_first_not_of("0123456789.") != text.npos && !number_from_string(text);
}

}  // namespace

std::optional<std::string> read_text(const Value& value, std::string_view form, Diagnostics& diagnostics) {
    if (is_plain_text(value)) return value.text;
    expected(value, form, diagnostics);
    return std::nullopt;
}

std::optional<std::uint64_t> read_number(const Value& value, std::uint64_t least, std::uint64_t most,
                                         Diagnostics& diagnostics) {
    const auto number = value.is_scalar() && !value.quoted ? number_from_string(value.text) : std::nullopt;
    if (number && *number >= least && *number <= most) return number;
    expected(value, "a number from " + std::to_string(least) + " to " + std::to_string(most), diagnostics);
    return std::nullopt;
}

std::optional<bool> read_bool(const Value& value, Diagnostics& diagnostics) {
    if (value.is_scalar() && !value.quoted && value.text == "true") return true;
    if (value.is_scalar() && !value.quoted && value.text == "false") return false;
    expected(value, "true or false", diagnostics);
    return std::nullopt;
}

std::optional<std::chrono::microseconds> read_duration(const Value& value, Diagnostics& diagnostics) {
    const auto duration = value.is_scalar() ? duration_from_string(value.text) : std::nullopt;
    if (!duration) expected(value, duration_form, diagnostics);
    return duration;
}

std::optional<std::chrono::milliseconds> read_milliseconds(const Value& value, Diagnostics& diagnostics) {
    const auto duration = read_duration(value, diagnostics);
    if (!duration) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

}  // namespace rdpfault::harness
