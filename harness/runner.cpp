#include "harness/runner.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "harness/dns_run.hpp"
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

std::string file_name(const std::string& scenario, const std::string& arm, std::uint32_t repeat,
                      const std::string& ending) {
    auto name = scenario + "-" + arm + "-" + std::to_string(repeat) + ending;
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

// One arm. Its runs may go side by side; how many there are is settled at the looks.
struct Runner::Item {
    const Scenario* scenario = nullptr;
    std::string obstacle;  // why it cannot be run; else empty
    std::vector<std::uint32_t> looks;
    std::size_t look = 0;     // the one that is worked towards
    std::uint32_t begun = 0;  // runs
    std::uint32_t ended = 0;
    bool over = false;
    ArmResult result;  // its runs in the order of their numbers

    std::uint32_t target() const { return looks[look]; }
};

struct Runner::Work {
    std::mutex mutex;  // of the items
    std::condition_variable changed;
    std::vector<Item> items;
    std::size_t first_open = 0;  // the items before it have all their runs begun for good
    std::vector<std::unique_ptr<Current>> threads;

    // An item with a run to begin; nullptr: none now.
    Item* next() {
        while (first_open < items.size() && items[first_open].over)
            ++first_open;
        for (auto i = first_open; i < items.size(); ++i)
            if (!items[i].over && items[i].begun < items[i].target()) return &items[i];
        return nullptr;
    }
    bool all_over() const {
        return std::all_of(items.begin() + static_cast<std::ptrdiff_t>(first_open), items.end(),
                           [](const auto& item) { return item.over; });
    }
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
    const bool needs_packets =
        has(scenario.requirements, Requirement::packet_link) || (arm.network && !arm.network->modelled_allowed);
    if ((needs_packets || needs_link(arm, client)) && !link_obstacle().empty())
        return "needs the emulated link: " + link_obstacle();
    if (needs_link(arm, client) && arm.network && arm.network->between != link::Between::client)
        return "needs the probe: a program asks this name server only behind a link that is `between: client`";
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
        for (const auto& arm : selected_arms(scenario, plan_.arms))
            work.items.push_back(plan_item(scenario, arm));
    if (on_planned) on_planned(work.items.size());
    run_all(work);
    std::vector<ArmResult> results;
    for (auto& item : work.items)
        if (item.over) results.push_back(std::move(item.result));
    return results;
}

std::optional<ArmResult> Runner::run(const Scenario& scenario, const Arm& arm) {
    Work work;
    work.items.push_back(plan_item(scenario, arm));
    run_all(work);
    auto& item = work.items.front();
    if (!item.over) return std::nullopt;
    return std::move(item.result);
}

Runner::Item Runner::plan_item(const Scenario& scenario, const Arm& wanted_arm) const {
    const bool without_link = wanted_arm.network && wanted_arm.network->modelled_allowed && !link_obstacle().empty();
    Item item;
    item.scenario = &scenario;
    auto& result = item.result;
    result.scenario = scenario.name;
    result.family = scenario.family;
    result.path = scenario.path;
    result.summary = scenario.summary;
    result.cause = scenario.cause;
    result.arm = without_link ? modelled(wanted_arm) : wanted_arm;
    item.obstacle = unmet(scenario, result.arm, plan_);
    Repeat repeat;
    if (item.obstacle.empty() && result.arm.kind != ArmKind::control) {
        repeat = plan_.repeat.value_or(Repeat{scenario.repeat, false});
        // What every run must give is not known any sooner by looking.
        if (repeat.until_decided && !result.arm.rate) repeat = {scenario.repeat, false};
    }
    item.looks = looks(repeat);
    result.looks = item.looks.size();
    return item;
}

void Runner::run_all(Work& work) {
    std::size_t runs = 0;
    for (const auto& item : work.items)
        runs += item.looks.back();
    const auto count = std::clamp<std::size_t>(plan_.jobs, 1, std::max<std::size_t>(runs, 1));
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
    // After cancel(): arms that have some of their runs.
    for (auto& item : work.items)
        if (!item.over && item.ended > 0) finish(item);
}

void Runner::work_through(Work& work, Current& current) {
    std::unique_lock lock(work.mutex);
    while (!cancelled_) {
        auto* item = work.next();
        if (!item) {
            if (work.all_over()) break;
            work.changed.wait(lock);
            continue;
        }
        const auto repeat = ++item->begun;
        lock.unlock();
        auto record = run_one(*item, repeat, current);
        lock.lock();
        auto& runs = item->result.runs;
        const auto behind =
            std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.repeat > repeat; });
        runs.insert(behind, std::move(record));
        if (++item->ended < item->target() || cancelled_) continue;
        const auto rate = rate_of(item->result);
        if (rate && rate->answer == RateAnswer::open && item->look + 1 < item->looks.size())
            ++item->look;
        else
            finish(*item);
        work.changed.notify_all();
    }
    work.changed.notify_all();
}

void Runner::finish(Item& item) {
    combine(item.result);
    item.over = true;
    if (on_arm) on_arm(item.result);
}

RunRecord Runner::run_one(const Item& item, std::uint32_t repeat, Current& current) {
    const auto& scenario = *item.scenario;
    const auto& arm = item.result.arm;
    RunRecord record;
    record.repeat = repeat;
    record.seed = plan_.seed.value_or(scenario.seed) + repeat - 1;
    ArmTask task{scenario.name, arm, plan_.client.value_or(arm.client.kind), record.seed,
                 plan_.timeout.value_or(scenario.timeout)};
    if (!plan_.client_logs.empty())
        task.output_file =
            (std::filesystem::path(plan_.client_logs) / file_name(scenario.name, arm.name, repeat, ".log")).string();
    if (!plan_.captures.empty())
        task.capture_file =
            (std::filesystem::path(plan_.captures) / file_name(scenario.name, arm.name, repeat, ".pcap")).string();
    if (item.obstacle.empty())
        record.evidence = run_once(task, current);
    else
        record.evidence.skipped = item.obstacle;
    // It says nothing of the scenario.
    if (cancelled_ && item.obstacle.empty()) record.evidence.skipped = "interrupted";
    record.verdict = judge(arm, record.evidence, plan_.calibration.get());
    return record;
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
