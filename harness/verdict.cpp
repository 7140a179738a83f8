#include "harness/verdict.hpp"

#include <algorithm>

#include "harness/witness.hpp"

namespace rdpfault::harness {

namespace {

bool is_random(const proxy::Fault& fault) {
    return fault.trigger.probability < 1;
}

// A closed port notes that it is closed; that is only a fault once somebody has knocked.
bool has_bitten(const Scene& scene, const proxy::Fault& fault) {
    if (!scene.fired(fault.id)) return false;
    if (!std::holds_alternative<proxy::action::Refuse>(fault.action) || !scene.probe) return true;
    return std::any_of(scene.probe->connections.begin(), scene.probe->connections.end(),
                       [](const auto& connection) { return connection.ending.kind == EndKind::refused; });
}

// The ends of TLS that the proxy is told to be different on.
std::vector<Side> legs_to_be_broken(const ProxySpec& proxy) {
    std::vector<Side> sides;
    for (const auto side : {Side::client, Side::server})
        if (proxy::setup_of(proxy.config, side) != proxy::setup_of({}, side) ||
            (side == Side::client && (proxy.nla == NlaPath::naive || !proxy.certificate_file.empty())))
            sides.push_back(side);
    return sides;
}

// A certificate that was given to it, or one that it minted.
bool shows_what_it_was_told(const ProxySpec& proxy, bool given) {
    if (!proxy.certificate_file.empty()) return given;
    return proxy.nla != NlaPath::naive || !given;
}

// It has begun TLS with that side, and in the way it was told.
bool began_tls(const Scene& scene, Side side) {
    if (!scene.log) return false;
    const auto& proxy = scene.arm.proxy;
    const auto setup = proxy::setup_of(proxy.config, side) + ", @";
    return std::any_of(scene.log->events.begin(), scene.log->events.end(), [&](const proxy::Event& event) {
        return event.kind == proxy::Event::Kind::tls_begun && event.side == side && event.text.starts_with(setup) &&
               (side == Side::server || shows_what_it_was_told(proxy, event.text.ends_with("certificate given")));
    });
}

// What the fault arm lacks to be one: sentences.
std::vector<std::string> missing_faults(const Scene& scene) {
    std::vector<std::string> missing;
    for (const auto& fault : scene.arm.faults)
        if (!has_bitten(scene, fault) && !is_random(fault))
            missing.push_back("fault " + fault.id + " (" + std::string(proxy::name(fault.action)) + ") did not fire");
    const auto& network = scene.evidence.network;
    if (scene.arm.network && (!network || (!network->report.acted() && !left_to_chance(*scene.arm.network))))
        missing.push_back("the link did nothing to any packet");
    if (scene.arm.dns && server::misbehaves(*scene.arm.dns) && !(scene.evidence.dns && scene.evidence.dns->wrong > 0))
        missing.push_back("the name server was not asked, so it answered nothing wrongly");
    if (misbehaves(scene.arm.server) && !(scene.evidence.server && scene.evidence.server->misbehaved))
        missing.push_back("the server did not misbehave as it was told to");
    for (const auto side : legs_to_be_broken(scene.arm.proxy))
        if (!began_tls(scene, side))
            missing.push_back("the proxy did not get to TLS with the " + std::string(to_string(side)) +
                              ", where it was to be different");
    return missing;
}

// Every fault of the arm is left to chance, and chance left them all out.
bool spared(const Scene& scene) {
    const auto& faults = scene.arm.faults;
    if (scene.arm.rate) return false;  // the expectation is counted, not asked of each run
    return scene.arm.kind == ArmKind::fault && !faults.empty() && !scene.arm.network && !misbehaves(scene.arm.server) &&
           std::all_of(faults.begin(), faults.end(),
                       [&](const auto& fault) { return is_random(fault) && !scene.fired(fault.id); });
}

bool expects_timeout(const Expectation& expect) {
    return std::any_of(expect.any_of.begin(), expect.any_of.end(),
                       [](const auto& end) { return end.ended_by == EndKind::timeout; });
}

// Predicted, or, where the same ending was measured, what mstsc showed then. Measured is by the stage the proxy saw.
Prediction predicted(const Scene& scene, const Observed& seen, const EndExpectation* expected,
                     const Calibration* calibration) {
    // mstsc would see what the client saw; units that were held back are not among it.
    const auto furthest = scene.connection ? scene.connection->furthest : seen.stage.value_or(Stage::tcp_connect);
    const bool up = seen.session_up.value_or(expected && expected->session_up.value_or(false));
    auto prediction = predict(furthest, up, seen.ended_by);
    if (!calibration || !scene.log || !scene.log->furthest) return prediction;
    const EndKey end{*scene.log->furthest, up, seen.ended_by.kind, seen.ended_by.code};
    return calibration->find(end, scene.arm.scenario, scene.arm.name, prediction).value_or(prediction);
}

std::string mstsc_objection(const Prediction& prediction, const MstscPair& expected) {
    if (prediction.pair == expected) return {};
    if (!prediction.pair) return "nothing is known of what mstsc would show, so not " + to_string(expected);
    return (prediction.confidence == Confidence::measured ? "mstsc showed " : "mstsc would show ") +
           to_string(*prediction.pair) + " (" + std::string(to_string(prediction.confidence)) + "), not " +
           to_string(expected);
}

struct Trial {
    Hearing hearing;
    std::string mstsc;  // an objection, or nothing
    Prediction prediction;

