#include "harness/run_plan.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <thread>

#include "harness/credential.hpp"
#include "harness/interception.hpp"
#include "harness/resolve.hpp"

namespace rdpfault::harness {

namespace {

// A run with the probe mostly waits; a real client and its display keep a core busy.
std::uint32_t default_jobs(const RunOptions& options) {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    return options.client && *options.client != ClientKind::probe ? cores : 4 * cores;
}

}  // namespace

RunPlan plan_for(const RunOptions& options) {
    RunPlan plan;
    if (options.server) plan.lab.server = resolve(*options.server);
    plan.lab.credential = mint_credential();
    plan.lab.authority = mint_authority();
    plan.lab.mint = std::make_shared<proxy::CertificateMint>(plan.lab.authority, std::time(nullptr));
    plan.lab.credentials = options.credentials;
    take_files(options.intercept, plan.lab);
    plan.lab.command = options.command;
    plan.client = options.client;
    if (!options.calibration.empty())
        plan.calibration = std::make_shared<const Calibration>(Calibration::read(options.calibration));
    plan.seed = options.seed;
    plan.repeat = options.repeat;
    plan.timeout = options.timeout;
    plan.arms = options.arms;
    plan.jobs = options.jobs > 0 ? options.jobs : default_jobs(options);
    if (!options.out.empty() && options.capture)
        plan.captures = (std::filesystem::path(options.out) / "captures").string();
    if (!options.out.empty()) plan.client_logs = (std::filesystem::path(options.out) / "clients").string();
    return plan;
}

}  // namespace rdpfault::harness
