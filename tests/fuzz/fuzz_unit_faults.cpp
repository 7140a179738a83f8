// What the proxy does to a unit inside TLS: any bytes may be mutated, learnt from, and answered to.
#include "fuzz_wire.hpp"
#include "proxy/faults/injected_pdu.hpp"
#include "proxy/faults/mutate.hpp"
#include "proxy/faults/session_view.hpp"

using namespace rdpfault;
using namespace rdpfault::proxy;

// The first byte chooses a value; the others are the unit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint64_t value = data[0] * 0x01010101ULL;
    const Bytes unit(data + 1, data + size);
    for (const auto& row : mutation_table()) {
        auto mutated = unit;
        const auto applied = mutate(mutated, std::vector{action::Mutation{std::string(row.name), value}});
        // A length in a wider form, with those around it, is the most that can be added.
        protocol::require(applied <= 1 && mutated.size() <= unit.size() + 8);
        protocol::require(applied == 1 || mutated.size() == unit.size());
    }
    auto repaired = unit;
    set_client_selected_protocol(repaired, 1);
    set_server_requested_protocols(repaired, 1);
    protocol::require(repaired.size() == unit.size());
    std::size_t pieces = 0;
    for (const auto piece : split_unit(unit, {1 + value % 100}))
        pieces += piece.size();
    protocol::require(pieces == unit.size());
    split_records(unit, {1 + value % 100});
    SessionView view;
    view.saw(Direction::client_to_server, unit);
    view.saw(Direction::server_to_client, unit);
    for (const InjectedPdu& pdu : {InjectedPdu{injected::ErrorInfo{7}}, InjectedPdu{injected::LicenseError{}},
                                   InjectedPdu{injected::DeactivateAll{}}, InjectedPdu{injected::Redirection{"a"}}})
        protocol::require(!encode(pdu, view).empty());
    return 0;
}
