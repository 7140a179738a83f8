// What the listener does with a TCP connection before there is a session: faults that act at accept.
#pragma once

#include <cstddef>
#include <cstdint>

#include "proxy/faults/fault.hpp"

namespace rdpfault::proxy {

class AcceptPolicy {
  public:
    // `plan` must outlive the policy.
    explicit AcceptPolicy(const FaultPlan& plan) : plan_(&plan) {}

    // How the port must stand before connection `next` (from 1) can arrive. A refused SYN cannot be seen, let alone
    // counted, so a selector of one connection means that one and all that follow.
    enum class Port : std::uint8_t { open, closed /* refuse */, held /* listening, never accepted */ };
    struct Standing {
        Port port = Port::open;
        const Fault* fault = nullptr;
    };
    Standing before(std::uint32_t next) const;

    // What to do with an accepted connection when `open` others are alive.
    enum class Verdict : std::uint8_t { proceed, close, reset };
    struct Decision {
        Verdict verdict = Verdict::proceed;
        const Fault* fault = nullptr;
    };
    Decision accepted(std::uint32_t ordinal, std::size_t open) const;

  private:
    const FaultPlan* plan_;
};

}  // namespace rdpfault::proxy
