// A byte stream on its way to becoming units: keeps what has come until a whole unit is there.
#pragma once

#include <optional>

#include "protocol/error.hpp"
#include "protocol/framing.hpp"

namespace rdpfault::client {

struct Unit {
    std::uint64_t offset = 0;  // of its first byte in the stream
    Bytes bytes;
};

class UnitStream {
  public:
    void append(ByteView bytes) { rdpfault::append(held_, bytes); }

    // The next whole unit; nullopt: more bytes are needed. An error's offset counts from the stream's beginning.
    protocol::Result<std::optional<Unit>> next(protocol::Framing framing) {
        if (held_.empty()) return std::optional<Unit>();
        const auto frame = protocol::frame_length(framing, held_);
        if (frame.status == protocol::FrameLength::Status::wrong) {
            return protocol::DecodeError{protocol::Errc::bad_value, offset_, frame.what};
        }
        if (frame.status == protocol::FrameLength::Status::need_more || frame.size > held_.size()) {
            return std::optional<Unit>();
        }
        const auto end = held_.begin() + static_cast<std::ptrdiff_t>(frame.size);
        Unit unit{offset_, Bytes(held_.begin(), end)};
        held_.erase(held_.begin(), end);
        offset_ += frame.size;
        return std::optional(std::move(unit));
    }

    // The next `count` bytes, which have no frame.
    std::optional<Unit> take(std::size_t count) {
        if (held_.size() < count) return std::nullopt;
        const auto end = held_.begin() + static_cast<std::ptrdiff_t>(count);
        Unit unit{offset_, Bytes(held_.begin(), end)};
        held_.erase(held_.begin(), end);
        offset_ += count;
        return unit;
    }
    // The first byte of what is held.
    std::optional<std::uint8_t> peek() const { return held_.empty() ? std::nullopt : std::optional(held_.front()); }

    // Everything that is held, when the framing changes.
    Bytes take_rest() {
        offset_ += held_.size();
        return std::exchange(held_, {});
    }
    std::uint64_t offset() const { return offset_; }

  private:
    Bytes held_;
    std::uint64_t offset_ = 0;  // stream offset of held_'s first byte
};

}  // namespace rdpfault::client
