// The whole library, captured while it runs: what `rdpfault diagnose` makes of the capture must be what the proxy and
// the probe have logged of the same connections; and when a twentieth of the packets is taken out of the capture, it
// may know less, but must not say anything wrong.
// Scenarios with a `network:` have a capture of their own for each run, of the client's end of the link.
//
// Left out: the stages inside TLS of those that pass TLS through, as the key log is the proxy's.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>

#include "protocol/stage.hpp"
#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/wait.hpp"

namespace rdpfault::peers {
namespace {

using nlohmann::json;
using testing::IsEmpty;

constexpr std::size_t file_header = 24, packet_header = 16;

std::uint32_t packet_size(const std::string& pcap, std::size_t at) {
    std::uint32_t size = 0;
    std::memcpy(&size, pcap.data() + at + 8, sizeof size);
    return size;
}

// Of a pcap file in this machine's byte order: where each whole packet begins.
std::vector<std::size_t> packets_of(const std::string& pcap) {
    std::vector<std::size_t> packets;
    for (auto at = file_header; at + packet_header <= pcap.size();) {
        const auto next = at + packet_header + packet_size(pcap, at);
        if (next > pcap.size()) break;
        packets.push_back(at);
        at = next;
    }
    return packets;
}

// All of TCP on the loopback interface, from construction to stop().
class LoopbackCapture {
  public:
    explicit LoopbackCapture(const std::filesystem::path& file) : file_(file), dumpcap_(config()) {
        const auto ready = [this] { return dumpcap_.log().find("File: ") != std::string::npos || !dumpcap_.running(); };
        if (!wait_until(ready, seconds(10)) || !dumpcap_.running())
            throw std::runtime_error("dumpcap does not capture (it needs root or CAP_NET_RAW): " + dumpcap_.log());
    }
    // Ends it when a connection that is made now is in the file: everything before it is, too.
    void stop() {
        const auto before = std::filesystem::file_size(file_);
        const auto port = free_port();
        const TempDir folder;
        rdpfault({"probe", loopback(port)}, folder);
        const std::string number{static_cast<char>(port >> 8), static_cast<char>(port & 0xFF)};
        // Others may use the interface meanwhile.
        const auto here = [&] {
            const auto pcap = read_file(file_);
            constexpr std::size_t port_at = packet_header + 14 + 20 + 2;
            return std::ranges::any_of(packets_of(pcap), [&](std::size_t at) {
                return at >= before - std::min<std::size_t>(before, 1 << 20) &&
                       pcap.compare(at + port_at, 2, number) == 0;
            });
        };
        if (!wait_until(here, seconds(30))) throw std::runtime_error("the capture has not got its last packets");
        dumpcap_.signal(SIGINT);
        if (dumpcap_.wait(seconds(10)) != Exit{0, std::nullopt}) throw std::runtime_error("dumpcap: " + dumpcap_.log());
    }

  private:
    ProcessConfig config() const {
        ProcessConfig config;
        config.command = {"dumpcap", "-q", "-P", "-i", "lo", "-B", "64", "-f", "tcp", "-w", file_.string()};
        config.log = folder_ / "dumpcap.log";
        return config;
    }

    TempDir folder_;
    std::filesystem::path file_;
    Process dumpcap_;
};

double seconds_of(const std::string& iso) {
    std::tm parts{};
    double second = 0;
    std::sscanf(iso.c_str(), "%d-%d-%dT%d:%d:%lf", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
                &parts.tm_min, &second);
    parts.tm_year -= 1900;
    --parts.tm_mon;
    return static_cast<double>(timegm(&parts)) + second;
}

// What the run itself knows of one connection of a client.
struct Logged {
    std::string name;
    std::string client;
    std::string accepted;
    std::string who;  // as the client's leg shows it: what the proxy does, it does in the server's place
    std::string how;
    // The furthest stage as the proxy saw it and, where a fault came between the two, as the client did.
    Stage stage{};
    Stage at_client{};
};

Stage stage_of(const json& name) {
    return stage_from_string(name.is_string() ? name.get<std::string>() : "tcp.connect").value_or(Stage::tcp_connect);
}

void take_run(const json& arm, const json& run, std::vector<Logged>& logged) {
    const auto& met = run.at("client").value("connections", json::array());
    for (const auto& connection : run.at("connections")) {
        const auto ordinal = connection.at("ordinal").get<std::size_t>();
        if (connection.at("client").get<std::string>().empty() || connection.at("client_leg").is_null()) continue;
        Logged one;
        one.name = arm.at("scenario").get<std::string>() + ' ' + connection.at("client").get<std::string>();
        one.client = connection.at("client");
        one.accepted = connection.at("accepted");
        one.who = connection.at("ended_by") == "client" ? "client" : "server";
        one.how = connection.at("client_leg").at("ending");
        one.stage = one.at_client = stage_of(connection.at("stage"));
        if (!run.at("fired").empty() && ordinal <= met.size()) one.at_client = stage_of(met[ordinal - 1].at("stage"));
        // The probe sends the finalization along with its Confirm Active, and has then not heard of it.
        if (one.at_client == Stage::rdp_confirm_active) one.at_client = Stage::rdp_finalization;
        logged.push_back(std::move(one));
    }
}

std::vector<Logged> logged_in(const json& results) {
    std::vector<Logged> logged;
    for (const auto& arm : results.at("arms"))
        for (const auto& run : arm.at("runs"))
            if (run.contains("observed") && !run.contains("network")) take_run(arm, run, logged);
    return logged;
}

struct Score {
    int connections = 0;
    int who = 0;  // said
    int how = 0;
    int certain = 0;  // of the stage
    int decrypted = 0;
    std::vector<std::string> wrong;
};

class Comparison {
  public:
    explicit Comparison(const json& diagnosis) {
        for (const auto& one : diagnosis.at("files").at(0).at("connections"))
            by_client_[one.at("client")].push_back(&one);
    }

    void compare(const Logged& logged) {
        const auto* said = find(logged);
        if (said == nullptr) {
            score_.wrong.push_back(logged.name + ": is not in the diagnosis");
            return;
        }
        ++score_.connections;
        compare_end(logged, *said);
        compare_stage(logged, *said);
    }
    const Score& score() const { return score_; }

  private:
    // A port may have been used twice: the one that began when this one was accepted.
    const json* find(const Logged& logged) const {
        const auto found = by_client_.find(logged.client);
        if (found == by_client_.end()) return nullptr;
        const auto at = seconds_of(logged.accepted);
        return *std::ranges::min_element(found->second, {}, [&](const json* one) {
            return std::abs(seconds_of(one->at("began").get<std::string>()) - at);
        });
    }
    void compare_end(const Logged& logged, const json& said) {
        const auto& who = said.at("ended_by");
        const auto& socket = said.at("socket");
        if (!who.is_null()) ++score_.who;
        if (!socket.is_null()) ++score_.how;
        if (!who.is_null() && who != logged.who)
            score_.wrong.push_back(logged.name + ": ended by " + who.dump() + ", not " + logged.who);
        if (!socket.is_null() && socket.at("text") != logged.how)
            score_.wrong.push_back(logged.name + ": ended by " + socket.dump() + ", not " + logged.how);
    }
    void compare_stage(const Logged& logged, const json& said) {
        const bool decrypted = said.at("capture").at("decrypted");
        const auto visible = [&](Stage stage) {
            return decrypted || info(stage).visible ? stage : Stage::tls_application_data;
        };
        const auto [low, high] = std::minmax({visible(logged.stage), visible(logged.at_client)});
        const auto stage = stage_of(said.at("stage"));
        const bool certain = said.at("stage_certain");
        score_.certain += certain;
        score_.decrypted += decrypted;
        if (stage > high || (certain && stage < low))
            score_.wrong.push_back(logged.name + ": " + (certain ? "" : "at least ") + std::string(to_string(stage)) +
                                   " is not from " + std::string(to_string(low)) + " to " +
                                   std::string(to_string(high)));
    }

