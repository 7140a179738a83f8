#include "harness/runner.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <mutex>
#include <thread>

#include "harness/interception.hpp"
#include "harness/network_run.hpp"

namespace rdpfault::harness {

namespace asio = boost::asio;

namespace {

// More than the bounds of every part's own end together: what is still running then is a bug, and is said to be one.
constexpr std::chrono::seconds patience{30};

bool wanted(const Arm& arm, const std::vector<std::string>& names) {
    if (names.empty()) return true;
    return std::any_of(names.begin(), names.end(),
                       [&arm](const std::string& name) { return name == arm.name || name == to_string(arm.kind); });
}

bool has(const std::vector<Requirement>& requirements, Requirement wanted_one) {
    return std::find(requirements.begin(), requirements.end(), wanted_one) != requirements.end();
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string file_name(const std::string& scenario, const std::string& arm, std::uint32_t repeat) {
    auto name = scenario + "-" + arm + "-" + std::to_string(repeat) + ".log";
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ':' || c == '/'; }, '-');
    return name;
}

}  // namespace

// The io_context that a thread is running a task on, so that cancel() can reach it.
struct Runner::Current {
    std::mutex mutex;
    asio::io_context* io = nullptr;
    std::weak_ptr<ArmRun> run;
};

struct Runner::Work {
    struct Item {
        const Scenario* scenario;
        Arm arm;
        std::optional<ArmResult> result;
    };
    std::vector<Item> items;
    std::atomic<std::size_t> next = 0;
    std::vector<std::unique_ptr<Current>> threads;
    std::mutex reporting;
};

std::vector<Arm> selected_arms(const Scenario& scenario, const std::vector<std::string>& names) {
    auto arms = arms_of(scenario);
    std::erase_if(arms, [&names](const Arm& arm) { return !wanted(arm, names); });
    return arms;
}

std::string unmet(const Scenario& scenario, const Arm& arm, const RunPlan& plan) {
    const bool embedded = plan.lab.server.empty();
    const auto client = plan.client.value_or(arm.client.kind);
    if (!embedded && has(scenario.requirements, Requirement::embedded_server)) return "needs the embedded server";
    const bool needs_link =
        has(scenario.requirements, Requirement::packet_link) || (arm.network && !arm.network->modelled_allowed);
    if (needs_link && !link_obstacle().empty()) return "needs the emulated link: " + link_obstacle();
    if (embedded && has(scenario.requirements, Requirement::real_server)) return "needs a real server: --server";
    if (!embedded && needs_embedded(arm.server))
        return "needs the embedded server: a server of yours cannot be told `server:` " + join(arm.server_keys);
    if (arm.client.verify && client == ClientKind::command)
        return "needs the probe or xfreerdp: a command cannot be told whom to trust";
    if (auto closed = nla_obstacle(arm, plan.lab); !closed.empty()) return closed;
    if (client != ClientKind::probe && has(scenario.requirements, Requirement::probe)) return "needs the probe";
    if (client == ClientKind::probe && has(scenario.requirements, Requirement::real_client))
        return "needs a real client";
    if (client != ClientKind::probe && arm.kind != ArmKind::control)
        for (const auto& key : arm.client_keys)
            if (key == "tls" || key == "requested_protocols" || key == "nla")
                return "needs the probe: " + std::string(to_string(client)) + " cannot be told `client:` " + key;
    return {};
}

std::vector<ArmResult> Runner::run(const std::vector<Scenario>& scenarios) {
    Work work;
    for (const auto& scenario : scenarios)
        for (auto& arm : selected_arms(scenario, plan_.arms))
            work.items.push_back({&scenario, std::move(arm), {}});
    if (on_planned) on_planned(work.items.size());
    const auto count = std::clamp<std::size_t>(plan_.jobs, 1, std::max<std::size_t>(work.items.size(), 1));
    for (std::size_t i = 0; i < count; ++i)
        work.threads.push_back(std::make_unique<Current>());
    point_to(&work);
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < count; ++i)
        threads.emplace_back([this, &work, i] { work_through(work, *work.threads[i]); });
    work_through(work, *work.threads[0]);
    for (auto& thread : threads)
        thread.join();
    point_to(nullptr);

    std::vector<ArmResult> results;
    for (auto& item : work.items)
        if (item.result) results.push_back(std::move(*item.result));
    return results;
}

