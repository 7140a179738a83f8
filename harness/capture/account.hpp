// What a capture shows of one TCP connection, as facts. What is not sure is not said: a capture has holes, and a hole
// at the wrong place hides who was first.
#pragma once

#include <optional>

#include "harness/capture/conversation.hpp"
#include "harness/capture/packet.hpp"

namespace rdpfault::capture {

// How the connection ended, in TCP's words.
enum class TcpEnd : std::uint8_t {
    none,     // the capture shows no end
    unknown,  // it ended, and the packet that says how is missing
    fin,
    reset,
    refused,      // RST in answer to the SYN
    unanswered,   // SYNs, and no answer
    unreachable,  // ICMP in answer to the SYN
    silence,      // packets sent again and again, never acknowledged
};

enum class Ender : std::uint8_t {
    unknown,
    client,
    server,
    between,  // a reset that neither end sent
};

struct Account {
    Address client;
    Address server;
    Time began{};  // first and last packet
    Time last{};
    bool beginning_seen = false;  // SYN or SYN-ACK; else it may have begun long before
    bool connected = false;
    std::uint64_t packets = 0;
    std::uint32_t syns = 0;
    std::array<std::uint64_t, 2> bytes{};          // of the streams, by Side of the sender
    std::array<std::uint32_t, 2> retransmitted{};  // packets sent again
    std::array<bool, 2> seen{};                    // packets of that side

    TcpEnd how = TcpEnd::none;
    Ender who = Ender::unknown;
    std::optional<Time> ended;
    bool closed = false;               // in both directions
    std::optional<Side> silent;        // how == silence: the side that does not answer
    std::optional<Side> last_word;     // whose data was the last before the end
    std::optional<Time> last_data;     // when
    std::string between;               // why a reset is thought to be of neither end
    std::uint32_t ignored_resets = 0;  // whose sequence number a receiver does not take
    std::uint8_t unreachable_code = 0;
    bool given_up = false;  // more connections at a time than are followed: the rest is not known

    bool rdp = false;  // it began as RDP does, or it is of a port that is RDP's
    Talk talk;

    // Nothing is missing between the beginning and the end.
    bool whole() const {
        return beginning_seen && closed && how != TcpEnd::none && how != TcpEnd::unknown && talk.lost[0] == 0 &&
               talk.lost[1] == 0;
    }
};

}  // namespace rdpfault::capture
