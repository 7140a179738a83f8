#include "harness/diagnostics.hpp"

#include <algorithm>

namespace rdpfault::harness {

namespace {

// Optimal string alignment distance. Words are short; a longer one is not a typing error of ours.
constexpr std::size_t longest_word = 64;

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

// What is printed of a word from a file: a long or binary one must not flood the terminal.
std::string shown(std::string_view word) {
    std::string out;
    for (const char c : word.substr(0, 40))
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return word.size() > 40 ? out + "..." : out;
}

}  // namespace

void Diagnostics::error(Place place, std::string message) {
    errors_.push_back({path_, place.line, place.column, std::move(message)});
}

std::vector<LoadError> Diagnostics::take() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const LoadError& a, const LoadError& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return std::move(errors_);
}

std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known) {
    if (word.size() > longest_word) return {};
    std::string_view best;
    auto best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const auto candidate : known) {
        const auto d = distance(word, candidate);
        if (d < best_distance) best_distance = d, best = candidate;
    }
    return best;
}

std::string unknown_word(std::string_view what, std::string_view word, std::span<const std::string_view> known) {
    std::string text = "unknown " + std::string(what) + " '" + shown(word) + "'";
    if (const auto near = nearest_word(word, known); !near.empty())
        return text + " (did you mean '" + std::string(near) + "'?)";
    text += " (known:";
    for (const auto candidate : known)
        text += " " + std::string(candidate);
    return text + ")";
}

}  // namespace rdpfault::harness