void Runner::work_through(Work& work, Current& current) {
    for (auto index = work.next++; index < work.items.size() && !cancelled_; index = work.next++) {
        auto& item = work.items[index];
        item.result = run_arm(*item.scenario, item.arm, current);
        const std::lock_guard lock(work.reporting);
        if (on_arm) on_arm(*item.result);
    }
}

ArmResult Runner::run_arm(const Scenario& scenario, const Arm& wanted_arm, Current& current) {
    const bool without_link = wanted_arm.network && wanted_arm.network->modelled_allowed && !link_obstacle().empty();
    const Arm arm = without_link ? modelled(wanted_arm) : wanted_arm;
    ArmResult result;
    result.scenario = scenario.name;
    result.family = scenario.family;
    result.path = scenario.path;
    result.summary = scenario.summary;
    result.cause = scenario.cause;
    result.arm = arm;
    const auto obstacle = unmet(scenario, arm, plan_);
    const bool random = arm.kind != ArmKind::control;
    const auto repeats = obstacle.empty() && random ? plan_.repeat.value_or(scenario.repeat) : 1;
    for (std::uint32_t repeat = 1; repeat <= repeats && (repeat == 1 || !cancelled_); ++repeat) {
        RunRecord record;
        record.repeat = repeat;
        record.seed = plan_.seed.value_or(scenario.seed) + repeat - 1;
        ArmTask task{scenario.name,
                     arm,
                     plan_.client.value_or(arm.client.kind),
                     record.seed,
                     plan_.timeout.value_or(scenario.timeout),
                     {}};
        if (!plan_.client_logs.empty())
            task.output_file =
                (std::filesystem::path(plan_.client_logs) / file_name(scenario.name, arm.name, repeat)).string();
        if (obstacle.empty())
            record.evidence = run_once(task, current);
        else
            record.evidence.skipped = obstacle;
        if (cancelled_ && obstacle.empty()) record.evidence.skipped = "interrupted";  // it says nothing of the scenario
        record.verdict = judge(arm, record.evidence);
        result.runs.push_back(std::move(record));
    }
    combine(result);
    return result;
}

Evidence Runner::run_once(const ArmTask& task, Current& current) {
    asio::io_context io{1};
    Evidence evidence;
    bool done = false;
    auto run = std::make_shared<ArmRun>(io, plan_.lab, task);
    {
        const std::lock_guard lock(current.mutex);
        current.io = &io;
        current.run = run;
    }
    run->start([&](Evidence collected) {
        evidence = std::move(collected);
        done = true;
    });
    run.reset();
    if (cancelled_) cancel();
    io.run_for(task.timeout + patience);
    {
        const std::lock_guard lock(current.mutex);
        current.io = nullptr;
        current.run.reset();
    }
    if (!done) evidence.error = "the run did not end by itself; this is a bug in rdpfault";
    return evidence;
}

void Runner::point_to(Work* work) {
    const std::lock_guard lock(work_mutex_);
    work_ = work;
}

void Runner::cancel() {
    cancelled_ = true;
    const std::lock_guard alive(work_mutex_);
    if (!work_) return;
    for (auto& thread : work_->threads) {
        const std::lock_guard lock(thread->mutex);
        if (!thread->io) continue;
        asio::post(*thread->io, [run = thread->run] {
            if (const auto still = run.lock()) still->cancel();
        });
    }
}

}  // namespace rdpfault::harness
