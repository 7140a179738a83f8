// What the client's end of an emulated link sees, as a pcap file: packets as it sends them, and those that reach it.
#pragma once

#include <fstream>
#include <string>

#include "harness/verdict.hpp"
#include "proxy/link/packet.hpp"

namespace rdpfault::harness {

class LinkCapture {
  public:
    // `now`: one moment on both clocks. Throws std::runtime_error when the file cannot be written.
    LinkCapture(const std::string& path, const ClockPair& now);
    // On the link's thread: its tap.
    void take(Direction direction, bool leaves, const link::Packet& packet, proxy::Time time);

  private:
    std::ofstream file_;
    ClockPair now_;
};

}  // namespace rdpfault::harness
