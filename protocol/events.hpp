// The Windows events that tell of a Remote Desktop connection: log, number, meaning in our words, source. A number
// means nothing without its log, and one number may stand for two things in two logs. The table:
// protocol/catalogue/events.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdpfault {

struct EventLog {
    std::string_view name;     // "Schannel": the word for it in queries, and what people say
    std::string_view channel;  // where the Event Viewer has it: "System, source Schannel"
    std::string_view machine;  // "server", "client", "gateway"
};

struct EventInfo {
    std::string_view log;  // EventLog::name
    std::uint32_t id;
    std::string_view meaning;
    std::string_view source;  // keys for source_text() of catalogue.hpp
};

std::span<const EventLog> event_logs();
const EventLog* find_event_log(std::string_view name);  // upper and lower case are the same; nullptr: no such log

// Log by log, ascending by number in each; no number twice in a log.
std::span<const EventInfo> events();
const EventInfo* find_event(std::string_view log, std::uint32_t id);
std::vector<const EventInfo*> find_events(std::uint32_t id);  // in whatever log

std::string to_string(const EventInfo& event);  // "Schannel 36870"

}  // namespace rdpfault
