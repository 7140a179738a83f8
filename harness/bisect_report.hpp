// What a bisection found, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "harness/bisection.hpp"
#include "harness/result.hpp"

namespace rdpfault::harness {

struct BisectReport {
    std::string scenario, arm;
    Vary vary;
    bool as_expected = false;  // else: connects
    double confidence = 0.95;
    bool chance = false;  // `confidence` means something
    Bisection bisection;
    struct Tried {
        double value = 0;
        Outcome outcome = Outcome::undecided;
        ArmResult result;
    };
    std::vector<Tried> tried;  // in the order of trying
    std::string obstacle;      // why it could not go on; else empty
};

// "connects", "does not connect", ...: what an outcome means here.
std::string in_words(const BisectReport& report, Outcome outcome);
// "network.loss: connects at 12.5%, does not connect at 13.1%".
std::string sentence(const BisectReport& report);
std::string bisect_text(const BisectReport& report, bool table);
std::string bisect_json(const BisectReport& report);
// 0 found, 3 not found or not decided.
int exit_status(const BisectReport& report);

}  // namespace rdpfault::harness
