// One end of a veth pair as the forwarder uses it: frames in through a ring shared with the kernel, frames out in
// batches (packet(7)). Needs no /dev/net/tun.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proxy/link/descriptor.hpp"
#include "proxy/link/segment.hpp"

namespace rdpfault::link {

class Port {
  public:
    // `socket`: AF_PACKET, SOCK_RAW, protocol 0, of the namespace where `interface` is. Throws std::system_error.
    Port(Descriptor socket, const std::string& interface);
    ~Port();
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    int descriptor() const { return socket_.get(); }  // readable when frames wait

    // Cuts at most `limit` waiting frames into packets, appended in order; the number of frames taken.
    std::size_t receive(std::vector<PacketPtr>& packets, std::size_t limit);
    // Sends them all, with `destination` as the Ethernet address they go to. The number that the kernel refused.
    std::size_t send(const std::vector<PacketPtr>& packets, const std::uint8_t (&destination)[6]);
    // Frames that found the ring full, since the last call.
    std::uint64_t overruns();

  private:
    Descriptor socket_;
    std::uint8_t* ring_ = nullptr;
    std::size_t next_ = 0;
};

}  // namespace rdpfault::link
