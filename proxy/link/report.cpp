#include "proxy/link/report.hpp"

namespace rdpfault::link {

namespace {

std::string describe(const DirectionReport& direction) {
    auto text = std::to_string(direction.entered) + " packets";
    std::string effects;
    for (const auto& effect : direction.effects) {
        effects += (effects.empty() ? "" : ", ") + effect.effect;
        if (effect.dropped > 0) effects += " " + std::to_string(effect.dropped) + " dropped";
        if (effect.touched > 0) effects += " " + std::to_string(effect.touched);
    }
    return effects.empty() ? text : text + " (" + effects + ")";
}

}  // namespace

bool LinkReport::acted() const {
    return changes > 0 || !towards_server.effects.empty() || !towards_client.effects.empty();
}

std::string to_string(const LinkReport& report) {
    auto text = "to server " + describe(report.towards_server) + ", to client " + describe(report.towards_client);
    if (report.overruns > 0) text += ", " + std::to_string(report.overruns) + " overrun";
    if (report.refused > 0) text += ", " + std::to_string(report.refused) + " refused by the kernel";
    return text;
}

}  // namespace rdpfault::link
