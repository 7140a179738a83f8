#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/diagnosis.hpp"
#include "protocol/catalogue.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::json;

Ending ending_of(const Json& json) {
    Ending ending;
    if (json.is_null()) return ending;
    ending.kind = end_kind_from_string(json.at("kind").get<std::string>()).value_or(EndKind::none);
    ending.code = json.value("code", 0U);
    ending.detail = json.value("detail", std::string());
    return ending;
}

std::string text_or_empty(const Json& json) {
    return json.is_string() ? json.get<std::string>() : std::string();
}

// The proxy stands in the server's place: whatever it does to the client, a server could have done.
Party party_of(const Json& who) {
    const auto name = text_or_empty(who);
    if (name == "client") return Party::client;
    return name.empty() ? Party::unknown : Party::server;
}

void take_stage(const Json& stage, Finding& finding) {
    const auto known = stage_from_string(text_or_empty(stage));
    finding.connected = known.has_value();
    finding.symptoms.stage = known.value_or(Stage::tcp_connect);
}

// The report names the pair; why, and how sure that is, this program knows itself.
void take_prediction(const Json& mstsc, Finding& finding) {
    const auto& seen = finding.symptoms;
    finding.prediction = predict(seen.stage, seen.session_up.value_or(false), seen.ending);
    const auto pair = text_or_empty(mstsc.at("pair"));
    const auto ours = finding.prediction.pair ? to_string(*finding.prediction.pair) : std::string();
    if (pair != ours) finding.notes.push_back("the file predicts " + (pair.empty() ? "nothing" : pair) + " for mstsc");
}

Finding finding_of(const Json& connection) {
    Finding finding;
    finding.connection = connection.at("ordinal").get<std::uint32_t>();
    finding.client = connection.value("client", std::string());
    finding.began = connection.value("accepted", std::string());
    if (connection.contains("duration_us"))
        finding.duration = std::chrono::microseconds(connection.at("duration_us").get<std::int64_t>());
    take_stage(connection.at("stage"), finding);
    finding.symptoms.ordinal = finding.connection;
    finding.symptoms.ending = ending_of(connection.at("ending"));
    finding.symptoms.who = party_of(connection.at("ended_by"));
    finding.socket = finding.symptoms.ending;
    if (text_or_empty(connection.at("ended_by")) == "proxy")
        finding.notes.emplace_back("the proxy ended it, in the server's place");
    finding.symptoms.hidden = finding.symptoms.stage == Stage::tls_application_data;
    if (finding.symptoms.stage < Stage::tls_application_data) finding.symptoms.session_up = false;
    return finding;
}

// The last connection is the one that the run was judged by: all that was observed belongs to it.
void take_observed(const Json& run, Finding& finding) {
    const auto& observed = run.at("observed");
    take_stage(observed.at("stage"), finding);
    finding.symptoms.hidden = false;
    if (const auto told = ending_of(observed.at("ended_by")); told.kind != EndKind::none)
        finding.symptoms.ending = told;
    finding.symptoms.who = party_of(observed.at("who"));
    if (observed.at("session_up").is_boolean()) finding.symptoms.session_up = observed.at("session_up").get<bool>();
    take_prediction(run.at("mstsc"), finding);
    // Where the probe met it, it knows how long it had been in the last stage.
    const auto& client = run.at("client");
    if (client.is_null() || client.at("kind") != "probe" || client.at("connections").empty()) return;
    const auto& met = client.at("connections").back();
    if (met.at("stages").empty()) return;
    const auto at = met.at("stages").back().at("t_us").get<std::int64_t>();
    const auto since = met.at("duration_us").get<std::int64_t>() - at;
    finding.symptoms.since_stage = std::chrono::microseconds(std::max<std::int64_t>(0, since));
}

void take_run(const Json& arm, const Json& run, std::vector<Finding>& findings) {
    if (!run.contains("observed")) return;
    const auto first = findings.size();
    for (const auto& connection : run.at("connections"))
        findings.push_back(finding_of(connection));
    // A port that was closed makes no connection, and was observed all the same.
    if (findings.size() == first) findings.emplace_back();
    take_observed(run, findings.back());
    const auto family = arm.at("family").get<std::string>();
    for (auto i = first; i < findings.size(); ++i) {
        findings[i].scenario = (family.empty() ? "" : family + "/") + arm.at("scenario").get<std::string>();
        findings[i].arm = arm.at("arm").get<std::string>();
        findings[i].run = run.at("run").get<std::uint32_t>();
    }
}

}  // namespace

Diagnosis diagnose_results(const std::string& file, const std::string& text, std::span<const Scenario> scenarios) {
    Diagnosis diagnosis;
    diagnosis.file = file;
    diagnosis.kind = "results";
    try {
        const auto json = Json::parse(text);
        if (json.at("format") != 1) throw std::runtime_error("format " + json.at("format").dump() + " is not known");
        for (const auto& arm : json.at("arms"))
            for (const auto& run : arm.at("runs"))
                take_run(arm, run, diagnosis.findings);
        diagnosis.answer = std::to_string(json.at("arms").size()) + " arms, " +
                           std::to_string(diagnosis.findings.size()) + " connections";
    } catch (const Json::exception& error) {
        throw std::runtime_error(file + ": is neither a capture nor a results.json of rdpfault run: " + error.what());
    }
    for (auto& finding : diagnosis.findings)
        conclude(finding, scenarios);
    return diagnosis;
}

}  // namespace rdpfault::harness
