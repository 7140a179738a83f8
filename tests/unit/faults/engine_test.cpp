#include "proxy/faults/engine.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace rdpfault::proxy {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Selector = ConnectionSelector;

constexpr auto to_server = Direction::client_to_server;
constexpr auto to_client = Direction::server_to_client;

Fault fault(std::string id, decltype(Trigger::moment) moment) {
    Fault made;
    made.id = std::move(id);
    made.trigger.moment = moment;
    made.action = action::Reset{};
    return made;
}

AtStage at(Stage stage, std::uint32_t nth = 1) {
    return {stage, std::nullopt, nth, false, std::nullopt};
}
AtStage after(Stage stage, std::uint32_t nth = 1) {
    return {stage, std::nullopt, nth, true, std::nullopt};
}

FaultPlan plan_of(std::vector<Fault> faults) {
    return {"engine-test", 1, std::move(faults)};
}

TrackerEvent unit(Stage stage, Direction direction, std::uint64_t begin, std::uint64_t end, std::uint32_t nth = 1) {
    TrackerEvent event;
    event.kind = TrackerEvent::Kind::stage;
    event.stage = stage;
    event.direction = direction;
    event.begin = begin;
    event.end = end;
    event.nth = nth;
    return event;
}
TrackerEvent record(Direction direction, std::uint32_t nth, std::uint64_t begin, std::uint64_t end) {
    auto event = unit({}, direction, begin, end, nth);
    event.kind = TrackerEvent::Kind::record;
    return event;
}

std::vector<Firing> saw(FaultEngine& engine, const TrackerEvent& event) {
    std::vector<Firing> firings;
    engine.saw(event, firings);
    return firings;
}
std::vector<Firing> received(FaultEngine& engine, Direction direction, std::uint64_t total) {
    std::vector<Firing> firings;
    engine.received(direction, total, firings);
    return firings;
}
std::vector<Firing> started(FaultEngine& engine) {
    std::vector<Firing> firings;
    engine.started(firings);
    return firings;
}
std::vector<Firing> idle(FaultEngine& engine, Duration quiet) {
    std::vector<Firing> firings;
    engine.idle(quiet, firings);
    return firings;
}

TEST(FaultEngine, FiresAtStartOnce) {
    const auto plan = plan_of({fault("start", AtStart{}), fault("stage", at(Stage::tcp_connect))});
    FaultEngine engine(plan, 1);
    const auto firings = started(engine);
    ASSERT_EQ(firings.size(), 2U);
    EXPECT_EQ(firings[0].fault, &plan.faults[0]);
    EXPECT_EQ(firings[1].fault, &plan.faults[1]);
    EXPECT_EQ(firings[0].direction, std::nullopt);
    EXPECT_EQ(firings[0].stage, Stage::tcp_connect);
    EXPECT_THAT(started(engine), IsEmpty());
}

TEST(FaultEngine, HoldsTheUnitOfAnAtStage) {
    const auto plan = plan_of({fault("f", at(Stage::tls_client_hello))});
    FaultEngine engine(plan, 1);
    EXPECT_TRUE(engine.wants_units(to_server));
    EXPECT_FALSE(engine.wants_units(to_client));
    EXPECT_THAT(saw(engine, unit(Stage::x224_request, to_server, 0, 19)), IsEmpty());
    const auto firings = saw(engine, unit(Stage::tls_client_hello, to_server, 19, 183));
    ASSERT_EQ(firings.size(), 1U);
    EXPECT_EQ(firings[0].fault, &plan.faults[0]);
    EXPECT_EQ(firings[0].direction, to_server);
    EXPECT_EQ(firings[0].stage, Stage::tls_client_hello);
    EXPECT_EQ(firings[0].nth, 1U);
    EXPECT_EQ(firings[0].begin, 19U);
    EXPECT_EQ(firings[0].end, 183U);
    EXPECT_EQ(firings[0].cut, 19U);
    EXPECT_TRUE(firings[0].holds);
    EXPECT_FALSE(engine.wants_units(to_server));
    EXPECT_THAT(saw(engine, unit(Stage::tls_client_hello, to_server, 200, 300)), IsEmpty()) << "it fires once";
}

TEST(FaultEngine, PassesTheUnitOfAnAfterStageOnFirst) {
    const auto plan = plan_of({fault("f", after(Stage::x224_confirm))});
    FaultEngine engine(plan, 1);
    EXPECT_FALSE(engine.wants_units(to_client)) << "the unit ends where it becomes known";
    const auto firings = saw(engine, unit(Stage::x224_confirm, to_client, 0, 19));
    ASSERT_EQ(firings.size(), 1U);
    EXPECT_EQ(firings[0].cut, 19U);
    EXPECT_FALSE(firings[0].holds);
}

