// Packets and effects without sockets: packets made by hand, an effect fed with them under a clock of the test's own.
#pragma once

#include <string>
#include <vector>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

struct Made {
    std::uint8_t flags = tcp_ack;
    std::uint32_t sequence = 1000;
    std::uint32_t acknowledged = 0;
    std::size_t payload = 0;
    std::uint16_t source_port = 40000;
    std::uint16_t destination_port = 3389;
    Bytes options{};     // of TCP, a multiple of four bytes
    std::string text{};  // instead of `payload` bytes of 'x'
    int version = 4;
};
// A whole TCP packet with right checksums, from the client unless `reverse`.
PacketPtr tcp_packet(const Made& made = {}, bool reverse = false);
Bytes tcp_frame(const Made& made = {}, bool reverse = false);

struct Seen {
    PacketPtr packet;
    Time at{};
};

// Feeds an effect the way a chain does: what is due goes before what comes.
class Playbook : public Outlet {
  public:
    explicit Playbook(Effect& effect) : effect_(effect) {}

    void pass(PacketPtr packet, Time at) override { passed.push_back({std::move(packet), at}); }
    void answer(PacketPtr packet, Time at) override { answers.push_back({std::move(packet), at}); }

    void configure(const DirectionSpec& spec) { effect_.configure(spec, now); }
    // Gives it the packet, with the next ordinal, now.
    void take(PacketPtr packet);
    void take(std::size_t count, std::size_t payload = 100);
    // Lets time go by.
    void wait(Duration time);
    void wait_for_all() { wait(std::chrono::hours(1)); }

    std::vector<std::uint64_t> ordinals() const;     // of what passed
    std::vector<std::int64_t> microseconds() const;  // when it did, since the beginning

    Time began{std::chrono::seconds(1000)};
    Time now = began;
    std::vector<Seen> passed, answers;

  private:
    Effect& effect_;
    std::uint64_t ordinal_ = 0;
};

}  // namespace rdpfault::link
