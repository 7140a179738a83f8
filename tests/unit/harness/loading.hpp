// Scenario texts for the loader's tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/loader.hpp"

namespace rdpfault::harness {

// A whole scenario around some lines of it; `expect:` is not among them.
inline std::string scenario_text(const std::string& lines) {
    return "name: x\nsummary: s\ncause: control\nexpect: connected\n" + lines;
}

// One fault in a scenario, as a flow map: fault_text("at: start, do: { reset: client }").
inline std::string fault_text(const std::string& fault) {
    return scenario_text("faults: [ { " + fault + " } ]\n");
}

// The same where the proxy ends TLS on both legs.
inline std::string intercepted_text(const std::string& fault) {
    return fault_text(fault) + "proxy: { mode: intercept }\n";
}

inline std::vector<std::string> errors_of(const std::string& text) {
    std::vector<std::string> messages;
    for (const auto& error : load_text(text, "x.yaml").errors)
        messages.push_back(to_string(error));
    return messages;
}

inline Scenario scenario_of(const std::string& text) {
    auto result = load_text(text, "x.yaml");
    for (const auto& error : result.errors)
        ADD_FAILURE() << to_string(error) << "\nin\n" << text;
    return result.scenarios.empty() ? Scenario{} : result.scenarios.front();
}

inline proxy::Fault fault_of(const std::string& fault) {
    const auto scenario = scenario_of(fault_text(fault));
    return scenario.faults.empty() ? proxy::Fault{} : scenario.faults.front();
}

// The one action a fault text holds.
template <class Action>
Action action_of(const std::string& action, const std::string& moment = "at: x224.confirm") {
    const auto fault = fault_of(moment + ", do: { " + action + " }");
    if (const auto* act = std::get_if<Action>(&fault.action)) return *act;
    ADD_FAILURE() << "another action than expected: " << action;
    return {};
}

// Exactly one error, which holds `part`.
inline void expect_error(const std::string& text, const std::string& part) {
    const auto errors = errors_of(text);
    ASSERT_EQ(errors.size(), 1U) << "for\n"
                                 << text << (errors.empty() ? "" : "first: " + errors[0] + "\nlast: " + errors.back());
    EXPECT_NE(errors[0].find(part), std::string::npos) << errors[0];
}

inline void expect_fault_error(const std::string& fault, const std::string& part) {
    expect_error(fault_text(fault), part);
}

}  // namespace rdpfault::harness