    std::map<std::string, std::vector<const json*>> by_client_;
    Score score_;
};

// The same capture as pcapng, with the key log inside.
void write_with_secrets(const std::filesystem::path& pcap, const std::filesystem::path& keys,
                        const std::filesystem::path& file, const TempDir& folder) {
    run({"editcap", "--inject-secrets", "tls," + keys.string(), pcap, file}, folder / "editcap.log");
}

// With every packet gone that the draw takes.
void write_with_loss(const std::string& pcap, const std::filesystem::path& file, std::uint32_t seed) {
    std::mt19937 random(seed);
    auto kept = pcap.substr(0, file_header);
    kept.reserve(pcap.size());
    for (const auto at : packets_of(pcap))
        if (random() % 20 != 0) kept.append(pcap, at, packet_header + packet_size(pcap, at));
    write_file(file, kept);
}

class Diagnose : public testing::Test {
  protected:
    void SetUp() override {
        LoopbackCapture capture(pcap());
        const auto outcome = rdpfault({"run", RDPFAULT_SCENARIOS, "--arm", "fault", "--client", "probe", "--keylog",
                                       keys(), "--out", folder() / "report", "--format", "plain"},
                                      folder(), seconds(240));
        capture.stop();
        ASSERT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
        const auto evidence = against_evidence("probe/embedded", folder() / "report", folder());
        EXPECT_EQ(evidence.exit, (Exit{0, std::nullopt})) << evidence.output << evidence.errors;
        logged_ = logged_in(json::parse(read_file(folder() / "report" / "results.json")));
        ASSERT_GE(logged_.size(), 150U);
    }
    const TempDir& folder() const { return folder_; }
    std::filesystem::path pcap() const { return folder() / "lo.pcap"; }
    std::filesystem::path keys() const { return folder() / "keys.log"; }

    json diagnosis(const std::filesystem::path& file, bool with_keys) const {
        std::vector<std::string> arguments{"diagnose", file, "--port", "any", "--format", "json"};
        if (with_keys) arguments.insert(arguments.end(), {"--keylog", keys()});
        const auto outcome = rdpfault(arguments, folder());
        EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.errors;
        return json::parse(outcome.output);
    }
    Score score(const std::filesystem::path& file, bool with_keys) const {
        const auto said = diagnosis(file, with_keys);
        Comparison comparison(said);
        for (const auto& one : logged_)
            comparison.compare(one);
        const auto& score = comparison.score();
        std::printf("%d connections: %d with who, %d with how, %d with a certain stage, %d decrypted\n",
                    score.connections, score.who, score.how, score.certain, score.decrypted);
        return score;
    }

    void expect_all_said();
    void expect_all_said_inside_tls();
    void expect_less_and_nothing_wrong();

