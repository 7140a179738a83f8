// The words of an `explain`, sorted into numbers and names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/catalogue.hpp"

namespace rdpfault::harness {

struct Query {
    std::vector<std::string> words;  // lower case, without fillers and numbers
    std::vector<std::string> raw;    // the words as typed, numbers left out
    std::vector<std::pair<std::string, std::uint32_t>> numbers;
};

struct Answer;
// Fills `suggestions` of an answer that found nothing: other ways to write a number, near events, near names.
void suggest(Answer& answer, const Query& query);

// Splits at blanks and at "/,:", so that "0x904/0x7" and the dialog's own line are understood.
Query read_query(const std::vector<std::string>& words);

// The family that these words name, in its own word or another: {"alert"}, {"negotiation", "failure"}.
std::optional<Family> family_of(const std::vector<std::string>& words);

std::optional<std::uint32_t> number(std::string_view digits, int base);
std::string lower(std::string text);
std::string join(const std::vector<std::string>& words, char between);

}  // namespace rdpfault::harness
