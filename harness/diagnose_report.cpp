#include "harness/diagnose_report.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace rdpfault::harness {

namespace {

using std::chrono::microseconds;

constexpr std::size_t shown_causes = 5;  // to people; JSON has them all

// "36 us", "12.3 ms", "10.042 s".
std::string time_text(microseconds time) {
    char text[32];
    if (time < std::chrono::milliseconds(1))
        std::snprintf(text, sizeof text, "%d us", static_cast<int>(time.count()));
    else if (time < std::chrono::seconds(1))
        std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(time.count()) / 1e3);
    else
        std::snprintf(text, sizeof text, "%.3f s", static_cast<double>(time.count()) / 1e6);
    return text;
}

std::string stage_text(const Finding& finding) {
    if (!finding.connected) return "none: TCP did not connect";
    return std::string(finding.symptoms.stage_certain ? "" : "at least ") +
           std::string(to_string(finding.symptoms.stage));
}

std::string ended_text(const Finding& finding) {
    const auto& seen = finding.symptoms;
    std::string text;
    switch (seen.who) {
        case Party::client: text = "by the client"; break;
        case Party::server: text = "by the server"; break;
        case Party::between: text = "by something in between"; break;
        case Party::unknown: text = "by nobody known"; break;
    }
    if (seen.ending.kind == EndKind::none)
        return text == "by nobody known" ? "no end was seen" : text + ", how is not known";
    text += ": " + to_string(seen.ending);
    if (finding.socket.kind != EndKind::none && !finding.socket.same(seen.ending))
        text += ", then " + to_string(finding.socket);
    if (finding.duration) text += ", after " + time_text(*finding.duration);
    if (seen.since_stage) text += ", " + time_text(*seen.since_stage) + " after the last stage";
    return text;
}

std::string mstsc_text(const Prediction& prediction) {
    auto text = prediction.pair ? to_string(*prediction.pair) : "unknown";
    if (prediction.pair)
        text += " (" + std::string(to_string(prediction.confidence)) + ", " + std::string(prediction.source) + ')';
    return text + ". " + std::string(prediction.why);
}

bool worked(const Finding& finding) {
    return finding.symptoms.ending.kind == EndKind::orderly;
}

std::string name_of(const Finding& finding) {
    std::string text;
    if (!finding.scenario.empty()) {
        text = finding.scenario + ' ' + finding.arm;
        if (finding.run > 1) text += " run " + std::to_string(finding.run);
        text += " connection " + std::to_string(finding.connection);
        if (!finding.client.empty()) text += ", " + finding.client;
    } else {
        text = finding.client + " -> " + finding.server;
    }
    if (finding.began && !finding.began->empty()) text += ", " + *finding.began;
    return text;
}

void write_finding(std::ostream& out, const Finding& finding) {
    out << '\n' << name_of(finding) << '\n';
    if (worked(finding) && finding.notes.empty() && !finding.capture) {
        out << "  worked, and was left in order\n";
        return;
    }
    out << "  last stage   " << stage_text(finding) << '\n';
    out << "  ended        " << ended_text(finding) << '\n';
    if (finding.symptoms.ending.kind != EndKind::none && !worked(finding))
        out << "  mstsc        " << mstsc_text(finding.prediction) << '\n';
    if (finding.capture) {
        const auto& facts = *finding.capture;
        out << "  data         " << facts.client_bytes << " bytes from the client, " << facts.server_bytes
            << " from the server, " << facts.packets << " packets" << (facts.decrypted ? ", TLS opened" : "") << '\n';
    }
    for (std::size_t i = 0; i < std::min(finding.causes.size(), shown_causes); ++i) {
        const auto& cause = finding.causes[i];
        char score[16];
        std::snprintf(score, sizeof score, "%.2f", cause.score);
        out << (i == 0 ? "  causes       " : "               ") << score << ' ' << cause.cause->id << ": "
            << cause.reason << '\n';
    }
    for (std::size_t i = 0; i < finding.scenarios.size(); ++i)
        out << (i == 0 ? "  run next     " : "               ") << "rdpfault run " << finding.scenarios[i] << '\n';
    for (const auto& note : finding.notes)
        out << "  note         " << note << '\n';
}

}  // namespace

std::string diagnosis_text(std::span<const Diagnosis> all) {
    std::ostringstream out;
    for (const auto& one : all) {
        out << (&one == all.data() ? "" : "\n") << one.file << ": " << one.answer << '\n';
        for (const auto& note : one.notes)
            out << "  note         " << note << '\n';
        for (const auto& finding : one.findings)
            write_finding(out, finding);
    }
    return out.str();
}

std::string diagnosis_lines(std::span<const Diagnosis> all) {
    std::ostringstream out;
    for (const auto& one : all) {
        out << one.file << ": " << one.answer << '\n';
        for (const auto& finding : one.findings) {
            const auto& seen = finding.symptoms;
            out << (finding.scenario.empty() ? "" : finding.scenario + ' ' + finding.arm + ' ')
                << "client=" << (finding.client.empty() ? "-" : finding.client)
                << " stage=" << (seen.stage_certain ? "" : ">=") << (finding.connected ? to_string(seen.stage) : "-")
                << " who=" << to_string(seen.who) << " ended_by=\"" << to_string(seen.ending) << "\" mstsc="
                << (finding.prediction.pair && !worked(finding) ? to_string(*finding.prediction.pair) : "-")
                << " cause=" << (finding.causes.empty() ? std::string_view("-") : finding.causes.front().cause->id)
                << '\n';
        }
    }
    return out.str();
}

}  // namespace rdpfault::harness
