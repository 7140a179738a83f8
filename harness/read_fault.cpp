#include <set>

#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

namespace action = proxy::action;

constexpr std::array in_flight_words{Word<proxy::InFlight>{"deliver", proxy::InFlight::deliver},
                                     Word<proxy::InFlight>{"discard", proxy::InFlight::discard}};

// A whole unit is held back when the fault acts.
bool holds_unit(const proxy::Trigger& trigger) {
    if (const auto* stage = std::get_if<proxy::AtStage>(&trigger.moment)) return !stage->forwarded && !stage->byte;
    if (const auto* record = std::get_if<proxy::AtRecord>(&trigger.moment)) return !record->forwarded;
    return false;
}

void check_mutation(const proxy::MutationInfo& row, const proxy::AtStage* moment, Place place,
                    Diagnostics& diagnostics) {
    const auto stage = std::string(to_string(row.stage));
    const auto field = "'" + std::string(row.name) + "' is a field of ";
    if (!moment || moment->stage != row.stage)
        diagnostics.error(place, field + stage + "; write 'at: " + stage + "'");
    else if (row.from && moment->from != row.from)
        diagnostics.error(place, field + "what the " + std::string(to_string(source(*row.from))) +
                                     " sends; write 'from: " + std::string(to_string(source(*row.from))) + "'");
}

void check_mutations(const action::Mutate& mutate, const proxy::Trigger& trigger, Place place,
                     Diagnostics& diagnostics) {
    const auto* moment = std::get_if<proxy::AtStage>(&trigger.moment);
    for (const auto& mutation : mutate.mutations)
        for (const auto& row : proxy::mutation_table())
            if (row.name == mutation.field) check_mutation(row, moment, place, diagnostics);
}

// Acts where no connection exists yet: nothing to wait for, nothing to draw for.
void check_at_accept(proxy::Fault& fault, Place place, Diagnostics& diagnostics) {
    const auto name = "'" + std::string(proxy::name(fault.action)) + "'";
    if (!std::holds_alternative<proxy::AtStart>(fault.trigger.moment))
        diagnostics.error(place, name + " acts before there is a connection; write 'at: start'");
    if (fault.trigger.elapsed.count() > 0 || fault.trigger.probability < 1)
        diagnostics.error(place,
                          name + " stands before there is a connection; 'elapsed:' and 'probability:' cannot apply");
    // A refused SYN cannot be counted, so the port stays as it is from that connection on.
    if ((std::holds_alternative<action::Refuse>(fault.action) ||
         std::holds_alternative<action::HoldAccept>(fault.action)) &&
        fault.trigger.connection.kind == proxy::ConnectionSelector::Kind::exactly)
        fault.trigger.connection.kind = proxy::ConnectionSelector::Kind::from;
}

void check_inject(action::Inject& inject, const proxy::Trigger& trigger, const Value& act, Sight sight,
                  Diagnostics& diagnostics) {
    const auto* stage = std::get_if<proxy::AtStage>(&trigger.moment);
    if (inject.renegotiation && !(stage && !info(stage->stage).visible))
        diagnostics.error(act.place, "a renegotiation begins inside TLS; write 'at:' or 'after:' a stage there");
    if (inject.pdu && sight == Sight::wire)
        diagnostics.error(act.place, "'" + inject.name + "' lies inside TLS; write 'proxy: { mode: intercept }'");
    if (holds_unit(trigger)) return;
    const auto& how = act.members.front().value;
    const bool asked = how.is_map() && std::any_of(how.members.begin(), how.members.end(), [](const Member& m) {
                           return m.key == "replace" && m.value.text == "true";
                       });
    if (asked) diagnostics.error(act.place, "'replace: true' needs a unit to replace; write 'at: STAGE'");
    inject.replace = false;
}

void check(proxy::Fault& fault, const Value& act, Sight sight, Diagnostics& diagnostics) {
    const auto name = "'" + std::string(proxy::name(fault.action)) + "'";
    if (proxy::acts_at_accept(fault.action)) {
        check_at_accept(fault, act.place, diagnostics);
        return;
    }
    if (proxy::needs_unit(fault.action) && !holds_unit(fault.trigger))
        diagnostics.error(act.place, name +
                                         " works on a whole unit that is held back; write 'at: STAGE' without "
                                         "'byte:', or 'record:' without 'passed_on:'");
    if (const auto* mutate = std::get_if<action::Mutate>(&fault.action))
        check_mutations(*mutate, fault.trigger, act.place, diagnostics);
    if (auto* inject = std::get_if<action::Inject>(&fault.action))
        check_inject(*inject, fault.trigger, act, sight, diagnostics);
}

std::string read_id(MapReader& map, std::size_t position, std::set<std::string>& taken) {
    auto id = std::to_string(position);
    const auto* value = map.find("id");
    if (value) {
        const auto text = read_text(*value, "a name", map.diagnostics());
        if (text && text->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != text->npos)
            map.diagnostics().error(value->place, "an id is made of lower-case letters, digits, '-' and '_'");
        id = text.value_or(id);
    }
    if (!taken.insert(id).second)
        map.diagnostics().error(value ? value->place : map.place(), "two faults have the id '" + id + "'");
    return id;
}

}  // namespace

namespace {

// A stage inside TLS is seen there and nowhere else; what is on the wire, on the client's leg unless said otherwise.
proxy::Segment read_segment(MapReader& map, const proxy::Trigger& trigger, Sight sight) {
    const auto* stage = std::get_if<proxy::AtStage>(&trigger.moment);
    const bool inside = stage && !info(stage->stage).visible;
    const auto* leg = map.find("leg");
    if (leg && inside)
        map.diagnostics().error(leg->place, "a stage inside TLS belongs to no leg; leave 'leg:' out");
    else if (leg && sight == Sight::wire)
        map.diagnostics().error(leg->place, "the legs differ where TLS is ended; write 'proxy: { mode: intercept }'");
    auto side = Side::client;
    read_into(side, leg, "side", side_words, map.diagnostics());
    if (inside) return proxy::Segment::decrypted;
    return side == Side::client ? proxy::Segment::client_wire : proxy::Segment::server_wire;
}

}  // namespace

std::vector<proxy::Fault> read_faults(const Value& value, Sight sight, Diagnostics& diagnostics) {
    std::vector<proxy::Fault> faults;
    if (!value.is_list()) expected(value, "a list of faults", diagnostics);
    std::set<std::string> ids;
    for (const auto& item : value.items) {
        const auto errors = diagnostics.count();
        MapReader map(item, "a fault", diagnostics);
        proxy::Fault fault;
        fault.id = read_id(map, faults.size() + 1, ids);
        fault.trigger = read_trigger(map, sight);
        fault.segment = read_segment(map, fault.trigger, sight);
        read_into(fault.in_flight, map.find("in_flight"), "choice", in_flight_words, diagnostics);
        const auto* act = map.require("do");
        const auto action = act ? read_action(*act, diagnostics) : std::nullopt;
        map.finish();
        if (action) fault.action = *action;
        // What fits together is only worth saying of parts that are right.
        if (action && diagnostics.count() == errors) check(fault, *act, sight, diagnostics);
        faults.push_back(std::move(fault));
    }
    return faults;
}

}  // namespace rdpfault::harness
