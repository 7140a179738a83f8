// What a link did, in numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::link {

struct EffectReport {
    std::string effect;
    std::uint64_t dropped = 0;
    std::uint64_t touched = 0;  // delayed, changed, doubled
};

struct DirectionReport {
    std::uint64_t entered = 0;          // packets on the wire, super-packets cut
    std::uint64_t left = 0;             // duplicates included
    std::vector<EffectReport> effects;  // those that did something
};

struct LinkReport {
    DirectionReport towards_server, towards_client;
    std::uint64_t changes = 0;   // of the timeline, that came into force
    std::uint64_t overruns = 0;  // frames lost because we were too slow: no effect's doing
    std::uint64_t refused = 0;   // packets that the kernel would not take

    // Some effect dropped or touched a packet, or the timeline moved: it was not there in vain.
    bool acted() const;
};

// "to server 120 packets (loss 6 dropped), to client 88 packets (delay 88)".
std::string to_string(const LinkReport& report);

}  // namespace rdpfault::link