    std::size_t count() const { return hearing.count() + (mstsc.empty() ? 0 : 1); }
};

Trial try_end(const Scene& scene, const Observed& seen, const EndExpectation& expected,
              const Calibration* calibration) {
    Trial trial{hear_end(scene, seen, expected), {}, predicted(scene, seen, &expected, calibration)};
    if (expected.mstsc) trial.mstsc = mstsc_objection(trial.prediction, *expected.mstsc);
    return trial;
}

// The alternative that the evidence comes nearest to.
Trial best_trial(const Scene& scene, const Observed& seen, const Calibration* calibration) {
    const auto& expect = scene.arm.expect;
    if (expect.connected || expect.any_of.empty() || spared(scene))
        return {hear_connected(scene, seen), {}, predicted(scene, seen, nullptr, calibration)};
    Trial best = try_end(scene, seen, expect.any_of.front(), calibration);
    for (std::size_t i = 1; i < expect.any_of.size(); ++i)
        if (auto trial = try_end(scene, seen, expect.any_of[i], calibration); trial.count() < best.count())
            best = std::move(trial);
    return best;
}

std::string why_not_run(const Evidence& evidence, const client::ProcessReport* process) {
    if (!evidence.error.empty()) return evidence.error;
    if (process && !process->started)
        return process->error.empty() ? "the client could not be started" : process->error;
    if (evidence.client.index() == 0) return "the client reported nothing";
    return {};
}

Verdict without_evidence(Judgement result, std::string reason) {
    Verdict verdict;
    verdict.result = result;
    verdict.reasons.push_back(std::move(reason));
    verdict.witnesses = {Witness{"decision log", {}, false}, Witness{"sockets", {}, false},
                         Witness{"client", {}, false}};
    return verdict;
}

void add(std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::string_view to_string(Judgement judgement) {
    switch (judgement) {
        case Judgement::passed: return "passed";
        case Judgement::skipped: return "skipped";
        case Judgement::inconclusive: return "inconclusive";
        case Judgement::fault_not_fired: return "fault_not_fired";
        case Judgement::failed: return "failed";
        case Judgement::error: return "error";
    }
    return "";
}

std::vector<std::string> fired_in(const std::vector<proxy::ConnectionLog>& connections) {
    std::vector<std::string> ids;
    for (const auto& connection : connections)
        for (const auto& event : connection.events)
            if (event.kind == proxy::Event::Kind::fault && std::find(ids.begin(), ids.end(), event.fault) == ids.end())
                ids.push_back(event.fault);
    return ids;
}

Verdict held_open(const Arm& arm, const Evidence& evidence) {
    const Scene scene(arm, evidence);
    auto verdict = without_evidence(Judgement::inconclusive, "the client is somebody else's: what it met is not known");
    verdict.observed = observe(scene);
    verdict.prediction = predicted(scene, verdict.observed, nullptr, nullptr);
    verdict.witnesses[0].text = log_text(scene);
    verdict.witnesses[1].text = sockets_text(scene);
    return verdict;
}

Verdict judge(const Arm& arm, const Evidence& evidence, const Calibration* calibration) {
    if (!evidence.skipped.empty()) return without_evidence(Judgement::skipped, evidence.skipped);
    const Scene scene(arm, evidence);
    if (const auto reason = why_not_run(evidence, scene.process); !reason.empty())
        return without_evidence(Judgement::error, reason);

    Verdict verdict;
    verdict.observed = observe(scene);
    const auto trial = best_trial(scene, verdict.observed, calibration);
    const auto missing = arm.kind == ArmKind::fault ? missing_faults(scene) : std::vector<std::string>{};
    verdict.prediction = trial.prediction;
    verdict.witnesses = {Witness{"decision log", log_text(scene), trial.hearing.log.empty() && missing.empty()},
                         Witness{"sockets", sockets_text(scene), trial.hearing.sockets.empty()},
                         Witness{"client", client_text(scene), trial.hearing.client.empty()}};
    add(verdict.reasons, missing);
    const bool late = evidence.timed_out && !expects_timeout(arm.expect);
    if (late) verdict.reasons.push_back("the run was cut off by its time limit");
    add(verdict.reasons, trial.hearing.log);
    add(verdict.reasons, trial.hearing.sockets);
    add(verdict.reasons, trial.hearing.client);
    if (!trial.mstsc.empty()) verdict.reasons.push_back(trial.mstsc);

    if (!missing.empty())
        verdict.result = Judgement::fault_not_fired;
    else if (late)
        verdict.result = Judgement::inconclusive;
    else
        verdict.result = trial.count() == 0 ? Judgement::passed : Judgement::failed;
    return verdict;
}

}  // namespace rdpfault::harness
