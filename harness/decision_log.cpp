#include "harness/decision_log.hpp"

#include <nlohmann/json.hpp>

namespace rdpfault::harness {

std::optional<std::string> decision_line(const proxy::Event& event) {
    using Kind = proxy::Event::Kind;
    if (event.kind != Kind::fault && event.kind != Kind::draw && event.kind != Kind::effect) return std::nullopt;
    nlohmann::ordered_json line;
    line["decision"] = to_string(event.kind);
    line["connection"] = event.connection;
    line["fault"] = event.fault;
    if (!event.action.empty()) line["action"] = event.action;
    if (event.stage) line["stage"] = to_string(*event.stage);
    if (event.direction) {
        line["direction"] = to_string(*event.direction);
        line["nth"] = event.nth;
        line["offset"] = event.offset;
    }
    if (event.side) line["side"] = to_string(*event.side);
    if (!event.text.empty()) line["text"] = event.text;
    return line.dump();
}

std::string decision_heading(const std::string& scenario, const std::string& arm, std::uint32_t repeat,
                             std::uint64_t seed) {
    const nlohmann::ordered_json line{{"scenario", scenario}, {"arm", arm}, {"repeat", repeat}, {"seed", seed}};
    return line.dump();
}

std::string decision_log(const std::vector<proxy::ConnectionLog>& connections) {
    std::string text;
    for (const auto& connection : connections)
        for (const auto& event : connection.events)
            if (const auto line = decision_line(event)) text += *line + '\n';
    return text;
}

}  // namespace rdpfault::harness
