// Which packets carry which stages of an RDP connection: follows the TCP streams on the link, as they enter it.
#pragma once

#include <map>

#include "protocol/stage_tracker.hpp"
#include "proxy/link/packet.hpp"

namespace rdpfault::link {

class Spotter {
  public:
    static constexpr std::size_t max_flows = 4096;

    // Fills in packet.stages: the stages whose units end in bytes that this packet is the first to carry. What a box
    // without keys can see (stage.hpp, `visible`).
    void look(Packet& packet, Direction direction);

  private:
    struct Flow {
        StageTracker tracker;
        std::uint32_t expected[2] = {};  // the next sequence number of each direction
        bool known[2] = {};
    };
    std::map<FlowKey, Flow> flows_;
    std::vector<TrackerEvent> events_;
};

}  // namespace rdpfault::link
