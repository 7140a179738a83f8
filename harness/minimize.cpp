#include "harness/minimize.hpp"

#include <algorithm>

#include "harness/wilson.hpp"

namespace rdpfault::harness {

std::uint32_t Endings::runs() const {
    std::uint32_t sum = 0;
    for (const auto& [ending, count] : counts)
        sum += count;
    return sum;
}

std::string Endings::main() const {
    const auto& from = expected.empty() ? counts : expected;
    const auto most =
        std::max_element(from.begin(), from.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == from.end() ? std::string() : most->first;
}

std::string Endings::text() const {
    if (!obstacle.empty()) return obstacle;
    if (counts.size() == 1) return counts.begin()->first;
    std::string text;
    for (const auto& [ending, count] : counts)
        text += (text.empty() ? "" : "; ") + std::to_string(count) + " times " + ending;
    return text;
}

bool same(const Endings& whole, const Endings& rest) {
    const auto main = whole.main();
    const auto still = rest.counts.find(main);
    // A rare ending that is not met any more may be chance; but then nothing says that the part is needless.
    if (main.empty() || still == rest.counts.end()) return false;
    const auto interval = difference(whole.counts.at(main), whole.runs(), still->second, rest.runs(), 0.95);
    return interval.low <= 0 && interval.high >= 0;
}

namespace {

struct Known {
    std::string without;
    std::size_t dropped = 0;  // parts that had been dropped when it was tried: with fewer left it may be needless
};

// The first part that was never tried; then the first that was not tried since something was dropped.
const Part* next_part(const std::vector<Part>& parts, const std::map<std::pair<int, int>, Known>& known,
                      std::size_t dropped) {
    const Part* stale = nullptr;
    for (const auto& part : parts) {
        const auto found = known.find({part.place.line, part.place.column});
        if (found == known.end()) return &part;
        if (!stale && found->second.dropped < dropped) stale = &part;
    }
    return stale;
}

}  // namespace

Minimal minimize(const Value& document, const Endings& whole,
                 const std::function<std::optional<Endings>(const Value&, const Part&)>& run) {
    Minimal minimal{document, {}, {}};
    std::map<std::pair<int, int>, Known> known;
    auto parts = removable_parts(minimal.document);
    while (const auto* part = next_part(parts, known, minimal.dropped.size())) {
        auto rest = without(minimal.document, *part);
        const auto endings = run(rest, *part);
        if (!endings) break;
        if (endings->obstacle.empty() && same(whole, *endings)) {
            minimal.dropped.push_back(part->label);
            minimal.document = std::move(rest);
            parts = removable_parts(minimal.document);
        } else {
            known[{part->place.line, part->place.column}] = {endings->text(), minimal.dropped.size()};
        }
    }
    for (const auto& part : parts)
        if (const auto found = known.find({part.place.line, part.place.column}); found != known.end())
            minimal.kept.push_back({part, found->second.without});
    return minimal;
}

}  // namespace rdpfault::harness
