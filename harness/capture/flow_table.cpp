#include "harness/capture/flow_table.hpp"

#include <algorithm>

namespace rdpfault::capture {

namespace {

constexpr std::uint16_t rdp_port = 3389;

}  // namespace

void FlowTable::packet(LinkType link, ByteView frame, Time at) {
    ++counts_.packets;
    const auto packet = decode(link, frame);
    if (const auto* found = std::get_if<Segment>(&packet)) return segment(*found, at);
    if (const auto* found = std::get_if<Unreachable>(&packet)) return unreachable(*found, at);
    switch (std::get<Skipped>(packet)) {
        case Skipped::not_tcp: break;
        case Skipped::fragment: ++counts_.fragments; break;
        case Skipped::cut_off: ++counts_.cut_off; break;
        case Skipped::malformed: ++counts_.malformed; break;
    }
}

void FlowTable::segment(const Segment& segment, Time at) {
    ++counts_.tcp;
    if (segment.payload.size() < segment.size) ++counts_.truncated;
    const auto key = std::minmax(segment.source, segment.destination);
    auto entry = flows_.find(key);
    if (entry != flows_.end() && entry->second.flow.is_successor(segment)) {
        close(entry, false);
        entry = flows_.end();
    }
    if (entry == flows_.end()) entry = add(key, segment);
    auto& [flow, age] = entry->second;
    ages_.splice(ages_.end(), ages_, age);
    const auto before = flow.held();
    flow.packet(segment, at);
    waiting_ += flow.held();
    waiting_ -= before;
    while (waiting_ > settings_.limits.waiting && !ages_.empty())
        close(flows_.find(ages_.front()), true);
}

FlowTable::Entries::iterator FlowTable::add(const Key& key, const Segment& segment) {
    if (flows_.size() >= settings_.limits.flows) close(flows_.find(ages_.front()), true);
    ++counts_.connections;
    // Until a SYN or the first bytes say it: the server has the port that is RDP's, else the lower one.
    const auto is_server = [&](const Address& address) {
        return settings_.ports.contains(address.port) || servers_.contains(address) || address.port == rdp_port;
    };
    const bool from_server = is_server(segment.source) ||
                             (!is_server(segment.destination) && segment.source.port < segment.destination.port);
    const auto& client = from_server ? segment.destination : segment.source;
    const auto& server = from_server ? segment.source : segment.destination;
    const auto age = ages_.insert(ages_.end(), key);
    return flows_.emplace(key, Entry{Flow(client, server, settings_.keys), age}).first;
}

void FlowTable::unreachable(const Unreachable& unreachable, Time at) {
    const auto entry = flows_.find(std::minmax(unreachable.source, unreachable.destination));
    if (entry != flows_.end()) entry->second.flow.unreachable(unreachable.code, at);
}

void FlowTable::close(Entries::iterator entry, bool given_up) {
    auto& flow = entry->second.flow;
    waiting_ -= flow.held();
    flow.finish();
    auto account = flow.account();
    account.given_up = given_up && account.how == TcpEnd::none;
    if (account.rdp) servers_.insert(account.server);
    // What began with something else is RDP only where the port says so.
    const bool candidate = !flow.is_other() || is_rdp(account);
    if (candidate && accounts_.size() < settings_.limits.accounts)
        accounts_.push_back(std::move(account));
    else if (candidate)
        ++counts_.left_out;
    ages_.erase(entry->second.age);
    flows_.erase(entry);
}

bool FlowTable::is_rdp(const Account& account) const {
    if (account.rdp || settings_.any_port) return true;
    if (!settings_.ports.empty()) return settings_.ports.contains(account.server.port);
    return account.server.port == rdp_port;
}

std::vector<Account> FlowTable::finish() {
    while (!flows_.empty())
        close(flows_.begin(), false);
    // A connection that carried nothing is RDP where others to the same server were.
    std::erase_if(accounts_,
                  [&](const Account& account) { return !is_rdp(account) && !servers_.contains(account.server); });
    std::ranges::stable_sort(accounts_, {}, &Account::began);
    for (auto& account : accounts_)
        account.rdp = true;
    counts_.rdp = accounts_.size();
    return std::move(accounts_);
}

}  // namespace rdpfault::capture
