// Appends fields to a byte vector; the mirror of Reader. Lengths that come before their content are patched afterwards.
#pragma once

#include "protocol/bytes.hpp"

namespace rdpfault::protocol {

class Writer {
  public:
    void u8(std::uint64_t value) { bytes_.push_back(static_cast<std::uint8_t>(value)); }
    void u16le(std::uint64_t value) { little(value, 2); }
    void u32le(std::uint64_t value) { little(value, 4); }
    void u64le(std::uint64_t value) { little(value, 8); }
    void u16be(std::uint64_t value) { big(value, 2); }
    void u24be(std::uint64_t value) { big(value, 3); }
    void u32be(std::uint64_t value) { big(value, 4); }
    void bytes(ByteView value) { append(bytes_, value); }
    void text(std::string_view value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }
    void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }

    std::size_t size() const { return bytes_.size(); }
    ByteView view() const { return bytes_; }
    Bytes take() { return std::move(bytes_); }

    // Overwrites a field written earlier as zeros.
    void patch_u8(std::size_t at, std::size_t value) { bytes_[at] = static_cast<std::uint8_t>(value); }
    void patch_u16be(std::size_t at, std::size_t value) {
        bytes_[at] = static_cast<std::uint8_t>(value >> 8);
        bytes_[at + 1] = static_cast<std::uint8_t>(value);
    }
    void patch_u16le(std::size_t at, std::size_t value) {
        bytes_[at] = static_cast<std::uint8_t>(value);
        bytes_[at + 1] = static_cast<std::uint8_t>(value >> 8);
    }

  private:
    void little(std::uint64_t value, int count) {
        for (int i = 0; i < count; ++i)
            u8(value >> (8 * i));
    }
    void big(std::uint64_t value, int count) {
        for (int i = count - 1; i >= 0; --i)
            u8(value >> (8 * i));
    }

    Bytes bytes_;
};

// For PDU types with `void encode(Writer&) const`.
template <class Pdu>
Bytes encoded(const Pdu& pdu) {
    Writer writer;
    pdu.encode(writer);
    return writer.take();
}

}  // namespace rdpfault::protocol
