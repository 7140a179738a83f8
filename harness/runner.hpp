// Runs the arms of scenarios, several at a time, and judges them. Every run has ports of its own; nothing it does
// depends on what runs beside it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "harness/arm_run.hpp"
#include "harness/result.hpp"
#include "harness/scenario.hpp"

namespace rdpfault::harness {

struct RunPlan {
    Lab lab;
    std::shared_ptr<const Calibration> calibration;  // null: codes are predicted
    std::optional<ClientKind> client;                // instead of what a scenario says
    std::optional<std::uint64_t> seed;
    std::optional<Repeat> repeat;
    std::optional<std::chrono::milliseconds> timeout;
    std::vector<std::string> arms;  // see RunOptions
    std::uint32_t jobs = 1;
    std::string captures;     // folder for the packets of emulated links; empty: nowhere
    std::string client_logs;  // folder for what client programs print; empty: nowhere
};

// Why this arm cannot be run in this lab ("needs the embedded server"); empty when it can.
std::string unmet(const Scenario& scenario, const Arm& arm, const RunPlan& plan);

// The arms of a scenario that were asked for: "control", "fault" and "fix" (all of them), "fault:ID", "fix:ID"; none
// named: all.
std::vector<Arm> selected_arms(const Scenario& scenario, const std::vector<std::string>& names);

class Runner {
  public:
    explicit Runner(RunPlan plan) : plan_(std::move(plan)) {}

    // `total` arms are planned; called once before the first.
    std::function<void(std::size_t total)> on_planned;
    // An arm has all its runs; called from several threads, one at a time.
    std::function<void(const ArmResult& result)> on_arm;

    // Blocks until all arms have run, or, after cancel(), until those under way have ended. The results are in the
    // order of the scenarios and their arms, whatever ran first; arms that were not begun are absent.
    std::vector<ArmResult> run(const std::vector<Scenario>& scenarios);
    // The same for one arm, which need not be among those of the scenario; nullopt when it was not begun.
    std::optional<ArmResult> run(const Scenario& scenario, const Arm& arm);
    // From any thread; ends the clients of the runs under way.
    void cancel();
    bool cancelled() const { return cancelled_; }

  private:
    struct Work;
    struct Item;
    struct Current;
    Item plan_item(const Scenario& scenario, const Arm& wanted_arm) const;
    void run_all(Work& work);
    void work_through(Work& work, Current& current);
    RunRecord run_one(const Item& item, std::uint32_t repeat, Current& current);
    void finish(Item& item);
    Evidence run_once(const ArmTask& task, Current& current);

    RunPlan plan_;
    std::atomic<bool> cancelled_ = false;
    void point_to(Work* work);

    std::mutex work_mutex_;  // what cancel() reads of `work_` stays alive while it does
    Work* work_ = nullptr;
};

}  // namespace rdpfault::harness
