// What the tests of the stage tracker share: a connection as a list of pieces, ways to cut it, and events as text.
#pragma once

#include <random>

#include "protocol/catalogue.hpp"
#include "protocol/stage_tracker.hpp"
#include "tests/unit/protocol/fixtures.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault {

using protocol::hex;
using protocol::operator+;

struct Piece {
    Direction direction{};
    Bytes bytes;
    Layer layer = Layer::wire;
};
using Connection = std::vector<Piece>;

inline constexpr auto to_server = Direction::client_to_server;
inline constexpr auto to_client = Direction::server_to_client;

inline const Bytes request_tls = hex("03000013 0ee00000000000 0100080001000000");
inline const Bytes confirm_tls = hex("03000013 0ed00000123400 0200080001000000");

inline Connection connection(const fixtures::Exchange& exchange) {
    Connection pieces;
    for (const auto& flight : exchange)
        pieces.push_back({flight.direction, hex(flight.hex)});
    return pieces;
}

// With the X.224 exchange that selects TLS in front.
inline Connection rdp_connection(const fixtures::Exchange& exchange) {
    auto pieces = connection(exchange);
    pieces.insert(pieces.begin(), {{to_server, request_tls}, {to_client, confirm_tls}});
    return pieces;
}

using Events = std::vector<TrackerEvent>;

// Feeds pieces and watches what complete() promises.
class Follower {
  public:
    void feed(const Piece& piece) {
        if (piece.layer == Layer::decrypted) return tracker.feed_decrypted(piece.direction, piece.bytes, events);
        auto& fed = fed_[static_cast<std::size_t>(piece.direction)];
        auto& before = complete_[static_cast<std::size_t>(piece.direction)];
        fed += piece.bytes.size();
        tracker.feed(piece.direction, piece.bytes, events);
        const auto complete = tracker.complete(piece.direction);
        EXPECT_GE(complete, before) << "complete() went back";
        EXPECT_LE(complete, fed);
        EXPECT_LE(fed - complete, StageTracker::max_held());
        EXPECT_TRUE(!tracker.opaque(piece.direction) || complete == fed);
        before = complete;
    }
    void feed(const Connection& pieces) {
        for (const auto& piece : pieces)
            feed(piece);
    }
    std::uint64_t fed(Direction direction) const { return fed_[static_cast<std::size_t>(direction)]; }

    StageTracker tracker;
    Events events;

  private:
    std::array<std::uint64_t, 2> fed_{};
    std::array<std::uint64_t, 2> complete_{};
};

inline Events events_of(const Connection& pieces) {
    Follower follower;
    follower.feed(pieces);
    return follower.events;
}

inline Connection byte_by_byte(const Connection& pieces) {
    Connection cut;
    for (const auto& piece : pieces)
        for (const auto byte : piece.bytes)
            cut.push_back({piece.direction, {byte}, piece.layer});
    return cut;
}

inline Connection cut_at_random(const Connection& pieces, std::uint32_t seed) {
    std::mt19937 random(seed);
    Connection cut;
    for (const auto& piece : pieces) {
        ByteView rest = piece.bytes;
        while (!rest.empty()) {
            const auto longest = std::size_t{1} << random() % 12;
            const auto size = std::min<std::size_t>(rest.size(), 1 + random() % longest);
            cut.push_back(
                {piece.direction, {rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size)}, piece.layer});
            rest = rest.subspan(size);
        }
    }
    return cut;
}

// "> tls.client_hello 1 [19,536)": the direction, the event, which one, and where. The decrypted layer has a '*'.
inline std::string text(const TrackerEvent& event) {
    using Kind = TrackerEvent::Kind;
    std::string line = event.direction == to_server ? ">" : "<";
    if (event.layer == Layer::decrypted) line += '*';
    line += ' ';
    switch (event.kind) {
        case Kind::stage: line += std::string(to_string(event.stage)) + ' ' + std::to_string(event.nth); break;
        case Kind::record:
            line += "record " + std::to_string(event.content_type) + ' ' + std::to_string(event.nth);
            break;
        case Kind::alert: line += "alert " + std::to_string(event.level) + ' ' + std::to_string(event.code); break;
        case Kind::negotiation_failure: line += "negotiation_failure " + std::to_string(event.code); break;
        case Kind::error_info: line += "error_info " + std::to_string(event.code); break;
        case Kind::disconnect: line += "disconnect " + std::to_string(event.code); break;
        case Kind::license_error: line += "license_error " + std::to_string(event.code); break;
        case Kind::credssp_error: line += "credssp_error " + code_text(Family::ntstatus, event.code); break;
        case Kind::garbage: return line + "garbage " + std::to_string(event.begin) + ": " + std::string(event.what);
    }
    return line + " [" + std::to_string(event.begin) + ',' + std::to_string(event.end) + ')';
}

inline std::vector<std::string> text(const Events& events) {
    std::vector<std::string> lines;
    for (const auto& event : events)
        lines.push_back(text(event));
    return lines;
}

inline std::vector<std::string> without_records(const Events& events) {
    std::vector<std::string> lines;
    for (const auto& event : events)
        if (event.kind != TrackerEvent::Kind::record) lines.push_back(text(event));
    return lines;
}

}  // namespace rdpfault
