#include "harness/causes.hpp"

#include <algorithm>
#include <iterator>

#include "harness/causes_tables.hpp"
#include "protocol/catalogue/nearest.hpp"

namespace rdpfault::harness {

std::string_view to_string(Grade grade) {
    switch (grade) {
        case Grade::none: return "none";
        case Grade::contradicted: return "contradicted";
        case Grade::weak: return "weak";
        case Grade::medium: return "medium";
        case Grade::good: break;
    }
    return "good";
}

std::span<const Cause> causes() {
    static const auto table = [] {
        auto all = server_causes();
        std::ranges::move(path_causes(), std::back_inserter(all));
        return all;
    }();
    return table;
}

const Cause* find_cause(std::string_view id) {
    const auto row = std::ranges::find(causes(), id, &Cause::id);
    return row == causes().end() ? nullptr : &*row;
}

std::vector<std::string_view> nearest_causes(std::string_view id) {
    std::vector<std::string_view> ids;
    for (const auto& cause : causes())
        ids.push_back(cause.id);
    return nearest(id, ids);
}

}  // namespace rdpfault::harness