// A handshake message may end in the middle of a record, and is known only when the record is whole.
TEST(FaultEngine, HoldsHandshakeMessagesForAfterToo) {
    for (const auto stage : {Stage::tls_server_hello, Stage::tls_certificate, Stage::tls_server_hello_done}) {
        const auto plan = plan_of({fault("f", after(stage))});
        EXPECT_TRUE(FaultEngine(plan, 1).wants_units(to_client)) << to_string(stage);
        EXPECT_FALSE(FaultEngine(plan, 1).wants_units(to_server)) << to_string(stage);
    }
}

TEST(FaultEngine, CutsSoManyBytesIntoTheUnit) {
    for (const auto& [byte, cut] : {std::pair{0U, 19U}, {37U, 56U}, {164U, 183U}, {5000U, 183U}}) {
        auto moment = at(Stage::tls_client_hello);
        moment.byte = byte;
        const auto plan = plan_of({fault("f", moment)});
        FaultEngine engine(plan, 1);
        const auto firings = saw(engine, unit(Stage::tls_client_hello, to_server, 19, 183));
        ASSERT_EQ(firings.size(), 1U);
        EXPECT_EQ(firings[0].cut, cut) << byte << " bytes into the unit";
    }
}

TEST(FaultEngine, CountsUnits) {
    const auto plan = plan_of({fault("f", at(Stage::tls_application_data, 3))});
    FaultEngine engine(plan, 1);
    EXPECT_TRUE(engine.wants_units(to_server) && engine.wants_units(to_client)) << "both sides send it";
    EXPECT_THAT(saw(engine, unit(Stage::tls_application_data, to_server, 0, 10, 1)), IsEmpty());
    EXPECT_THAT(saw(engine, unit(Stage::tls_application_data, to_server, 10, 20, 2)), IsEmpty());
    const auto firings = saw(engine, unit(Stage::tls_application_data, to_client, 100, 110, 3));
    ASSERT_EQ(firings.size(), 1U) << "whichever comes first";
    EXPECT_EQ(firings[0].direction, to_client);
    EXPECT_THAT(saw(engine, unit(Stage::tls_application_data, to_server, 20, 30, 3)), IsEmpty());
}

TEST(FaultEngine, MindsWhoSends) {
    auto moment = at(Stage::tls_application_data);
    moment.from = to_client;
    const auto plan = plan_of({fault("f", moment)});
    FaultEngine engine(plan, 1);
    EXPECT_FALSE(engine.wants_units(to_server));
    EXPECT_TRUE(engine.wants_units(to_client));
    EXPECT_THAT(saw(engine, unit(Stage::tls_application_data, to_server, 0, 10)), IsEmpty());
    EXPECT_EQ(saw(engine, unit(Stage::tls_application_data, to_client, 0, 10)).size(), 1U);
}

TEST(FaultEngine, FiresAtRecords) {
    const auto plan =
        plan_of({fault("held", AtRecord{to_client, 2, false}), fault("passed on", AtRecord{to_client, 2, true})});
    FaultEngine engine(plan, 1);
    EXPECT_TRUE(engine.wants_units(to_client));
    EXPECT_FALSE(engine.wants_units(to_server));
    EXPECT_THAT(saw(engine, record(to_client, 1, 19, 89)), IsEmpty());
    EXPECT_THAT(saw(engine, record(to_server, 2, 19, 89)), IsEmpty());
    EXPECT_THAT(saw(engine, unit(Stage::tls_certificate, to_client, 89, 493, 2)), IsEmpty()) << "a stage is no record";
    const auto firings = saw(engine, record(to_client, 2, 89, 493));
    ASSERT_EQ(firings.size(), 2U);
    EXPECT_EQ(firings[0].cut, 89U);
    EXPECT_TRUE(firings[0].holds);
    EXPECT_EQ(firings[0].stage, std::nullopt);
    EXPECT_EQ(firings[1].cut, 493U);
    EXPECT_FALSE(firings[1].holds);
    EXPECT_FALSE(engine.wants_units(to_client));
}

TEST(FaultEngine, FiresAtBytes) {
    const auto plan = plan_of({fault("f", AtByte{to_server, 37}), fault("g", AtByte{to_server, 20})});
    FaultEngine engine(plan, 1);
    EXPECT_FALSE(engine.wants_units(to_server));
    EXPECT_EQ(engine.next_byte(to_server), 20U);
    EXPECT_EQ(engine.next_byte(to_client), std::nullopt);
    EXPECT_THAT(received(engine, to_server, 19), IsEmpty());
    EXPECT_THAT(received(engine, to_client, 1000), IsEmpty());
    ASSERT_EQ(received(engine, to_server, 20).size(), 1U);
    EXPECT_EQ(engine.next_byte(to_server), 37U);
    const auto firings = received(engine, to_server, 1000);
    ASSERT_EQ(firings.size(), 1U);
    EXPECT_EQ(firings[0].fault, &plan.faults[0]);
    EXPECT_EQ(firings[0].cut, 37U);
    EXPECT_EQ(firings[0].begin, firings[0].end);
    EXPECT_EQ(firings[0].direction, to_server);
    EXPECT_TRUE(firings[0].holds);
    EXPECT_THAT(received(engine, to_server, 2000), IsEmpty());
    EXPECT_EQ(engine.next_byte(to_server), std::nullopt);
}

