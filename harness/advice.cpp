#include "harness/advice.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "harness/advice_tables.hpp"

namespace rdpfault::harness {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::string_view to_string(Standing standing) {
    switch (standing) {
        case Standing::contradicted: return "contradicted";
        case Standing::unsupported: return "unsupported";
        case Standing::misread: return "misread";
        case Standing::diagnosis: break;
    }
    return "diagnosis only";
}

std::span<const Advice> all_advice() {
    static const auto table = [] {
        auto all = path_advice();
        std::ranges::move(machine_advice(), std::back_inserter(all));
        return all;
    }();
    return table;
}

const Advice* find_advice(std::string_view word) {
    const auto folded = lower(word);
    const auto row = std::ranges::find_if(all_advice(), [&](const Advice& advice) {
        return advice.id == folded || std::ranges::find(advice.words, folded) != advice.words.end();
    });
    return row == all_advice().end() ? nullptr : &*row;
}

}  // namespace rdpfault::harness
