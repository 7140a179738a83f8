// Reads a map of a scenario file key by key. What was asked for is what is known: finish() reports every other key,
// with the nearest known one. And the readers of single values, each with an error that says what was expected.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/diagnostics.hpp"
#include "harness/units.hpp"
#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

class MapReader {
  public:
    // `what` names the map in messages ("a fault"), `noun` its keys ("key", "fault"). A value that is not a map, and
    // keys that repeat, are reported here.
    MapReader(const Value& value, std::string_view what, Diagnostics& diagnostics, std::string_view noun = "key");

    bool is_map() const { return value_.is_map(); }
    Place place() const { return value_.place; }
    const Value* find(std::string_view key);     // nullptr: not given
    const Value* require(std::string_view key);  // reports its absence
    Place place_of(std::string_view key) const;  // of the key itself
    bool has(std::string_view key) const;
    // The keys given that are among those asked for.
    std::vector<std::string> given() const;
    void finish();

    Diagnostics& diagnostics() { return diagnostics_; }

  private:
    const Value& value_;
    std::string_view what_;
    Diagnostics& diagnostics_;
    std::string_view noun_;
    std::vector<std::string_view> known_;
};

// "expected a duration ..., found 'x'".
void expected(const Value& value, std::string_view form, Diagnostics& diagnostics);

std::optional<std::string> read_text(const Value& value, std::string_view form, Diagnostics& diagnostics);
std::optional<std::uint64_t> read_number(const Value& value, std::uint64_t least, std::uint64_t most,
                                         Diagnostics& diagnostics);
std::optional<bool> read_bool(const Value& value, Diagnostics& diagnostics);
std::optional<std::chrono::microseconds> read_duration(const Value& value, Diagnostics& diagnostics);
std::optional<std::chrono::milliseconds> read_milliseconds(const Value& value, Diagnostics& diagnostics);

// A number into a field of its own width; the field stays as it is when the value is wrong.
template <class T>
void read_into(T& field, const Value* value, std::uint64_t least, std::uint64_t most, Diagnostics& diagnostics) {
    if (!value) return;
    if (const auto number = read_number(*value, least, most, diagnostics)) field = static_cast<T>(*number);
}

template <class Enum>
struct Word {
    std::string_view name;
    Enum value;
};

// One of a fixed set of words; `what` for the message: "unknown side 'clinet' (did you mean 'client'?)".
template <class Enum, std::size_t n>
std::optional<Enum> read_word(const Value& value, std::string_view what, const std::array<Word<Enum>, n>& words,
                              Diagnostics& diagnostics) {
    std::array<std::string_view, n> names;
    std::transform(words.begin(), words.end(), names.begin(), [](const auto& word) { return word.name; });
    if (!value.is_scalar()) {
        expected(value, what, diagnostics);
        return std::nullopt;
    }
    for (const auto& word : words)
        if (word.name == value.text) return word.value;
    diagnostics.error(value.place, unknown_word(what, value.text, names));
    return std::nullopt;
}

template <class Enum, std::size_t n>
void read_into(Enum& field, const Value* value, std::string_view what, const std::array<Word<Enum>, n>& words,
               Diagnostics& diagnostics) {
    if (!value) return;
    if (const auto word = read_word(*value, what, words, diagnostics)) field = *word;
}

}  // namespace rdpfault::harness
