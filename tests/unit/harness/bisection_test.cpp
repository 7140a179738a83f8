#include "harness/bisection.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace rdpfault::harness {
namespace {

using Answer = Bisection::Answer;
using ::testing::HasSubstr;

Vary vary(const std::string& text, const std::string& precision = "") {
    const auto result = vary_from_string(text, precision);
    if (const auto* wrong = std::get_if<std::string>(&result)) {
        ADD_FAILURE() << *wrong;
        return {};
    }
    return std::get<Vary>(result);
}

std::string wrong(const std::string& text, const std::string& precision = "") {
    const auto result = vary_from_string(text, precision);
    const auto* message = std::get_if<std::string>(&result);
    return message ? *message : "nothing";
}

TEST(Vary, Forms) {
    const auto loss = vary("network.loss=0%..40%");
    EXPECT_EQ(loss.path, "network.loss");
    EXPECT_EQ(loss.form, ValueForm::percent);
    EXPECT_DOUBLE_EQ(loss.high, 0.4);
    EXPECT_DOUBLE_EQ(loss.precision, 0.4 / 64);
    EXPECT_EQ(scenario_text(loss, 0.125), "0.125");
    EXPECT_EQ(shown(loss, 0.125), "12.5%");
    const auto time = vary("faults.0.do.stall=0s..1.5s", "10ms");
    EXPECT_EQ(time.form, ValueForm::duration);
    EXPECT_EQ(time.precision, 10'000);
    EXPECT_EQ(scenario_text(time, 1'500'000), "1500ms");
    EXPECT_EQ(scenario_text(time, 2'000'000), "2s");
    EXPECT_EQ(scenario_text(time, 1'500), "1500us");
    EXPECT_EQ(vary("a=1..0x10").high, 16);
    EXPECT_EQ(vary("a=1..16").precision, 1);
    EXPECT_EQ(vary("a=0..0.5").form, ValueForm::decimal);
    EXPECT_EQ(scenario_text(vary("r=64kbit/s..1Mbit/s"), 8000), "8000B/s");
    EXPECT_EQ(shown(vary("r=64kbit/s..1Mbit/s"), 8000), "64kbit/s");
    EXPECT_EQ(scenario_text(vary("q=1500B..64kB"), 64'000), "64000");
    EXPECT_EQ(vary("network.loss=0%..40%", "0.02").precision, 0.02);
}

TEST(Vary, SaysWhatIsWrong) {
    EXPECT_THAT(wrong("network.loss"), HasSubstr("expected PATH=LOW..HIGH"));
    EXPECT_THAT(wrong("=0..1"), HasSubstr("expected PATH=LOW..HIGH"));
    EXPECT_THAT(wrong("a=0..x"), HasSubstr("found 'x'"));
    EXPECT_THAT(wrong("a=0..5s"), HasSubstr("not of one kind: '0' and '5s'"));
    EXPECT_THAT(wrong("a=5..5"), HasSubstr("must be the lower one"));
    EXPECT_THAT(wrong("a=-1..5"), HasSubstr("found '-1'"));
    EXPECT_THAT(wrong("a=0s..5s", "1"), HasSubstr("a precision of the same kind"));
    EXPECT_THAT(wrong("a=0s..5s", "0s"), HasSubstr("a precision of the same kind"));
}

TEST(Vary, MiddlesAreRoundNumbers) {
    const auto time = vary("t=0s..10s", "100ms");
    EXPECT_EQ(scenario_text(time, middle(time, 0, 1'250'000)), "630ms");
    const auto count = vary("n=1..100");
    EXPECT_EQ(middle(count, 1, 100), 51);
    EXPECT_EQ(middle(count, 3, 4), 3.5) << "nothing whole lies between: the bisection stops";
}

Bisection run(Vary range, const std::function<Outcome(double)>& outcome, int* tries = nullptr) {
    Bisection bisection(std::move(range));
    int count = 0;
    for (auto value = bisection.next(); value && count < 1000; value = bisection.next(), ++count)
        bisection.tell(*value, outcome(*value));
    EXPECT_LT(count, 100);
    if (tries) *tries = count;
    return bisection;
}

Outcome yes_below(double flip, double value) {
    return value < flip ? Outcome::yes : Outcome::no;
}

TEST(Bisection, FindsTheFlipWhereverItIs) {
    for (int flip = 1; flip <= 1000; flip += 7) {
        int tries = 0;
        const auto found = run(
            vary("n=0..1000"), [=](double v) { return yes_below(flip, v); }, &tries);
        ASSERT_EQ(found.answer(), Answer::found);
        EXPECT_EQ(found.below().value, flip - 1);
        EXPECT_EQ(found.above().value, flip);
        EXPECT_EQ(found.below().outcome, Outcome::yes);
        EXPECT_LE(tries, 14);
        EXPECT_TRUE(found.strays().empty());
    }
}

TEST(Bisection, StopsAtThePrecision) {
    const auto found = run(vary("t=0s..10s", "500ms"), [](double v) { return yes_below(3'210'000, v); });
    EXPECT_EQ(found.answer(), Answer::found);
    EXPECT_LE(found.above().value - found.below().value, 500'000);
    EXPECT_LT(found.below().value, 3'210'000);
    EXPECT_GE(found.above().value, 3'210'000);
}

TEST(Bisection, BothEndsTheSame) {
    const auto same = run(vary("n=0..100"), [](double) { return Outcome::yes; });
    EXPECT_EQ(same.answer(), Answer::same);
    EXPECT_EQ(same.points().size(), 3U) << "the middle too: it may be otherwise there";
    const auto island = run(vary("n=0..100"), [](double v) { return v == 50 ? Outcome::no : Outcome::yes; });
    EXPECT_EQ(island.answer(), Answer::same);
    ASSERT_EQ(island.strays().size(), 1U);
    EXPECT_EQ(island.strays()[0].value, 50);
}

// Halving goes left at 50 and would never see the island at 75.
TEST(Bisection, LooksWhereHalvingPassedBy) {
    const auto found = run(vary("n=0..100"), [](double v) { return v < 20 || v == 75 ? Outcome::yes : Outcome::no; });
    EXPECT_EQ(found.answer(), Answer::found);
    EXPECT_EQ(found.above().value, 20);
    ASSERT_EQ(found.strays().size(), 1U);
    EXPECT_EQ(found.strays()[0].value, 75);
}

TEST(Bisection, ClosesInOnWhatCannotBeDecided) {
    const auto result = run(vary("n=0..100"), [](double v) {
        if (v >= 40 && v <= 55) return Outcome::undecided;
        return yes_below(50, v);
    });
    EXPECT_EQ(result.answer(), Answer::undecided);
    EXPECT_EQ(result.below().value, 39);
    EXPECT_EQ(result.above().value, 56);
}

TEST(Bisection, AnUndecidedEndIsTheEnd) {
    int tries = 0;
    const auto result = run(
        vary("n=0..100"), [](double v) { return v == 0 ? Outcome::undecided : Outcome::no; }, &tries);
    EXPECT_EQ(result.answer(), Answer::undecided);
    EXPECT_EQ(tries, 2);
}

}  // namespace
}  // namespace rdpfault::harness
