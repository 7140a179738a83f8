#include "proxy/faults/accept_policy.hpp"

#include <gtest/gtest.h>

namespace rdpfault::proxy {
namespace {

using Kind = ConnectionSelector::Kind;
using Port = AcceptPolicy::Port;
using Verdict = AcceptPolicy::Verdict;

FaultPlan plan_of(Action action, ConnectionSelector connection = {}) {
    FaultPlan plan;
    plan.faults.push_back({"f", {AtStart{}, {}, connection, 1.0}, std::move(action), {}});
    return plan;
}

TEST(AcceptPolicy, WithoutAFaultOfItsOwnAcceptsAll) {
    const auto plan = plan_of(action::Reset{});
    const AcceptPolicy policy(plan);
    for (const std::uint32_t ordinal : {1U, 2U, 1000U}) {
        EXPECT_EQ(policy.before(ordinal).port, Port::open);
        EXPECT_EQ(policy.before(ordinal).fault, nullptr);
        EXPECT_EQ(policy.accepted(ordinal, 1000).verdict, Verdict::proceed);
        EXPECT_EQ(policy.accepted(ordinal, 1000).fault, nullptr);
    }
}

TEST(AcceptPolicy, ClosesThePortFromTheSelectedConnectionOn) {
    for (const auto kind : {Kind::exactly, Kind::from}) {
        const auto plan = plan_of(action::Refuse{}, {kind, 2});
        const AcceptPolicy policy(plan);
        EXPECT_EQ(policy.before(1).port, Port::open);
        EXPECT_EQ(policy.before(2).port, Port::closed);
        EXPECT_EQ(policy.before(3).port, Port::closed);
        EXPECT_EQ(policy.before(2).fault, &plan.faults[0]);
    }
    const auto plan = plan_of(action::Refuse{});
    EXPECT_EQ(AcceptPolicy(plan).before(1).port, Port::closed);
}

TEST(AcceptPolicy, HoldsThePort) {
    const auto plan = plan_of(action::HoldAccept{}, {Kind::from, 3});
    EXPECT_EQ(AcceptPolicy(plan).before(2).port, Port::open);
    EXPECT_EQ(AcceptPolicy(plan).before(3).port, Port::held);
    EXPECT_EQ(AcceptPolicy(plan).before(3).fault, &plan.faults[0]);
    EXPECT_EQ(AcceptPolicy(plan).accepted(3, 0).verdict, Verdict::proceed);
}

TEST(AcceptPolicy, EndsTheSelectedConnectionAtAccept) {
    const auto plan = plan_of(action::AcceptThenClose{}, {Kind::exactly, 2});
    EXPECT_EQ(AcceptPolicy(plan).before(2).port, Port::open);
    EXPECT_EQ(AcceptPolicy(plan).accepted(1, 0).verdict, Verdict::proceed);
    EXPECT_EQ(AcceptPolicy(plan).accepted(2, 0).verdict, Verdict::close);
    EXPECT_EQ(AcceptPolicy(plan).accepted(2, 0).fault, &plan.faults[0]);
    EXPECT_EQ(AcceptPolicy(plan).accepted(3, 0).verdict, Verdict::proceed);
    const auto with_reset = plan_of(action::AcceptThenClose{true});
    EXPECT_EQ(AcceptPolicy(with_reset).accepted(7, 0).verdict, Verdict::reset);
}

TEST(AcceptPolicy, LimitsTheConnectionsThatAreOpen) {
    const auto plan = plan_of(action::MaxConnections{2, false});
    EXPECT_EQ(AcceptPolicy(plan).accepted(1, 0).verdict, Verdict::proceed);
    EXPECT_EQ(AcceptPolicy(plan).accepted(2, 1).verdict, Verdict::proceed);
    EXPECT_EQ(AcceptPolicy(plan).accepted(3, 2).verdict, Verdict::close);
    EXPECT_EQ(AcceptPolicy(plan).accepted(4, 1).verdict, Verdict::proceed);
    const auto with_reset = plan_of(action::MaxConnections{2, true});
    EXPECT_EQ(AcceptPolicy(with_reset).accepted(3, 2).verdict, Verdict::reset);
}

}  // namespace
}  // namespace rdpfault::proxy
