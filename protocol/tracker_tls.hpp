// The TLS half of the stage tracker: records of both directions in, stage events out, without keys.
//
// A direction is judged by its own bytes where they suffice. These depend on what the other direction was fed before,
// so feed each side's bytes when they arrive, before they are passed on:
//   - tls.client_flight: the client's first record that is complete after the ServerHello;
//   - which version it is: only the ServerHello says so, and with it whether the client's ChangeCipherSpec means
//   anything;
//   - tls.established: in TLS 1.2 the later of the two Finished;
//   - tls.application_data of the server in TLS 1.3: its records from the client's Finished on. What it sends before
//   (its
//     handshake flight) looks the same; session tickets after the handshake cannot be told from data and count.
#pragma once

#include "protocol/tls_reassembler.hpp"
#include "protocol/tls_record.hpp"
#include "protocol/tracker_stream.hpp"

namespace rdpfault::protocol {

class TlsTracker {
  public:
    // `unit` is one whole record.
    Complaint handle(const Unit& unit, Emitter& emit);
    // Where the handshake message that spans the records so far began.
    std::optional<std::uint64_t> pending(Direction direction) const {
        return sides_[index(direction)].messages.pending();
    }

  private:
    // A message and one record after it must fit into what the tracker may hold.
    static constexpr std::size_t max_message = StageTracker::max_held() - tls_record_header_size - tls_max_fragment;

    enum class Version : std::uint8_t { unknown, up_to_1_2, from_1_3 };

    struct Side {
        TlsReassembler messages{max_message};
        std::uint32_t records = 0;
        bool greeted = false;    // its hello was seen
        bool encrypted = false;  // its handshake records can no longer be read
        bool finished = false;
    };

    static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
    Side& side(Direction direction) { return sides_[index(direction)]; }

    Complaint handle_handshake(const Unit& unit, ByteView fragment, Emitter& emit);
    Complaint handle_message(Direction direction, const TlsHandshakeMessage& message, Emitter& emit);
    Complaint handle_server_hello(const TlsHandshakeMessage& message);
    Complaint handle_alert(const Unit& unit, ByteView fragment, Emitter& emit);
    void handle_change_cipher_spec(Direction direction);
    void handle_application_data(const Unit& unit, std::size_t length, Emitter& emit);
    void finish(const Unit& unit, Emitter& emit);

    std::array<Side, 2> sides_;
    Version version_ = Version::unknown;
    bool server_hello_ = false;  // the real one, not a HelloRetryRequest
    bool client_flight_ = false;
    bool established_ = false;
};

}  // namespace rdpfault::protocol
