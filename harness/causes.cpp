#include "harness/causes.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/causes_tables.hpp"
#include "protocol/catalogue/nearest.hpp"

namespace rdpfault::harness {

std::string_view to_string(Grade grade) {
    switch (grade) {
        case Grade::none: return "none";
        case Grade::contradicted: return "contradicted";
        case Grade::weak: return "weak";
        case Grade::medium: return "medium";
        case Grade::good: break;
    }
    return "good";
}

std::string_view to_string(ActionKind kind) {
    switch (kind) {
        case ActionKind::registry: return "registry";
        case ActionKind::policy: return "policy";
        case ActionKind::certificate: return "certificate";
        case ActionKind::service: return "service";
        case ActionKind::command: return "command";
        case ActionKind::network: return "network";
        case ActionKind::client: return "client";
        case ActionKind::vendor: break;
    }
    return "vendor";
}

std::span<const Cause> causes() {
    static const auto table = [] {
        std::vector<Cause> all;
        for (auto* part :
             {certificate_causes, logon_causes, server_causes, rule_causes, path_causes, other_causes, stream_causes})
            std::ranges::move(part(), std::back_inserter(all));
        return all;
    }();
    return table;
}

const Cause* find_cause(std::string_view id) {
    const auto row = std::ranges::find(causes(), id, &Cause::id);
    return row == causes().end() ? nullptr : &*row;
}

std::vector<std::string_view> nearest_causes(std::string_view id) {
    std::vector<std::string_view> ids;
    for (const auto& cause : causes())
        ids.push_back(cause.id);
    return nearest(id, ids);
}

std::string to_string(const Sign& sign) {
    auto text = std::string(sign.absent ? "no " : "") + std::string(sign.log) + ' ' + std::to_string(sign.id);
    if (!sign.note.empty()) text += " (" + std::string(sign.note) + ')';
    return text;
}

std::string_view dialog_wording(const MstscPair& pair) {
    constexpr std::string_view contact =
        "the computer cannot connect to the remote one; try again, and see the owner or an administrator if it "
        "persists";
    constexpr std::string_view three_reasons =
        "cannot connect, for one of three reasons: remote access is not enabled, the remote computer is off, or it is "
        "not on the network";
    if (pair == pairs::set_up_broken || pair == MstscPair{0x704, 0}) return contact;
    if (pair == pairs::session_lost) return "the Remote Desktop session has ended, and the connection was lost";
    if (pair == pairs::not_connected) return three_reasons;
    if (pair.code == 3 && pair.extended == 0x112F) return "a protocol error, with the code 0x112f";
    return {};
}

}  // namespace rdpfault::harness