TEST(FaultEngine, FiresAtSilence) {
    const auto plan = plan_of({fault("long", AtIdle{milliseconds(500)}), fault("short", AtIdle{milliseconds(200)})});
    FaultEngine engine(plan, 1);
    EXPECT_EQ(engine.idle_limit(), milliseconds(200));
    EXPECT_THAT(idle(engine, milliseconds(199)), IsEmpty());
    ASSERT_EQ(idle(engine, milliseconds(200)).size(), 1U);
    EXPECT_EQ(engine.idle_limit(), milliseconds(500));
    const auto firings = idle(engine, milliseconds(700));
    ASSERT_EQ(firings.size(), 1U);
    EXPECT_EQ(firings[0].fault, &plan.faults[0]);
    EXPECT_EQ(firings[0].direction, std::nullopt);
    EXPECT_EQ(engine.idle_limit(), std::nullopt);
    EXPECT_THAT(idle(engine, milliseconds(10'000)), IsEmpty());
}

TEST(FaultEngine, FiresInTheOrderOfTheFile) {
    const auto plan = plan_of({fault("a", at(Stage::x224_confirm)), fault("b", after(Stage::x224_confirm)),
                               fault("c", at(Stage::x224_confirm))});
    FaultEngine engine(plan, 1);
    const auto firings = saw(engine, unit(Stage::x224_confirm, to_client, 0, 19));
    ASSERT_EQ(firings.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(firings[i].fault, &plan.faults[i]);
}

std::vector<std::uint32_t> connections_hit(Selector selector) {
    auto selected = fault("f", AtStart{});
    selected.trigger.connection = selector;
    const auto plan = plan_of({selected});
    std::vector<std::uint32_t> hit;
    for (std::uint32_t connection = 1; connection <= 5; ++connection) {
        FaultEngine engine(plan, connection);
        if (!started(engine).empty()) hit.push_back(connection);
    }
    return hit;
}

TEST(FaultEngine, SelectsConnections) {
    EXPECT_THAT(connections_hit({}), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(connections_hit({Selector::Kind::exactly, 1}), ElementsAre(1));
    EXPECT_THAT(connections_hit({Selector::Kind::exactly, 3}), ElementsAre(3));
    EXPECT_THAT(connections_hit({Selector::Kind::from, 3}), ElementsAre(3, 4, 5));
}

TEST(FaultEngine, LeavesFaultsAtAcceptToThePolicy) {
    auto refuse = fault("f", AtStart{});
    refuse.action = action::Refuse{};
    const auto plan = plan_of({refuse});
    FaultEngine engine(plan, 1);
    EXPECT_THAT(started(engine), IsEmpty());
}

TEST(FaultEngine, DrawsOnceAConnectionByKey) {
    auto chance = fault("chance", AtStart{});
    chance.trigger.probability = 0.3;
    auto plan = plan_of({chance, fault("sure", AtStart{})});
    constexpr std::uint32_t connections = 10'000;
    const auto hits = [&] {
        std::vector<bool> hit;
        for (std::uint32_t connection = 1; connection <= connections; ++connection) {
            FaultEngine engine(plan, connection);
            EXPECT_EQ(engine.draws().size(), 1U) << "what is sure is not drawn";
            const auto& draw = engine.draws().front();
            EXPECT_EQ(draw.fault, &plan.faults[0]);
            EXPECT_EQ(draw.armed, draw.value < 0.3);
            EXPECT_EQ(started(engine).size(), draw.armed ? 2U : 1U);
            hit.push_back(draw.armed);
        }
        return hit;
    };
    const auto first = hits();
    EXPECT_EQ(hits(), first);
    EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), true)), 0.3 * connections,
                4 * std::sqrt(connections * 0.3 * 0.7));
    plan.seed = 2;
    EXPECT_NE(hits(), first);
}

TEST(FaultEngine, NeverFiresWithProbabilityZero) {
    auto never = fault("never", AtStart{});
    never.trigger.probability = 0;
    const auto plan = plan_of({never});
    for (std::uint32_t connection = 1; connection <= 1000; ++connection) {
        FaultEngine engine(plan, connection);
        ASSERT_THAT(started(engine), IsEmpty());
    }
}

}  // namespace
}  // namespace rdpfault::proxy
