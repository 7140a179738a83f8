// `rdpfault bisect`: runs one arm with one value varied, until it is known where the outcome flips.
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "harness/bisect_report.hpp"
#include "harness/chance.hpp"
#include "harness/changed_scenario.hpp"
#include "harness/interrupt.hpp"
#include "harness/json_node.hpp"
#include "harness/loader.hpp"
#include "harness/run_plan.hpp"
#include "harness/units.hpp"
#include "harness/vocabulary.hpp"
#include "harness/yaml_path.hpp"

namespace rdpfault::harness {

namespace {

// Of a random arm: it flips where half of the runs do.
constexpr double half = 0.5;
constexpr std::uint32_t most_runs = 64;

template <class T>
T or_throw(std::variant<T, std::string> result) {
    if (auto* wrong = std::get_if<std::string>(&result)) throw CallError(*wrong);
    return std::get<T>(std::move(result));
}

Value load(const BisectOptions& options) {
    auto chosen = or_throw(document_for(valid_document(options.scenario), options.arm));
    // What is asked is another question than how often, and how often is settled here; neither must stand in the way of
    // a value, nor must fixes that are not run.
    remove_path(chosen, "rate");
    if (!options.arm.starts_with("fix:")) remove_path(chosen, "fixes");
    set_path(chosen, "repeat", scalar(std::to_string(most_runs)));
    return chosen;
}

// Whole numbers stand for fractions too, where the file has one.
Vary vary_of(const BisectOptions& options, const Value& document) {
    auto text = options.vary;
    auto vary = or_throw(vary_from_string(text, options.precision));
    const auto* now = find_path(document, vary.path);
    if (vary.form == ValueForm::number && now && now->is_scalar() && now->text.find('.') != std::string::npos &&
        probability_from_string(now->text))
        vary = or_throw(vary_from_string(text + ".0", options.precision));
    return vary;
}

ChosenArm arm_at(const BisectOptions& options, const Value& document, const Vary& vary, double value) {
    auto changed = document;
    const auto* now = find_path(document, vary.path);
    const auto place = now ? now->place : Place{};
    if (const auto wrong = set_path(changed, vary.path, scalar(scenario_text(vary, value), place)))
        throw CallError(vary.path + ": " + *wrong);
    auto read = arm_in(changed, options.scenario, options.arm);
    if (const auto* wrong = std::get_if<std::string>(&read))
        throw CallError("with " + vary.path + ": " + scenario_text(vary, value) + "\n" + *wrong);
    return std::get<ChosenArm>(std::move(read));
}

// Judged as a fix is: whatever the faults do or do not do, what counts is how it ends.
void ask(const BisectOptions& options, Arm& arm, bool chance) {
    arm.kind = ArmKind::fix;
    arm.rate.reset();
    if (!options.as_expected) arm.expect = {.connected = true, .any_of = {}};
    if (chance) arm.rate = RateExpectation{RateExpectation::Side::at_least, half, options.confidence};
}

Outcome outcome_of(const ArmResult& result) {
    if (result.rate) {
        if (result.rate->answer == RateAnswer::open) return Outcome::undecided;
        return result.rate->answer == RateAnswer::holds ? Outcome::yes : Outcome::no;
    }
    // Cut off by its time limit: it did not come up in time.
    std::size_t hits = 0;
    for (const auto& run : result.runs)
        if (run.verdict.result == Judgement::passed) ++hits;
    if (hits > 0 && hits < result.runs.size()) return Outcome::undecided;
    return hits > 0 ? Outcome::yes : Outcome::no;
}

void say_progress(const BisectReport& report, const BisectReport::Tried& tried) {
    std::cerr << '[' << report.tried.size() << "] " << report.vary.path << " = " << shown(report.vary, tried.value)
              << ": " << in_words(report, tried.outcome);
    if (tried.result.rate) std::cerr << ", " << tried.result.rate->hits << " of " << tried.result.rate->runs << " runs";
    std::cerr << '\n';
}

Vary& widened(Vary& vary) {
    vary.precision = std::max(vary.precision, (vary.high - vary.low) / 16);
    return vary;
}

void try_values(const BisectOptions& options, const Value& document, BisectReport& report) {
    auto plan_options = options.run;
    plan_options.out.clear();
    // Chance may come and go with the value; whether it has a say is asked at both ends.
    const auto chance_at = [&](double value) {
        const auto chosen = arm_at(options, document, report.vary, value);
        return left_to_chance(chosen.arm.faults, chosen.arm.network);
    };
    report.chance = chance_at(report.vary.low) || chance_at(report.vary.high);
    // Near the flip shares are near one half, and cost many runs: fewer values then.
    const bool may_widen = options.precision.empty() && report.vary.form != ValueForm::number;
    if (report.chance && may_widen) report.bisection = Bisection(widened(report.vary));
    plan_options.repeat = Repeat{options.repeat.value_or(report.chance ? most_runs : 1), report.chance};
    Runner runner(plan_for(plan_options));
    Interrupt interrupt([&] { runner.cancel(); });
    while (const auto value = report.bisection.next()) {
        auto chosen = arm_at(options, document, report.vary, *value);
        ask(options, chosen.arm, report.chance);
        auto result = runner.run(chosen.scenario, chosen.arm);
        if (!result || runner.cancelled()) {
            report.obstacle = "interrupted";
            return;
        }
        if (result->result == Judgement::skipped || result->result == Judgement::error) {
            report.obstacle = result->reasons.empty() ? "could not be run" : result->reasons.front();
            return;
        }
        const auto outcome = outcome_of(*result);
        report.bisection.tell(*value, outcome);
        report.tried.push_back({*value, outcome, std::move(*result)});
        if (!options.run.quiet) say_progress(report, report.tried.back());
    }
}

}  // namespace

int bisect_command(const BisectOptions& options) {
    try {
        const auto document = load(options);
        const auto vary = vary_of(options, document);
        BisectReport report{{}, options.arm, vary, options.as_expected, options.confidence, false, Bisection(vary),
                            {}, {}};
        report.scenario = arm_at(options, document, vary, vary.low).scenario.name;
        try_values(options, document, report);
        const auto format = chosen_format(options.output);
        std::cout << (format == Format::json ? bisect_json(report) : bisect_text(report, format == Format::table));
        if (!options.out.empty()) write_text(options.out, bisect_json(report));
        return exit_status(report);
    } catch (const std::exception& error) {
        std::cerr << "rdpfault bisect: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
