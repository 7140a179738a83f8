#include "harness/bisection.hpp"

#include <algorithm>

namespace rdpfault::harness {

std::string_view to_string(Outcome outcome) {
    if (outcome == Outcome::undecided) return "undecided";
    return outcome == Outcome::yes ? "yes" : "no";
}

std::optional<Outcome> Bisection::at(double value) const {
    for (const auto& point : points_)
        if (point.value == value) return point.outcome;
    return std::nullopt;
}

bool Bisection::narrow(Gap gap) const {
    // What is left of a decimal after some halvings is not exact.
    const double half = middle(vary_, gap.low, gap.high);
    return gap.high - gap.low <= vary_.precision * (1 + 1e-9) || half <= gap.low || half >= gap.high;
}

bool Bisection::undecided_inside() const {
    return std::any_of(points_.begin(), points_.end(), [this](const Point& point) {
        return point.outcome == Outcome::undecided && point.value > below_.value && point.value < above_.value;
    });
}

Bisection::Gap Bisection::open_gap() const {
    double first = above_.value, last = below_.value;
    for (const auto& point : points_)
        if (point.outcome == Outcome::undecided && point.value > below_.value && point.value < above_.value) {
            first = std::min(first, point.value);
            last = std::max(last, point.value);
        }
    const Gap left{below_.value, first}, right{last, above_.value};
    return narrow(left) ? right : left;
}

Bisection::Answer Bisection::answer() const {
    if (!ends_known()) return Answer::running;
    if (*at(vary_.low) == Outcome::undecided || *at(vary_.high) == Outcome::undecided) return Answer::undecided;
    if (*at(vary_.low) == *at(vary_.high)) return Answer::same;
    if (!narrow(open_gap())) return Answer::running;
    return undecided_inside() ? Answer::undecided : Answer::found;
}

std::optional<double> Bisection::unseen_quarter() const {
    const double half = middle(vary_, vary_.low, vary_.high);
    for (const double value : {middle(vary_, vary_.low, half), middle(vary_, half, vary_.high)})
        if (!at(value) && (value < below_.value || value > above_.value) && value > vary_.low && value < vary_.high)
            return value;
    return std::nullopt;
}

std::optional<double> Bisection::next() const {
    for (const double end : {vary_.low, vary_.high})
        if (!at(end)) return end;
    const double half = middle(vary_, vary_.low, vary_.high);
    switch (answer()) {
        case Answer::running: return middle(vary_, open_gap().low, open_gap().high);
        case Answer::same:
            return at(half) || half <= vary_.low || half >= vary_.high ? std::nullopt : std::optional(half);
        case Answer::found: return unseen_quarter();
        case Answer::undecided: break;
    }
    return std::nullopt;
}

void Bisection::tell(double value, Outcome outcome) {
    points_.push_back({value, outcome});
    if (value == vary_.low) below_ = points_.back();
    if (value == vary_.high) above_ = points_.back();
    if (!ends_known() || outcome == Outcome::undecided || value <= below_.value || value >= above_.value) return;
    if (outcome == below_.outcome && outcome != above_.outcome) below_ = points_.back();
    if (outcome == above_.outcome && outcome != below_.outcome) above_ = points_.back();
}

std::vector<Bisection::Point> Bisection::points() const {
    auto sorted = points_;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    return sorted;
}

std::vector<Bisection::Point> Bisection::strays() const {
    auto all = points();
    std::erase_if(all, [this](const Point& point) {
        if (point.outcome == Outcome::undecided) return true;
        const bool left = point.value <= below_.value;
        return point.outcome == (left ? below_.outcome : above_.outcome);
    });
    return all;
}

}  // namespace rdpfault::harness
