// The `network:` part: read, changed by a fix, judged, and put on the stream where there can be no link.
#include <fstream>

#include "harness/arm.hpp"
#include "harness/network_run.hpp"
#include "harness/result.hpp"
#include "tests/unit/harness/evidence.hpp"
#include "tests/unit/harness/loading.hpp"

namespace rdpfault::harness {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;

link::NetworkSpec network_of(const std::string& network) {
    return scenario_of(scenario_text("network: { " + network + " }\n")).network.value_or(link::NetworkSpec{});
}

void expect_network_error(const std::string& network, const std::string& part) {
    expect_error(scenario_text("network: { " + network + " }\n"), part);
}

TEST(Network, KeysAtTheTopAreForBothDirectionsAndADirectionsOwnComeAfterThem) {
    const auto spec = network_of("latency: 10ms, loss: 0.5, towards_client: { latency: 30ms }, between: middle");
    EXPECT_EQ(spec.between, link::Between::middle);
    EXPECT_EQ(spec.towards_server.latency, milliseconds(10));
    EXPECT_EQ(spec.towards_client.latency, milliseconds(30));
    EXPECT_EQ(spec.towards_client.loss, link::Loss(link::Bernoulli{0.5}));
}

TEST(Network, ReadsEveryModelOfLoss) {
    EXPECT_EQ(network_of("loss: { packets: [3, 7-9] }").towards_server.loss,
              link::Loss(link::Pattern{{{3, 3}, {7, 9}}}));
    EXPECT_EQ(
        network_of("loss: { gilbert_elliott: { p: 0.1, r: 0.2, bad_loss: 0.3, good_loss: 0.4 } }").towards_server.loss,
        link::Loss(link::GilbertElliott{0.1, 0.2, 0.3, 0.4}));
    EXPECT_EQ(
        network_of("loss: { four_state: { p13: 0.1, p31: 0.2, p32: 0.3, p23: 0.4, p14: 0.5 } }").towards_server.loss,
        link::Loss(link::FourState{0.1, 0.2, 0.3, 0.4, 0.5}));
}

TEST(Network, ReadsWhatElseHappensToPackets) {
    const auto spec = network_of(
        "jitter: { time: 5ms, distribution: pareto, keep_order: false }, duplicate: 0.1, reorder: { probability: 0.2, "
        "distance: 4, at_most: 9ms }, corrupt: { probability: 0.3, bits: 2, checksum: right }, rate: { rate: 8kB/s, "
        "burst: 3000, queue_packets: 7 }, mtu: { bytes: 900, answer: none }, mss_clamp: 800, silent: true, syn: "
        "prohibited, idle: { after: 5s, then: reset }, outages: [ { at: 1s, for: 2s, every: 3s } ], lose: [ { kind: "
        "syn-ack, nth: 2, count: 3 }, { stage: tls.client_hello } ]");
    const auto& way = spec.towards_client;
    EXPECT_EQ(way.jitter, (link::Jitter{milliseconds(5), link::Spread::pareto, false}));
    EXPECT_EQ(way.duplicate, 0.1);
    EXPECT_EQ(way.reorder, (link::Reorder{0.2, 4, milliseconds(9)}));
    EXPECT_EQ(way.corrupt, (link::Corrupt{0.3, 2, true}));
    EXPECT_EQ(way.rate, (link::Rate{8000, 3000, 0, 7}));
    EXPECT_EQ(way.mtu, (link::Mtu{900, true}));
    EXPECT_EQ(way.mss_clamp, 800U);
    EXPECT_EQ(way.silent, true);
    EXPECT_EQ(way.syn, link::SynAnswer::prohibited);
    EXPECT_EQ(way.idle, (link::IdleLimit{milliseconds(5000), true}));
    EXPECT_EQ(way.outages, (std::vector{link::Outage{milliseconds(1000), milliseconds(2000), milliseconds(3000)}}));
    ASSERT_TRUE(way.lose);
    EXPECT_EQ(way.lose->at(0), (link::KindLoss{link::Kind::syn_ack, std::nullopt, 2, 3}));
    EXPECT_EQ(way.lose->at(1), (link::KindLoss{std::nullopt, Stage::tls_client_hello, 1, 1}));
}

TEST(Network, ReadsChangesByTimeAndStage) {
    const auto spec =
        network_of("timeline: [ { time: 2s, silent: true }, { after: rdp.active, towards_client: { loss: 0.3 } } ]");
    ASSERT_EQ(spec.timeline.size(), 2U);
    EXPECT_EQ(spec.timeline[0].at, milliseconds(2000));
    EXPECT_EQ(spec.timeline[0].towards_server.silent, true);
    EXPECT_EQ(spec.timeline[1].after_stage, Stage::rdp_active);
    EXPECT_EQ(spec.timeline[1].towards_server, link::DirectionSpec{});
}

TEST(Network, SaysWhatIsWrong) {
    expect_network_error("los: 0.1", "did you mean 'los");
    expect_network_error("loss: 2", "a probability from 0 to 1");
    expect_network_error("loss: {}", "needs one of");
    expect_network_error("loss: { packets: [9-7] }", "a range such as 7-9");
    expect_network_error("lose: [ { kind: syn, stage: x224.request } ]", "either 'kind:' or 'stage:'");
    expect_network_error("lose: [ { stage: rdp.active } ]", "cannot be seen on the wire");
    expect_network_error("timeline: [ { silent: true } ]", "needs one moment");
    expect_network_error("loss: { packets: [3] }, fidelity: modelled", "only latency, jitter, rate and loss");
    expect_network_error("trace: { file: none-such.trace }", "packet-delivery trace");
    expect_network_error("loss: { four_state: { p13: 0.8, p14: 0.8 } }", "more than 1");
}

TEST(Network, FixReplacesKeysOrTakesTheLinkAway) {
    const auto scenario = scenario_of(
        "name: x\nsummary: s\ncause: control\nexpect: { ended_by: timeout }\n"
        "network: { latency: 10ms, silent: true }\n"
        "fixes: { on: { action: a, network: { silent: false } }, off: { action: b, network: none } }\n");
    const auto arms = arms_of(scenario);
    ASSERT_EQ(arms.size(), 4U);
    EXPECT_FALSE(arms[0].network) << "the control arm has no link";
    EXPECT_EQ(arms[1].network->towards_server.silent, true);
    EXPECT_EQ(arms[2].network->towards_server.silent, false);
    EXPECT_EQ(arms[2].network->towards_server.latency, milliseconds(10));
    EXPECT_FALSE(arms[3].network);
}

TEST(Network, TraceLiesBesideTheScenario) {
    const auto path = testing::TempDir() + "network_test.trace";
    std::ofstream(path) << "0\n7\n";
    const auto result =
        load_text(scenario_text("network: { trace: { file: network_test.trace } }\n"), testing::TempDir() + "x.yaml");
    ASSERT_TRUE(result.errors.empty()) << to_string(result.errors[0]);
    EXPECT_EQ(result.scenarios[0].network->towards_server.trace->milliseconds, (std::vector<std::uint32_t>{0, 7}));
}

TEST(Network, LossBecomesTheWaitForARetransmissionOnTheStream) {
    auto scenario =
        scenario_of(scenario_text("network: { latency: 40ms, loss: 0.05, towards_client: { loss: { gilbert_elliott: "
                                  "{ p: 0.01, r: 0.3 } } }, fidelity: modelled }\n"));
    const auto arm = modelled(arms_of(scenario).at(1));
    ASSERT_EQ(arm.faults.size(), 4U);
    const auto& independent = std::get<proxy::action::LossStall>(arm.faults[1].action);
    EXPECT_EQ(independent.loss, 0.05);
    EXPECT_EQ(independent.to_bad, 0);
    EXPECT_EQ(independent.round_trip, milliseconds(80));
    EXPECT_EQ(independent.directions, proxy::Directions::client_to_server);
    const auto& bursty = std::get<proxy::action::LossStall>(arm.faults[3].action);
    EXPECT_EQ(bursty.loss, 0);
    EXPECT_EQ(bursty.to_bad, 0.01);
    EXPECT_EQ(bursty.to_good, 0.3);
    EXPECT_EQ(bursty.bad_loss, 1);
}

TEST(Network, IsPutOnTheStreamOnlyAsDelayAndThrottle) {
    auto scenario = scenario_of(scenario_text(
        "network: { latency: 10ms, jitter: { time: 2ms, distribution: normal }, towards_client: { rate: 8kB/s }, "
        "fidelity: modelled }\n"));
    const auto arm = modelled(arms_of(scenario).at(1));
    EXPECT_FALSE(arm.network);
    ASSERT_EQ(arm.faults.size(), 3U);
    const auto& delay = std::get<proxy::action::Delay>(arm.faults[0].action);
    EXPECT_EQ(delay.time, milliseconds(10));
    EXPECT_EQ(delay.jitter, milliseconds(2));
    EXPECT_EQ(delay.distribution, proxy::Jitter::normal);
    EXPECT_EQ(delay.directions, proxy::Directions::client_to_server);
    const auto& throttle = std::get<proxy::action::Throttle>(arm.faults[2].action);
    EXPECT_EQ(throttle.bytes_per_second, 8000U);
    EXPECT_EQ(throttle.directions, proxy::Directions::server_to_client);
}

class NetworkVerdict : public testing::Test {
  protected:
    NetworkVerdict() {
        arm.kind = ArmKind::fault;
        arm.expect.connected = true;
        evidence.client = probe({met(Stage::rdp_disconnect, end_of(EndKind::orderly), true)});
        evidence.connections = {log_of(Stage::tls_application_data, Who::client, end_of(EndKind::close),
                                       leg(EndKind::close, false), leg(EndKind::close, true))};
        evidence.network.emplace();
    }
    Arm arm;
    Evidence evidence;
};

TEST_F(NetworkVerdict, LinkThatDidNothingIsNoFault) {
    arm.network = network_of("lose: [ { kind: syn } ]");
    EXPECT_EQ(judge(arm, evidence).result, Judgement::fault_not_fired);
    evidence.network->report.towards_server.effects = {{"lose", 1, 0}};
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);
}

TEST_F(NetworkVerdict, ChanceMaySpareARunButNotAllOfThem) {
    arm.network = network_of("loss: 0.01");
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);
    ArmResult result;
    result.arm = arm;
    auto& run = result.runs.emplace_back();
    run.evidence = evidence;
    run.verdict = judge(arm, evidence);
    combine(result);
    EXPECT_EQ(result.result, Judgement::fault_not_fired);
}

TEST_F(NetworkVerdict, RunWithoutItsLinkIsNoFault) {
    arm.network = network_of("loss: 0.01");
    evidence.network.reset();
    EXPECT_EQ(judge(arm, evidence).result, Judgement::fault_not_fired);
}

}  // namespace
}  // namespace rdpfault::harness
