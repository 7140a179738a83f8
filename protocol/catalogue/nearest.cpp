#include "protocol/catalogue/nearest.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace rdpfault {

namespace {

constexpr std::size_t longest = 128;

// Only letters and digits, in lower case: what people get right even when they mistype the rest.
std::string folded(std::string_view word) {
    std::string out;
    for (const char c : word) {
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

// Levenshtein's distance, with a swap of neighbours as one edit.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates,
                                      std::size_t most) {
    if (word.size() > longest) return {};
    const auto wanted = folded(word);
    if (wanted.empty()) return {};
    std::vector<std::pair<std::size_t, std::string_view>> found;
    for (const auto candidate : candidates) {
        const auto have = folded(candidate);
        if (have.empty() || have.size() > longest) continue;
        const auto length = std::max(wanted.size(), have.size());
        auto distance = edits(wanted, have);
        // A part of the word, if it says something, beats every misspelling but the slightest.
        if (wanted.size() >= 4 && have.find(wanted) != std::string::npos) distance = std::min<std::size_t>(distance, 1);
        // So does a misspelled beginning of it.
        const auto beginning = edits(wanted, std::string_view(have).substr(0, wanted.size())) + 1;
        if (wanted.size() >= 8 && beginning <= wanted.size() / 4) distance = std::min(distance, beginning);
        if (distance <= length / 3) found.emplace_back(distance, candidate);
    }
    std::ranges::stable_sort(found, {}, [](const auto& row) { return row.first; });
    std::vector<std::string_view> out;
    for (const auto& row : found)
        if (out.size() < most && std::ranges::find(out, row.second) == out.end()) out.push_back(row.second);
    return out;
}

}  // namespace rdpfault
