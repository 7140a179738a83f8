// However TCP cuts the streams, a fault gives the same bytes to each side, the same decisions at the same offsets, and
// the same ends.
#include "play.hpp"
#include "protocol/tls_record.hpp"

namespace rdpfault::proxy {
namespace {

constexpr auto to_server = Direction::client_to_server;
constexpr auto to_client = Direction::server_to_client;

// Handshake records, cut anew: `size` bytes of handshake messages in each.
Bytes in_records(ByteView flight, std::size_t size) {
    Bytes messages;
    while (!flight.empty()) {
        const auto header = protocol::TlsRecordHeader::decode(flight).value();
        append(messages, flight.subspan(protocol::tls_record_header_size, header.length));
        flight = flight.subspan(protocol::tls_record_header_size + header.length);
    }
    protocol::Writer writer;
    for (ByteView rest = messages; !rest.empty(); rest = rest.subspan(std::min(size, rest.size())))
        protocol::TlsRecord{protocol::TlsContentType::handshake, 0x0303, rest.first(std::min(size, rest.size()))}
            .encode(writer);
    return writer.take();
}

Connection with_server_flight_in_records(std::size_t size) {
    auto flights = tls_1_2;
    flights[3].bytes = in_records(flights[3].bytes, size);
    return flights;
}

// A client that waits for nobody: all it says comes in one flight, and so does the answer.
Connection all_at_once() {
    return {{to_server, said(Side::client, tls_1_2)}, {to_client, said(Side::server, tls_1_2)}};
}

Connection http() {
    return {{to_server, to_bytes("GET /admin HTTP/1.1\r\nHost: lab\r\n\r\n")},
            {to_client, to_bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")},
            {to_server, to_bytes("GET / HTTP/1.1\r\n\r\n")}};
}

struct Named {
    std::string name;
    Connection flights;
};
void PrintTo(const Named& named, std::ostream* out) {
    *out << named.name;
}
const Named connections[] = {
    {"Tls12", tls_1_2},
    {"Tls13", rdp_connection(fixtures::tls_1_3)},
    {"OneRecord", with_server_flight_in_records(5000)},
    {"ManyRecords", with_server_flight_in_records(97)},
    {"AllAtOnce", all_at_once()},
    {"Http", http()},
};

using Moment = decltype(Trigger::moment);

struct When {
    Moment moment;
    Duration elapsed{};
    bool unit = false;  // one is at hand
};

std::vector<When> moments() {
    const auto data = [](Direction from, bool forwarded) {
        return AtStage{Stage::tls_application_data, from, 2, forwarded, std::nullopt};
    };
    return {
        {AtStart{}},
        {AtStart{}, milliseconds(3)},
        {at(Stage::x224_request), {}, true},
        {after(Stage::x224_request)},
        {at(Stage::x224_confirm), {}, true},
        {at(Stage::x224_confirm), milliseconds(700)},
        {after(Stage::x224_confirm), milliseconds(2)},
        {at(Stage::tls_client_hello), {}, true},
        {at(Stage::tls_client_hello, 37)},
        {after(Stage::tls_client_hello)},
        {at(Stage::tls_server_hello), {}, true},
        {after(Stage::tls_server_hello)},
        {at(Stage::tls_certificate), {}, true},
        {at(Stage::tls_certificate, 200)},
        {after(Stage::tls_certificate)},
        {after(Stage::tls_server_hello_done)},
        {at(Stage::tls_client_flight), {}, true},
        {after(Stage::tls_established)},
        {data(to_server, false), {}, true},
        {data(to_client, true)},
        {AtRecord{to_client, 2, false}, {}, true},
        {AtRecord{to_client, 2, true}},
        {AtRecord{to_server, 3, false}, {}, true},
        {AtByte{to_server, 0}},
        {AtByte{to_server, 19}},
        {AtByte{to_client, 10}},
        {AtByte{to_client, 333}},
        {AtIdle{seconds(2)}},
    };
}

std::vector<Action> actions(bool unit) {
    using namespace action;
    const Bytes alert = hex("15 0303 0002 0228");
    std::vector<Action> list{
        Reset{Sides::client},
        Reset{Sides::server},
        Close{Sides::both},
        HalfClose{Sides::client},
        HalfClose{Sides::server},
        Stall{Directions::both, seconds(1)},
        Stall{Directions::server_to_client, std::nullopt},
        Delay{Directions::both, milliseconds(5), milliseconds(5), Jitter::normal},
        Throttle{Directions::both, 10'000},
        LossStall{Directions::both, 0.5, 0, 1, 1, milliseconds(20)},
        Inject{Side::client, alert, "alert", false, std::nullopt},
        Inject{Side::server, alert, "alert", false, std::nullopt},
        Inject{Side::client, alert, "alert", false, Then::close},
    };
    if (!unit) return list;
    list.insert(list.end(), {
                                Action{Postpone{1}},
                                Postpone{3},
                                Split{7},
                                Truncate{5, Then::reset},
                                Truncate{5, Then::stall},
                                Corrupt{9, 3},
                                DropBytes{3, 7},
                                Inject{Side::client, alert, "alert", true, std::nullopt},
                                Mutate{{{"request.requested_protocols", 0}, {"confirm.selected_protocol", 2}}},
                            });
    return list;
}

std::string describe(const FaultPlan& plan) {
    std::string text;
    for (const auto& fault : plan.faults)
        text += std::string(name(fault.action)) + " ";
    return text;
}

void expect_same(const FaultPlan& plan, const Connection& flights, std::uint32_t random_cuts) {
    const auto whole = play(plan, flights);
    ASSERT_EQ(play(plan, flights, byte_by_byte), whole) << "byte by byte";
    for (std::uint32_t seed = 0; seed < random_cuts; ++seed)
        ASSERT_EQ(play(plan, flights, [seed](const Connection& flight) { return cut_at_random(flight, seed); }), whole)
            << "random cut " << seed;
}

class Cuts : public testing::TestWithParam<Named> {};

TEST_P(Cuts, OfEveryFaultAtEveryMoment) {
    int played = 0;
    const auto all = moments();
    for (std::size_t i = 0; i < all.size(); ++i)
        for (const auto& action : actions(all[i].unit)) {
            const auto plan = plan_of(fault(all[i].moment, action, all[i].elapsed));
            SCOPED_TRACE(describe(plan) + "at moment " + std::to_string(i));
            expect_same(plan, GetParam().flights, 2);
            if (HasFatalFailure()) return;
            ++played;
        }
    EXPECT_GT(played, 300);
}

// Faults at one offset, or inside another's unit, act in an order that no read can change.
class PairCuts : public testing::TestWithParam<Named> {};

TEST_P(PairCuts, OfPairsOfFaults) {
    using namespace action;
    const std::vector<Moment> close_together{
        at(Stage::x224_request),        after(Stage::x224_request),    AtByte{to_server, 19},
        at(Stage::tls_client_hello),    AtByte{to_server, 25},         AtByte{to_client, 10},
        at(Stage::x224_confirm),        after(Stage::x224_confirm),    AtByte{to_client, 19},
        at(Stage::tls_server_hello),    AtRecord{to_client, 1, false}, AtRecord{to_client, 1, true},
        after(Stage::tls_server_hello), at(Stage::tls_certificate),    AtByte{to_client, 100},
    };
    const Action first = Inject{Side::client, to_bytes("!"), "mark", false, std::nullopt};
    for (const auto& one : close_together)
        for (const auto& two : close_together)
            for (const Action& second :
                 {Action{Reset{Sides::client}},
                  Action{Inject{Side::client, to_bytes("?"), "mark", false, std::nullopt}},
                  Action{Stall{Directions::both, seconds(1)}}, Action{HalfClose{Sides::client}}}) {
                const auto plan = plan_of({fault(one, first), fault(two, second)});
                SCOPED_TRACE(describe(plan));
                expect_same(plan, GetParam().flights, 1);
                if (HasFatalFailure()) return;
            }
}

INSTANTIATE_TEST_SUITE_P(Session, Cuts, testing::ValuesIn(connections), [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(Session, PairCuts, testing::Values(connections[2], connections[3], connections[4]),
                         [](const auto& row) { return row.param.name; });

// Each action once more, at 200 random cuts.
TEST(ManyCuts, OfEachAction) {
    for (const auto& action : actions(true))
        for (const Moment& moment : {Moment{at(Stage::x224_confirm)}, Moment{at(Stage::tls_certificate)}}) {
            const auto plan = plan_of(fault(moment, action));
            SCOPED_TRACE(describe(plan));
            expect_same(plan, connections[2].flights, 200);
            if (HasFatalFailure()) return;
        }
}

TEST(ManyCuts, OfNoFault) {
    for (const auto& connection : connections) {
        const auto whole = play({}, connection.flights);
        EXPECT_EQ(whole.to_side(Side::server), said(Side::client, connection.flights));
        EXPECT_EQ(whole.to_side(Side::client), said(Side::server, connection.flights));
        expect_same({}, connection.flights, 200);
    }
}

}  // namespace
}  // namespace rdpfault::proxy
