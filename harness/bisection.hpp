// Finds where an outcome flips along a range, by halving. Pure: it says which value to try next, and is told what came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/vary.hpp"

namespace rdpfault::harness {

enum class Outcome : std::uint8_t { yes, no, undecided };
std::string_view to_string(Outcome outcome);

class Bisection {
  public:
    struct Point {
        double value = 0;
        Outcome outcome = Outcome::undecided;
    };
    enum class Answer : std::uint8_t {
        running,
        found,      // between below() and above(), which are no further apart than the precision
        same,       // both ends gave the same
        undecided,  // an end, or values between below() and above(), could not be decided; those are no further from
                    // the nearest of them than the precision
    };

    explicit Bisection(Vary vary) : vary_(std::move(vary)) {}

    // Both ends first, then middles. Where a middle cannot be decided, closer to it from both sides. At last a quarter
    // of the range that halving passed by, to see whether the outcome flips once only. nullopt: done.
    std::optional<double> next() const;
    void tell(double value, Outcome outcome);

    Answer answer() const;
    // The nearest values on both sides of the flip, once the ends differ.
    Point below() const { return below_; }
    Point above() const { return above_; }
    // Values whose outcome does not fit one flip.
    std::vector<Point> strays() const;
    // Everything that was told, by value.
    std::vector<Point> points() const;

  private:
    std::optional<Outcome> at(double value) const;
    bool ends_known() const { return at(vary_.low) && at(vary_.high); }
    struct Gap {
        double low = 0, high = 0;
    };
    bool narrow(Gap gap) const;
    // Where to go on: between below() and above(), or to either side of what is undecided there; narrow when done.
    Gap open_gap() const;
    bool undecided_inside() const;
    std::optional<double> unseen_quarter() const;

    Vary vary_;
    std::vector<Point> points_;
    Point below_, above_;
};

}  // namespace rdpfault::harness
