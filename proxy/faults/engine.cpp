#include "proxy/faults/engine.hpp"

#include <algorithm>

#include "proxy/faults/random.hpp"

namespace rdpfault::proxy {

namespace {

bool is_start(const Trigger& trigger) {
    const auto* stage = std::get_if<AtStage>(&trigger.moment);
    return std::holds_alternative<AtStart>(trigger.moment) || (stage && stage->stage == Stage::tcp_connect);
}

bool matches(const AtStage& moment, const TrackerEvent& event) {
    return event.kind == TrackerEvent::Kind::stage && event.stage == moment.stage && event.nth == moment.nth &&
           (!moment.from || *moment.from == event.direction);
}

bool matches(const AtRecord& moment, const TrackerEvent& event) {
    return event.kind == TrackerEvent::Kind::record && event.nth == moment.nth && event.direction == moment.from;
}

// Where a handshake message ends is known when its record is whole, which may be later: by then the bytes behind the
// message would be gone. All other units end where they become known.
bool ends_inside_record(Stage stage) {
    return stage == Stage::tls_client_hello || stage == Stage::tls_server_hello || stage == Stage::tls_certificate ||
           stage == Stage::tls_server_hello_done;
}

}  // namespace

FaultEngine::FaultEngine(const FaultPlan& plan, std::uint32_t connection, Segment segment) {
    for (const auto& fault : plan.faults) {
        if (fault.segment != segment || acts_at_accept(fault.action) || !fault.trigger.connection.matches(connection))
            continue;
        if (fault.trigger.probability < 1.0) {
            Draws draws({plan.seed, plan.scenario, connection, Direction::client_to_server, fault.id, 0});
            const double value = draws.uniform();
            draws_.push_back({&fault, value, value < fault.trigger.probability});
            if (!draws_.back().armed) continue;
        }
        armed_.push_back({&fault});
    }
}

bool FaultEngine::spent() const {
    return std::all_of(armed_.begin(), armed_.end(), [](const Armed& armed) { return armed.fired; });
}

bool FaultEngine::wants_units(Direction direction) const {
    return std::any_of(armed_.begin(), armed_.end(), [direction](const Armed& armed) {
        if (armed.fired) return false;
        if (const auto* stage = std::get_if<AtStage>(&armed.fault->trigger.moment)) {
            const auto sender = stage->from ? stage->from : info(stage->stage).direction;
            return (!stage->forwarded || ends_inside_record(stage->stage)) && (!sender || *sender == direction);
        }
        const auto* record = std::get_if<AtRecord>(&armed.fault->trigger.moment);
        return record && !record->forwarded && record->from == direction;
    });
}

std::optional<std::uint64_t> FaultEngine::next_byte(Direction direction) const {
    std::optional<std::uint64_t> lowest;
    for (const auto& armed : armed_) {
        const auto* byte = std::get_if<AtByte>(&armed.fault->trigger.moment);
        if (!armed.fired && byte && byte->from == direction)
            lowest = std::min(lowest.value_or(byte->offset), byte->offset);
    }
    return lowest;
}

void FaultEngine::fire(Armed& armed, Firing firing, std::vector<Firing>& out) const {
    armed.fired = true;
    firing.fault = armed.fault;
    out.push_back(firing);
}

void FaultEngine::started(std::vector<Firing>& out) {
    Firing firing;
    firing.stage = Stage::tcp_connect;
    for (auto& armed : armed_)
        if (!armed.fired && is_start(armed.fault->trigger)) fire(armed, firing, out);
}

void FaultEngine::saw(const TrackerEvent& event, std::vector<Firing>& out) {
    for (auto& armed : armed_) {
        if (armed.fired) continue;
        Firing firing;
        firing.direction = event.direction;
        firing.nth = event.nth;
        firing.begin = event.begin;
        firing.end = event.end;
        if (const auto* stage = std::get_if<AtStage>(&armed.fault->trigger.moment); stage && matches(*stage, event)) {
            firing.stage = event.stage;
            firing.holds = !stage->forwarded;
            firing.cut = stage->forwarded ? event.end : std::min(event.begin + stage->byte.value_or(0), event.end);
            fire(armed, firing, out);
        } else if (const auto* record = std::get_if<AtRecord>(&armed.fault->trigger.moment);
                   record && matches(*record, event)) {
            firing.holds = !record->forwarded;
            firing.cut = record->forwarded ? event.end : event.begin;
            fire(armed, firing, out);
        }
    }
}

void FaultEngine::received(Direction direction, std::uint64_t total, std::vector<Firing>& out) {
    for (auto& armed : armed_) {
        const auto* byte = std::get_if<AtByte>(&armed.fault->trigger.moment);
        if (armed.fired || !byte || byte->from != direction || total < byte->offset) continue;
        Firing firing;
        firing.direction = direction;
        firing.begin = firing.end = firing.cut = byte->offset;
        firing.holds = true;
        fire(armed, firing, out);
    }
}

void FaultEngine::idle(Duration quiet, std::vector<Firing>& out) {
    for (auto& armed : armed_) {
        const auto* moment = std::get_if<AtIdle>(&armed.fault->trigger.moment);
        if (!armed.fired && moment && quiet >= moment->time) fire(armed, {}, out);
    }
}

std::optional<Duration> FaultEngine::idle_limit() const {
    std::optional<Duration> shortest;
    for (const auto& armed : armed_) {
        const auto* moment = std::get_if<AtIdle>(&armed.fault->trigger.moment);
        if (!armed.fired && moment && (!shortest || moment->time < *shortest)) shortest = moment->time;
    }
    return shortest;
}

}  // namespace rdpfault::proxy
