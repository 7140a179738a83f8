// What the README promises to somebody who knows nothing else: five causes, each reproduced and mended by one command.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

using testing::HasSubstr;

struct Promise {
    std::string scenario, cause;
};

// The commands `rdpfault run FILE   # CAUSE` of the section.
std::vector<Promise> promises() {
    const auto page = read_file(RDPFAULT_SOURCE_DIR "/README.md");
    const auto begin = page.find("## From the error to the fix");
    std::istringstream section(page.substr(begin, page.find("\n## ", begin) - begin));
    std::vector<Promise> found;
    for (std::string line; std::getline(section, line);) {
        std::istringstream words(line);
        std::string program_name, command, scenario, hash, cause;
        if (words >> program_name >> command >> scenario >> hash >> cause && command == "run" && hash == "#")
            found.push_back({scenario, cause});
    }
    return found;
}

TEST(Readme, FiveCausesAreReproducedAndMendedByTheCommandsItGives) {
    const TempDir folder;
    std::set<std::string> causes;
    for (const auto& promise : promises()) {
        SCOPED_TRACE(promise.scenario);
        causes.insert(promise.cause);
        const auto outcome = rdpfault({"run", std::string(RDPFAULT_SOURCE_DIR) + "/" + promise.scenario, "--quiet",
                                       "--format", "json", "--out", folder / "report"},
                                      folder, seconds(60));
        ASSERT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
        const auto results = nlohmann::json::parse(outcome.output);
        std::map<std::string, int> passed;
        for (const auto& arm : results.at("arms")) {
            EXPECT_EQ(arm.at("cause"), promise.cause);
            EXPECT_EQ(arm.at("verdict"), "passed") << arm.at("reasons");
            ++passed[arm.at("kind").get<std::string>()];
            if (arm.at("kind") == "fault") {
                EXPECT_EQ(arm.at("runs").at(0).at("mstsc").at("pair"), "0x904/0x7");
            }
        }
        EXPECT_GE(passed["control"], 1);
        EXPECT_GE(passed["fault"], 1);
        EXPECT_GE(passed["fix"], 1);
        const auto explained = rdpfault({"explain", promise.cause}, folder);
        EXPECT_THAT(explained.output, HasSubstr("0x904/0x7"));
    }
    EXPECT_GE(causes.size(), 5U);
}

}  // namespace
}  // namespace rdpfault::peers
