// From a proxy that was held open for a client elsewhere, through the events of that client, to a report that says
// `measured`. The client is the probe; its events are written as Windows would have written them.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

using testing::HasSubstr;

std::string event(int id, const std::string& time, const std::string& value) {
    return "<Event><System><EventID>" + std::to_string(id) + "</EventID><TimeCreated SystemTime='" + time +
           "'/><Correlation ActivityID='{A}'/></System><EventData><Data Name='Name'>x</Data><Data Name='Value'>" +
           value + "</Data></EventData></Event>";
}

TEST(Calibrate, MeasuredCodeTakesThePlaceOfThePredictedOne) {
    const TempDir folder;
    const Serve server;
    const auto scenario = std::string(RDPFAULT_SCENARIOS) + "/tls/reset-on-client-hello.yaml";
    const auto port = free_port();
    ProcessConfig config;
    config.command = {program(),  "proxy",        scenario, "--server",     loopback(server.port()),
                      "--listen", loopback(port), "--out",  folder / "held"};
    config.log = folder / "proxy.log";
    config.errors = folder / "proxy.errors";
    Process proxy(config);
    wait_listen(port);
    rdpfault({"probe", loopback(port)}, folder);
    proxy.signal(SIGINT);
    ASSERT_EQ(proxy.wait(seconds(10)), (Exit{0, std::nullopt})) << read_file(folder / "proxy.errors");

    const auto held = nlohmann::json::parse(read_file(folder / "held" / "results.json"));
    EXPECT_EQ(held.at("port"), port);
    EXPECT_NO_THROW(run({"python3", "-c",
                         "import json, jsonschema, sys; "
                         "jsonschema.validate(*(json.load(open(name)) for name in sys.argv[1:]))",
                         folder / "held" / "results.json", RDPFAULT_SOURCE_DIR "/harness/results.schema.json"},
                        folder / "schema.log"));
    const auto& run_of_it = held.at("arms").at(0).at("runs").at(0);
    EXPECT_EQ(run_of_it.at("verdict"), "inconclusive");
    EXPECT_EQ(run_of_it.at("observed").at("ended_by").at("kind"), "reset");
    const std::string accepted = run_of_it.at("connections").at(0).at("accepted");

    write_file(folder / "events.xml",
               event(1024, accepted, "lab:" + std::to_string(port)) + event(1026, accepted, "2308"));
    write_file(folder / "codes.txt", accepted + ", 0x904/0x7\n");
    const auto calibrated = rdpfault({"calibrate", folder / "events.xml", folder / "held", "--codes",
                                      folder / "codes.txt", "--out", folder / "calibration.json"},
                                     folder);
    EXPECT_EQ(calibrated.exit, (Exit{0, std::nullopt})) << calibrated.errors;
    EXPECT_THAT(calibrated.output, HasSubstr("reset-on-client-hello fault: 0x904/0x7 after tls.client_hello, reset"));

    const auto again = rdpfault({"run", scenario, "--arm", "fault", "--calibration", folder / "calibration.json",
                                 "--out", folder / "again", "--quiet", "--format", "json"},
                                folder);
    EXPECT_EQ(again.exit, (Exit{0, std::nullopt})) << again.errors;
    const auto measured = nlohmann::json::parse(again.output).at("arms").at(0).at("runs").at(0).at("mstsc");
    EXPECT_EQ(measured.at("pair"), "0x904/0x7");
    EXPECT_EQ(measured.at("confidence"), "measured");
}

}  // namespace
}  // namespace rdpfault::peers
