// The scenario library, run for real: embedded server, proxy and probe on sockets of this machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <ctime>
#include <functional>
#include <iterator>
#include <thread>

#include "harness/arm_run.hpp"
#include "harness/decision_log.hpp"
#include "harness/loader.hpp"
#include "harness/runner.hpp"
#include "protocol/tls/mint.hpp"

namespace rdpfault::harness {
namespace {

// Runs mostly wait, so more of them than there are cores go side by side.
constexpr std::size_t side_by_side = 12;

bool needs(const Scenario& scenario, Requirement requirement) {
    const auto& all = scenario.requirements;
    return std::find(all.begin(), all.end(), requirement) != all.end();
}

// The embedded server and the probe are all that these runs have.
bool can_run(const Scenario& scenario) {
    return !needs(scenario, Requirement::real_client) && !needs(scenario, Requirement::real_server);
}

const Lab& lab() {
    static const Lab the_lab = [] {
        Lab lab;
        tls::CertificateSpec spec;
        spec.not_before = std::time(nullptr) - 3600;
        spec.not_after = std::time(nullptr) + 3600;
        lab.credential = std::make_shared<const tls::Credential>(tls::mint(spec));
        lab.authority = std::make_shared<const tls::Credential>(
            tls::mint(tls::authority_spec("authority", spec.not_before, spec.not_after)));
        lab.mint = std::make_shared<proxy::CertificateMint>(lab.authority, std::time(nullptr));
        return lab;
    }();
    return the_lab;
}

const std::vector<Scenario>& library() {
    static const std::vector<Scenario> scenarios = [] {
        const auto loaded = load_paths({RDPFAULT_SOURCE_DIR "/scenarios"});
        for (const auto& error : loaded.errors)
            ADD_FAILURE() << to_string(error);
        return loaded.scenarios;
    }();
    return scenarios;
}

Evidence run(const ArmTask& task) {
    boost::asio::io_context io{1};
    Evidence evidence;
    evidence.error = "the run did not end";
    std::make_shared<ArmRun>(io, lab(), task)->start([&](Evidence collected) { evidence = std::move(collected); });
    io.run_for(task.timeout + std::chrono::seconds(30));
    return evidence;
}

struct Case {
    const Scenario* scenario;
    Arm arm;
};

std::vector<Case> fault_arms() {
    std::vector<Case> cases;
    for (const auto& scenario : library()) {
        if (!can_run(scenario)) continue;
        for (auto& arm : selected_arms(scenario, {"fault"}))
            cases.push_back({&scenario, std::move(arm)});
    }
    return cases;
}

ArmTask task_of(const Case& one) {
    return {one.scenario->name, one.arm, ClientKind::probe, one.scenario->seed, one.scenario->timeout, {}};
}

// Applies `check` to each case, several at a time; what it returns is a complaint, or empty.
void for_each_case(const std::vector<Case>& cases, const std::function<std::string(const Case&)>& check) {
    std::vector<std::string> complaints(cases.size());
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < side_by_side; ++i)
        threads.emplace_back([&] {
            for (auto index = next++; index < cases.size(); index = next++)
                complaints[index] = check(cases[index]);
        });
    for (auto& thread : threads)
        thread.join();
    for (std::size_t i = 0; i < cases.size(); ++i)
        EXPECT_EQ(complaints[i], "") << cases[i].scenario->path << ", " << cases[i].arm.name;
}

TEST(Library, EveryArmPasses) {
    ASSERT_GE(library().size(), 165U);
    std::vector<Scenario> scenarios;
    std::copy_if(library().begin(), library().end(), std::back_inserter(scenarios), can_run);
    EXPECT_LE(library().size() - scenarios.size(), 10U) << "too much is left to real peers";
    RunPlan plan;
    plan.lab = lab();
    plan.jobs = side_by_side;
    Runner runner(plan);
    const auto results = runner.run(scenarios);
    ASSERT_GE(results.size(), 2 * scenarios.size());
    for (const auto& result : results) {
        EXPECT_EQ(result.result, Judgement::passed) << result.path << ", " << result.arm.name;
        for (const auto& reason : result.reasons)
            ADD_FAILURE() << "  " << reason;
    }
}

// The mutation check: the fault is taken out of the run, and the verdict is asked for as if it had been there.
TEST(Library, NoFaultArmPassesWithoutItsFault) {
    const auto cases = fault_arms();
    ASSERT_GE(cases.size(), 150U);
    for_each_case(cases, [](const Case& one) -> std::string {
        auto task = task_of(one);
        task.arm.faults.clear();
        task.arm.network.reset();
        task.arm.dns.reset();
        task.arm.proxy = task.arm.proxy.ordinary();
        task.arm.server = server::Config{};
        task.arm.client.probe.tls_min = client::ProbeConfig{}.tls_min;
        task.arm.client.probe.tls_max = client::ProbeConfig{}.tls_max;
        const auto verdict = judge(one.arm, run(task));
        return verdict.result == Judgement::passed ? "passed without its fault" : "";
    });
}

// The same seed and the same peers: the same decisions, byte for byte.
TEST(Library, DecisionsAreTheSameOnReplay) {
    const auto cases = fault_arms();
    for_each_case(cases, [](const Case& one) -> std::string {
        const auto first = decision_log(run(task_of(one)).connections);
        const auto second = decision_log(run(task_of(one)).connections);
        if (!one.arm.faults.empty() && first.empty()) return "no decision was logged";
        return first == second ? "" : "first " + first + "then " + second;
    });
}

}  // namespace
}  // namespace rdpfault::harness
