// `rdpfault minimize`: the smallest scenario whose fault arm ends as that of the whole one does.
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/chance.hpp"
#include "harness/changed_scenario.hpp"
#include "harness/interrupt.hpp"
#include "harness/json_node.hpp"
#include "harness/loader.hpp"
#include "harness/minimize.hpp"
#include "harness/run_plan.hpp"
#include "harness/vocabulary.hpp"
#include "harness/yaml_path.hpp"
#include "harness/yaml_text.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::uint32_t random_runs = 20;

// The arm cannot be run here.
struct NotRun : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string ending_text(const Observed& seen) {
    auto text = seen.stage ? std::string(to_string(*seen.stage)) : std::string("no stage");
    text += ", " + (seen.ended_by.kind == EndKind::none ? std::string("no end") : to_string(seen.ended_by));
    // Who closes first what both have done with is a matter of microseconds.
    const bool orderly = seen.ended_by.kind == EndKind::orderly;
    if (!orderly && seen.who != proxy::ConnectionLog::Who::nobody)
        text += ", by the " + std::string(to_string(seen.who));
    return text;
}

Endings endings_of(const ArmResult& result) {
    Endings endings;
    if (result.result == Judgement::skipped || result.result == Judgement::error) {
        endings.obstacle = result.reasons.empty() ? "could not be run" : result.reasons.front();
        return endings;
    }
    for (const auto& run : result.runs) {
        const auto text = ending_text(run.verdict.observed);
        ++endings.counts[text];
        if (run.verdict.result == Judgement::passed) ++endings.expected[text];
    }
    return endings;
}

class Bench {
  public:
    explicit Bench(const MinimizeOptions& options) : options_(options), runner_(plan_for(run_options(options))) {}

    // nullopt: interrupted.
    std::optional<Endings> run(const Value& document) {
        auto read = arm_in(document, options_.scenario, "fault");
        if (const auto* wrong = std::get_if<std::string>(&read)) {
            Endings endings;
            endings.obstacle = "no scenario: " + wrong->substr(0, wrong->find('\n'));
            return endings;
        }
        auto& [scenario, arm] = std::get<ChosenArm>(read);
        // Its answer is not asked for, but a run that chance spared is not what is expected then.
        arm.rate = RateExpectation{};
        scenario.repeat = repeats_;
        const auto result = runner_.run(scenario, arm);
        if (!result || runner_.cancelled()) return std::nullopt;
        return endings_of(*result);
    }
    void repeat(std::uint32_t count) { repeats_ = count; }
    void cancel() { runner_.cancel(); }

  private:
    static RunOptions run_options(const MinimizeOptions& options) {
        auto run = options.run;
        run.out.clear();
        run.repeat.reset();
        return run;
    }
    const MinimizeOptions& options_;
    std::uint32_t repeats_ = 1;
    Runner runner_;
};

// The document of the arm, without what is not tried: fixes, and how often it must happen.
Value bare(Value document) {
    for (const auto* part : {"fixes", "rate", "repeat"})
        remove_path(document, part);
    set_path(document, "repeat", scalar(std::to_string(random_runs)));
    return document;
}

// What is tried lacks them; they come back where they still fit.
Value restored(Value minimal, const Value& original, const std::string& path, std::vector<std::string>& dropped) {
    remove_path(minimal, "repeat");
    const auto keep = [&](const char* part, bool tell) {
        const auto* value = find_path(original, part);
        if (!value) return;
        auto with = minimal;
        set_path(with, part, *value);
        if (load_tree(with, path).errors.empty())
            minimal = std::move(with);
        else if (tell)
            dropped.push_back(std::string(part) + ": it no longer fits");
    };
    keep("repeat", false);
    keep("rate", true);
    keep("fixes", true);
    return minimal;
}

std::string comments(const Minimal& minimal, const Endings& whole) {
    std::string text = "# Ends so: " + whole.text() + "\n";
    if (whole.counts.size() > 1) text += "# What matters: " + whole.main() + "\n";
    for (const auto& label : minimal.dropped)
        text += "# Dropped: " + label + "\n";
    for (const auto& kept : minimal.kept)
        text += "# Needed: " + kept.part.label + "\n#   without it: " + kept.without + "\n";
    return text;
}

std::string json_of(const Minimal& minimal, const Endings& whole, const std::string& yaml) {
    nlohmann::ordered_json json{{"ending", whole.text()},
                                {"dropped", minimal.dropped},
                                {"kept", nlohmann::ordered_json::array()},
                                {"scenario", yaml}};
    for (const auto& kept : minimal.kept)
        json["kept"].push_back({{"path", kept.part.path}, {"part", kept.part.label}, {"without", kept.without}});
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Value load(const MinimizeOptions& options) {
    auto chosen = document_for(valid_document(options.scenario), options.arm);
    if (const auto* wrong = std::get_if<std::string>(&chosen)) throw CallError(*wrong);
    return std::get<Value>(std::move(chosen));
}

void write_out(const std::string& path, Value document, const std::string& heading) {
    set_path(document, "name", scalar(std::filesystem::path(path).stem().string()));
    write_text(path, heading + yaml_text(document));
}

int minimize_file(const MinimizeOptions& options) {
    const auto original = load(options);
    const auto document = bare(original);
    const auto chosen = std::get<ChosenArm>(arm_in(document, options.scenario, "fault"));
    const bool chance = left_to_chance(chosen.arm.faults, chosen.arm.network);
    Bench bench(options);
    bench.repeat(options.repeat.value_or(chance ? random_runs : 1));
    Interrupt interrupt([&] { bench.cancel(); });
    const auto whole = bench.run(document);
    if (!whole) throw NotRun("interrupted");
    if (!whole->obstacle.empty()) throw NotRun(whole->obstacle);
    auto minimal = minimize(document, *whole, [&](const Value& rest, const Part& part) {
        auto endings = bench.run(rest);
        if (endings && !options.run.quiet) std::cerr << "without " << part.label << ": " << endings->text() << '\n';
        return endings;
    });
    minimal.document = restored(std::move(minimal.document), original, options.scenario, minimal.dropped);
    const auto heading = comments(minimal, *whole);
    const auto yaml = yaml_text(minimal.document);
    if (chosen_format(options.output) == Format::json)
        std::cout << json_of(minimal, *whole, yaml);
    else
        std::cout << heading << yaml;
    if (!options.out.empty()) write_out(options.out, minimal.document, heading);
    return 0;
}

}  // namespace

int minimize_command(const MinimizeOptions& options) {
    try {
        return minimize_file(options);
    } catch (const NotRun& error) {
        std::cerr << "rdpfault minimize: " << error.what() << '\n';
        return 3;
    } catch (const std::exception& error) {
        std::cerr << "rdpfault minimize: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
