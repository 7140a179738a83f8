#include "harness/result.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rdpfault::harness {

namespace {

// The odds at which a fault's share of the draws is no longer put down to chance.
constexpr double too_unlikely = 1e-4;

struct Draws {
    std::uint32_t made = 0;
    std::uint32_t armed = 0;
};

Draws draws_of(const std::string& fault, const std::vector<RunRecord>& runs) {
    Draws draws;
    for (const auto& run : runs)
        for (const auto& connection : run.evidence.connections)
            for (const auto& event : connection.events)
                if (event.kind == proxy::Event::Kind::draw && event.fault == fault) {
                    ++draws.made;
                    if (!event.text.ends_with("not armed")) ++draws.armed;
                }
    return draws;
}

double probability_of(std::uint32_t k, std::uint32_t n, double p) {
    const double choose = std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
    const auto power = [](double base, double exponent) { return exponent > 0 ? exponent * std::log(base) : 0; };
    return std::exp(choose + power(p, k) + power(1 - p, n - k));
}

// Two-sided: the odds of a count no likelier than this one.
double odds(std::uint32_t k, std::uint32_t n, double p) {
    const double limit = probability_of(k, n, p) * (1 + 1e-9);
    double sum = 0;
    for (std::uint32_t i = 0; i <= n; ++i)
        if (const double one = probability_of(i, n, p); one <= limit) sum += one;
    return sum;
}

void worsen(ArmResult& result, Judgement judgement, std::string reason) {
    result.result = std::max(result.result, judgement);
    result.reasons.push_back(std::move(reason));
}

// Each reason once, with how many runs gave it.
void collect_reasons(ArmResult& result) {
    std::vector<std::pair<std::string, std::size_t>> counted;
    for (const auto& run : result.runs)
        for (const auto& reason : run.verdict.reasons) {
            const auto known =
                std::find_if(counted.begin(), counted.end(), [&](const auto& c) { return c.first == reason; });
            if (known == counted.end())
                counted.emplace_back(reason, 1);
            else
                ++known->second;
        }
    const auto runs = result.runs.size();
    for (const auto& [reason, count] : counted)
        result.reasons.push_back(
            runs == 1 ? reason : "in " + std::to_string(count) + " of " + std::to_string(runs) + " runs: " + reason);
}

void judge_by_rate(ArmResult& result) {
    constexpr std::array results{Judgement::inconclusive, Judgement::passed, Judgement::failed};
    result.result = results[static_cast<std::size_t>(result.rate->answer)];
    if (result.rate->answer == RateAnswer::open)
        result.reasons.push_back("the runs do not decide the rate: " + to_string(*result.rate));
    if (result.rate->answer == RateAnswer::violated)
        result.reasons.push_back("the rate is not what it should be: " + to_string(*result.rate));
}

void check_link(ArmResult& result) {
    const bool acted = std::any_of(result.runs.begin(), result.runs.end(), [](const auto& run) {
        return !run.evidence.network || run.evidence.network->report.acted();
    });
    if (!acted)
        worsen(result, Judgement::fault_not_fired,
               "the link did nothing to any packet in " + std::to_string(result.runs.size()) + " runs");
}

void check_chance(ArmResult& result, const proxy::Fault& fault) {
    const auto& runs = result.runs;
    const bool fired = std::any_of(runs.begin(), runs.end(), [&](const auto& run) {
        const auto& ids = run.evidence.fired;
        return std::find(ids.begin(), ids.end(), fault.id) != ids.end();
    });
    if (!fired)
        worsen(result, Judgement::fault_not_fired,
               "fault " + fault.id + " fired in none of " + std::to_string(runs.size()) + " runs");
    const auto draws = draws_of(fault.id, runs);
    if (draws.made > 0 && odds(draws.armed, draws.made, fault.trigger.probability) < too_unlikely)
        worsen(result, Judgement::failed,
               "fault " + fault.id + " was drawn " + std::to_string(draws.armed) + " times out of " +
                   std::to_string(draws.made) + ", which its probability does not explain");
}

}  // namespace

std::optional<RateResult> rate_of(const ArmResult& result) {
    if (!result.arm.rate) return std::nullopt;
    std::uint32_t hits = 0, cut = 0;
    for (const auto& run : result.runs)
        switch (run.verdict.result) {
            case Judgement::passed: ++hits; break;
            case Judgement::failed: break;
            case Judgement::inconclusive: ++cut; break;
            default: return std::nullopt;
        }
    return judge_rate(*result.arm.rate, hits, cut, static_cast<std::uint32_t>(result.runs.size()), result.looks);
}

void combine(ArmResult& result) {
    result.reasons.clear();
    result.duration = {};
    result.rate.reset();
    if (result.runs.empty()) {
        result.result = Judgement::error;
        result.reasons.push_back("not run");
        return;
    }
    result.result = Judgement::passed;
    for (const auto& run : result.runs) {
        result.duration += run.evidence.duration;
        result.result = std::max(result.result, run.verdict.result);
    }
    result.rate = rate_of(result);
    if (result.rate) judge_by_rate(result);
    if (!result.rate || result.result != Judgement::passed) collect_reasons(result);
    const bool judged = result.result != Judgement::skipped && result.result != Judgement::error;
    if (result.arm.kind != ArmKind::fault || !judged) return;
    if (result.arm.network) check_link(result);
    for (const auto& fault : result.arm.faults)
        if (fault.trigger.probability < 1) check_chance(result, fault);
}

int exit_status(const Report& report) {
    Judgement worst = Judgement::passed;
    for (const auto& arm : report.arms)
        worst = std::max(worst, arm.result);
    if (worst >= Judgement::failed) return 1;
    if (worst >= Judgement::inconclusive || report.arms.empty() || report.interrupted) return 3;
    return 0;
}

}  // namespace rdpfault::harness