    TempDir folder_;
    std::vector<Logged> logged_;
};

void Diagnose::expect_all_said() {
    const auto found = score(pcap(), false);
    EXPECT_THAT(found.wrong, IsEmpty());
    EXPECT_EQ(found.who, found.connections);
    EXPECT_EQ(found.how, found.connections);
    EXPECT_EQ(found.certain, found.connections);
    EXPECT_EQ(found.decrypted, 0);
}

void Diagnose::expect_all_said_inside_tls() {
    const auto found = score(pcap(), true);
    EXPECT_THAT(found.wrong, IsEmpty());
    EXPECT_EQ(found.certain, found.connections);
    EXPECT_GE(found.decrypted, 50);
    const auto file = folder() / "secrets.pcapng";
    write_with_secrets(pcap(), keys(), file, folder());
    const auto embedded = score(file, false);
    EXPECT_THAT(embedded.wrong, IsEmpty());
    EXPECT_EQ(embedded.decrypted, found.decrypted);
}

void Diagnose::expect_less_and_nothing_wrong() {
    const auto whole = read_file(pcap());
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
        const auto file = folder() / "holes.pcap";
        write_with_loss(whole, file, seed);
        for (const bool with_keys : {false, true}) {
            const auto found = score(file, with_keys);
            EXPECT_THAT(found.wrong, IsEmpty()) << "seed " << seed;
            EXPECT_GE(found.who, found.connections * 8 / 10);
            EXPECT_GE(found.how, found.connections * 8 / 10);
        }
    }
}

// What the client met, held against what the capture of its own end of a link says. The proxy may have seen another
// end: packets got lost between the two.
std::string objection(const json& met, const json& said) {
    const std::string kind = met.at("ending").is_null() ? "none" : met.at("ending").at("kind");
    const std::string how = said.at("socket").is_null() ? "unknown" : said.at("socket").at("kind");
    const std::string who = said.at("ended_by").is_null() ? "unknown" : said.at("ended_by");
    const auto one_of = [](const std::string& word, const std::vector<std::string>& words) {
        return word == "unknown" || std::ranges::find(words, word) != words.end();
    };
    bool right = true;
    if (kind == "reset") right = how == "unknown" || (how == "reset" && who != "client");
    if (kind == "close") right = how == "unknown" || (how == "close" && who != "client");
    if (kind == "refused" || kind == "unreachable") right = one_of(how, {"refused", "unreachable", "timeout"});
    if (kind == "orderly") right = one_of(who, {"client"});
    // It gave up: the capture shows that, or that nothing came any more, or, where its FIN could not be sent behind
    // what was not acknowledged, what somebody else did later.
    if (kind == "timeout")
        right = one_of(who, {"client"}) || how == "timeout" || said.at("duration_us") > met.at("duration_us");
    if (!right) return "the client met " + kind + ", and the capture has " + how + " by " + who;
    const auto visible = [](Stage stage) { return info(stage).visible ? stage : Stage::tls_application_data; };
    const auto stage = stage_of(said.at("stage"));
    auto furthest = visible(stage_of(met.at("stage")));
    // What it gave up waiting for may have come all the same.
    if (kind == "timeout") furthest = std::max(furthest, std::min(stage, visible(stage_of(met.at("waiting_for")))));
    if (stage > furthest || (said.at("stage_certain") && stage < furthest))
        return "the client got to " + std::string(to_string(furthest)) + ", and the capture to " +
               std::string(to_string(stage));
    return {};
}

std::vector<std::string> objections(const json& run, const std::string& capture, const TempDir& folder, bool whole) {
    const auto outcome = rdpfault({"diagnose", capture, "--port", "any", "--format", "json"}, folder);
    EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.errors;
    const auto said = json::parse(outcome.output).at("files").at(0).at("connections");
    const auto& met = run.at("client").at("connections");
    std::vector<std::string> found;
    if (said.size() != met.size())
        return {"the client made " + std::to_string(met.size()) + " connections, and the capture has " +
                std::to_string(said.size())};
    // Nothing is unknown where nothing is missing, but to whom silence is due.
    for (const auto& one : said)
        if (whole && one.at("socket").is_null()) found.push_back("how it ended is unknown");
    for (std::size_t i = 0; i < met.size(); ++i)
        if (const auto wrong = objection(met[i], said[i]); !wrong.empty()) found.push_back(wrong);
    return found;
}

// Packets that are lost, late, out of order, doubled and damaged on their way: the capture has them as the client did.
TEST(DiagnoseLink, SaysOfACaptureWhatTheClientMet) {
    const TempDir folder;
    const auto outcome = rdpfault(
        {"run", RDPFAULT_SCENARIOS "/network", RDPFAULT_SCENARIOS "/firewall", RDPFAULT_SCENARIOS "/combined", "--arm",
         "fault", "--client", "probe", "--repeat", "1", "--capture", "--out", folder / "report", "--format", "plain"},
        folder, seconds(240));
    int captures = 0;
    const auto results = json::parse(read_file(folder / "report" / "results.json"));
    for (const auto& arm : results.at("arms"))
        for (const auto& run : arm.at("runs")) {
            if (!run.contains("network") || run.at("network").at("between") != "client") continue;
            const std::string capture = run.at("network").at("capture");
            SCOPED_TRACE(arm.at("scenario").get<std::string>() + ' ' + arm.at("arm").get<std::string>());
            EXPECT_THAT(objections(run, capture, folder, true), IsEmpty());
            ++captures;
            const auto file = folder / "holes.pcap";
            write_with_loss(read_file(capture), file, 1);
            EXPECT_THAT(objections(run, file, folder, false), IsEmpty()) << "a twentieth of the packets gone";
        }
    EXPECT_GE(captures, 30) << outcome.errors;
}

// One test, as one run of the library takes half a minute.
TEST_F(Diagnose, SaysOfACaptureWhatTheRunLogged) {
    expect_all_said();
    expect_all_said_inside_tls();
    expect_less_and_nothing_wrong();
}

}  // namespace
}  // namespace rdpfault::peers
