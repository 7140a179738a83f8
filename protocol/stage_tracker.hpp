// Says where in an RDP connection a byte stream is: bytes of both directions in, stage events with exact stream offsets
// out. Sans-I/O and without a clock. However the streams are cut into pieces, the events of a direction are identical.
//
// It works on what a pass-through box sees (preconnection PDU, X.224, TLS records and the plaintext handshake messages
// of TLS 1.0 to 1.3, then counted application-data records) and on decrypted bytes (CredSSP, MCS, licensing, share
// PDUs). Garbage makes one `garbage` event a direction, after which that direction is opaque: never a crash, never a
// buffer that grows without bound.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/stage.hpp"

namespace rdpfault {

// What the tracker looks at: the bytes on the wire, or what TLS carries.
enum class Layer : std::uint8_t { wire, decrypted };

struct TrackerEvent {
    enum class Kind : std::uint8_t {
        stage,   // a unit that is a stage is complete: stage, nth, begin, end
        record,  // a TLS record is complete (also those that complete no stage): record, content_type, begin, end
        alert,   // a plaintext TLS alert: code = description (RFC 8446 6), level; begin, end
        negotiation_failure,  // an X.224 confirm with RDP_NEG_FAILURE: code = failureCode; follows its stage event
        error_info,           // a Set Error Info PDU: code = errorInfo (decrypted layer)
        disconnect,           // a Disconnect Provider Ultimatum: code = reason (decrypted layer)
        license_error,        // a licensing error alert other than "valid client": code = dwErrorCode (decrypted layer)
        credssp_error,        // a TSRequest with errorCode: code = NTSTATUS; an Early User Authorization Result that
                              // denies counts as STATUS_ACCESS_DENIED (decrypted layer)
        garbage,              // the bytes at `begin` are not RDP; nothing more will be said of this direction and layer
    };

    Kind kind{};
    Layer layer = Layer::wire;
    Direction direction{};
    std::uint64_t begin = 0;  // stream offset (of that layer and direction) of the unit's first byte
    std::uint64_t end = 0;    // one past its last byte
    Stage stage{};            // kind == stage
    std::uint32_t nth = 0;  // kind == stage: 1 for the first unit of this stage in this direction; record: its ordinal
    std::uint8_t content_type = 0;  // kind == record: TLS ContentType
    std::uint8_t level = 0;         // kind == alert
    std::uint32_t code = 0;
    std::string_view what;  // kind == garbage: static text that says what was expected

    bool operator==(const TrackerEvent&) const = default;
};

class StageTracker {
  public:
    StageTracker();
    ~StageTracker();
    StageTracker(StageTracker&&) noexcept;
    StageTracker& operator=(StageTracker&&) noexcept;

    // Appends the events that these bytes complete, in stream order.
    void feed(Direction direction, ByteView bytes, std::vector<TrackerEvent>& events);
    // The same for the plaintext that TLS carries in that direction.
    void feed_decrypted(Direction direction, ByteView bytes, std::vector<TrackerEvent>& events);

    // What the Connection Confirm selected, for a tracker that is only fed decrypted bytes.
    void select_protocol(std::uint32_t protocol);

    // Bytes of this direction and layer up to here belong to complete units; what follows is the beginning of a unit
    // whose stage cannot be known yet. At most max_held() bytes behind the fed total, and equal to it once opaque.
    std::uint64_t complete(Direction direction, Layer layer = Layer::wire) const;
    static constexpr std::uint64_t max_held() { return 128 * 1024; }

    // The last stage, in wire order, that either direction has completed on either layer.
    std::optional<Stage> furthest() const;
    // Nothing more will be recognised in this direction of this layer.
    bool opaque(Direction direction, Layer layer = Layer::wire) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault
