// A cursor over a span that cannot leave it. The first failure sticks: later reads give zeros and empty spans, so a
// decoder reads its fields in a row and asks once at the end. A loop over a count from the wire must ask ok() each
// turn.
#pragma once

#include <cstring>

#include "protocol/bytes.hpp"
#include "protocol/error.hpp"

namespace rdpfault::protocol {

class Reader {
  public:
    explicit Reader(ByteView bytes, std::size_t base = 0) : bytes_(bytes), base_(base) {}

    bool ok() const { return !failed_; }
    const DecodeError& error() const { return error_; }
    // Offset of the cursor, counted from the span given to the outermost decoder (`base`).
    std::size_t offset() const { return base_ + at_; }
    std::size_t remaining() const { return failed_ ? 0 : bytes_.size() - at_; }
    bool at_end() const { return remaining() == 0; }
    ByteView rest() const { return failed_ ? ByteView{} : bytes_.subspan(at_); }

    std::uint8_t u8(std::string_view what) { return number<std::uint8_t, false>(what); }
    std::uint16_t u16le(std::string_view what) { return number<std::uint16_t, false>(what); }
    std::uint16_t u16be(std::string_view what) { return number<std::uint16_t, true>(what); }
    std::uint32_t u32le(std::string_view what) { return number<std::uint32_t, false>(what); }
    std::uint32_t u32be(std::string_view what) { return number<std::uint32_t, true>(what); }
    std::uint32_t u24be(std::string_view what) {
        const auto high = u8(what);
        return static_cast<std::uint32_t>(high) << 16 | u16be(what);
    }
    std::uint64_t u64le(std::string_view what) { return number<std::uint64_t, false>(what); }

    ByteView take(std::size_t count, std::string_view what) {
        if (failed_ || count > bytes_.size() - at_) {
            fail(Errc::truncated, what);
            return {};
        }
        const auto part = bytes_.subspan(at_, count);
        at_ += count;
        return part;
    }
    void skip(std::size_t count, std::string_view what) { take(count, what); }

    // A reader over the next `count` bytes; offsets in its errors stay those of the outer span.
    Reader sub(std::size_t count, std::string_view what) {
        const auto start = offset();
        const auto part = take(count, what);
        Reader inner(part, start);
        if (failed_) inner.adopt(error_);
        return inner;
    }

    std::uint8_t peek_u8() const { return remaining() > 0 ? bytes_[at_] : 0; }

    // Records the first failure only.
    void fail(Errc code, std::string_view what) { fail_at(offset(), code, what); }
    void fail_at(std::size_t where, Errc code, std::string_view what) {
        if (failed_) return;
        failed_ = true;
        error_ = {code, where, what};
    }
    // Takes over the failure of an inner reader.
    void adopt(const DecodeError& error) { fail_at(error.offset, error.code, error.what); }
    void expect(bool condition, Errc code, std::string_view what) {
        if (!condition) fail(code, what);
    }
    void expect_end(std::string_view what) {
        if (!failed_ && !at_end()) fail(Errc::trailing, what);
    }

  private:
    template <class T, bool big_endian>
    T number(std::string_view what) {
        const auto part = take(sizeof(T), what);
        T value{};
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto shift = 8 * (big_endian ? part.size() - 1 - i : i);
            value = static_cast<T>(value | static_cast<T>(static_cast<T>(part[i]) << shift));
        }
        return value;
    }

    ByteView bytes_;
    std::size_t base_;
    std::size_t at_ = 0;
    bool failed_ = false;
    DecodeError error_;
};

// The usual last line of a decoder.
template <class T>
Result<T> finish(const Reader& reader, T value) {
    if (!reader.ok()) return reader.error();
    return value;
}

}  // namespace rdpfault::protocol
