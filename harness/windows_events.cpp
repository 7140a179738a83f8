#include "harness/windows_events.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <pugixml.hpp>
#include <sstream>

#include "harness/json_node.hpp"
#include "harness/utc.hpp"
#include "protocol/prediction.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::uint32_t begins = 1024, ends = 1026, connected = 1027, user_named = 1029, stuck = 226;
// A dialog is read and written down by a human.
constexpr std::chrono::minutes late_told{10};

std::optional<std::uint32_t> number(const std::string& text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const auto* begin = text.data() + (hexadecimal ? 2 : 0);
    std::uint32_t value = 0;
    const auto [rest, error] = std::from_chars(begin, text.data() + text.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || rest != text.data() + text.size() || begin == rest) return std::nullopt;
    return value;
}

ClientEvent read_event(const pugi::xml_node& node, const std::string& where) {
    const auto system = node.child("System");
    ClientEvent event;
    const auto id = number(system.child("EventID").text().as_string());
    const auto time = utc_from_string(system.child("TimeCreated").attribute("SystemTime").as_string());
    if (!id) throw ReportError(where + ": no EventID");
    if (!time) throw ReportError(where + ": no TimeCreated with a SystemTime such as 2026-01-02T03:04:05.678Z");
    event.id = *id;
    event.time = *time;
    event.activity = system.child("Correlation").attribute("ActivityID").as_string();
    for (const auto* part : {"EventData", "UserData"})
        for (const auto& data : node.child(part).select_nodes(".//*[not(*)]"))
            event.data.emplace_back(data.node().text().as_string());
    return event;
}

bool belongs(const ClientEvent& event, const std::string& activity) {
    return event.activity.empty() || activity.empty() || event.activity == activity;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    return text;
}

void take(MstscAttempt& attempt, const ClientEvent& event) {
    attempt.ended = event.time;
    if (event.id == connected) attempt.session_up = true;
    if (event.id == user_named) attempt.credentials = true;
    if (event.id == stuck) attempt.failures.push_back(joined(event.data));
    if (event.id != ends) return;
    // "Disconnect Reason", 2308, "Info": the number among them.
    for (const auto& word : event.data)
        if (!attempt.reason) attempt.reason = number(word);
}

// "Server Name", "lab:3390", "Info".
std::string server_in(const ClientEvent& event) {
    return event.data.size() > 1 ? event.data[1] : joined(event.data);
}

std::string trimmed(std::string text) {
    const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
    text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
    return text;
}

ToldCode told_code(const std::vector<std::string>& words, const std::string& where) {
    const auto time = utc_from_string(words.empty() ? "" : words[0]);
    if (!time) throw ReportError(where + ": expected a time such as 2026-01-02T03:04:05Z first");
    if (words.size() == 2)
        if (const auto pair = mstsc_pair_from_string(words[1])) return {*time, pair->code, pair->extended};
    const auto code = words.size() == 3 ? number(words[1]) : std::nullopt;
    const auto extended = words.size() == 3 ? number(words[2]) : std::nullopt;
    if (!code || !extended) throw ReportError(where + ": expected TIME, CODE, EXTENDED or TIME, 0x904/0x7");
    return {*time, *code, *extended};
}

}  // namespace

std::vector<ClientEvent> read_windows_events(const std::string& xml, const std::string& file) {
    pugi::xml_document document;
    // wevtutil prints one element an event, and none around them.
    const auto result = document.load_buffer(xml.data(), xml.size(),
                                             pugi::parse_default | pugi::parse_fragment | pugi::parse_trim_pcdata);
    if (!result)
        throw ReportError(file + ": not XML, at byte " + std::to_string(result.offset) + ": " + result.description());
    std::vector<ClientEvent> events;
    const auto root = document.child("Events") ? document.child("Events") : document.root();
    for (const auto& node : root.children("Event"))
        events.push_back(read_event(node, file + ": event " + std::to_string(events.size() + 1)));
    if (events.empty()) throw ReportError(file + ": no <Event> in it; is it what wevtutil printed with /f:xml?");
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    return events;
}

std::vector<MstscAttempt> attempts_of(const std::vector<ClientEvent>& events) {
    struct Open {
        std::string activity;
        MstscAttempt attempt;
    };
    std::vector<Open> open;
    std::vector<MstscAttempt> attempts;
    for (const auto& event : events) {
        if (event.id == begins) {
            std::erase_if(open, [&](const Open& one) { return belongs(event, one.activity); });
            MstscAttempt attempt;
            attempt.began = attempt.ended = event.time;
            attempt.server = server_in(event);
            open.push_back({event.activity, std::move(attempt)});
            continue;
        }
        const auto owner =
            std::find_if(open.rbegin(), open.rend(), [&](const Open& one) { return belongs(event, one.activity); });
        if (owner == open.rend()) continue;
        take(owner->attempt, event);
        if (event.id != ends) continue;
        attempts.push_back(owner->attempt);
        open.erase(std::next(owner).base());
    }
    return attempts;
}

std::vector<ToldCode> read_told_codes(const std::string& text, const std::string& file) {
    std::vector<ToldCode> codes;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        line = trimmed(line.substr(0, line.find('#')));
        if (line.empty()) continue;
        std::vector<std::string> words;
        std::istringstream parts(line);
        for (std::string word; std::getline(parts, word, ',');)
            words.push_back(trimmed(word));
        codes.push_back(told_code(words, file + ":" + std::to_string(number)));
    }
    return codes;
}

void add_told_codes(std::vector<MstscAttempt>& attempts, const std::vector<ToldCode>& codes) {
    for (const auto& told : codes) {
        MstscAttempt* best = nullptr;
        for (auto& attempt : attempts) {
            const bool fits = attempt.reason == told.code && attempt.ended <= told.time + std::chrono::seconds(1) &&
                              told.time - attempt.ended <= late_told;
            if (fits && (!best || attempt.ended > best->ended)) best = &attempt;
        }
        if (best) best->extended = told.extended;
    }
}

}  // namespace rdpfault::harness
