// One direction of a TCP connection, put together from the segments of a capture (RFC 9293 3.4). Sans-I/O: segments in,
// stretches of the stream out, in order. What a capture has twice is taken once, the first wins; what it has not at all
// is waited for until the other side acknowledges it, and then told as a gap.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::capture {

// The next stretch: bytes, or a number of bytes that the capture has not got.
struct Stretch {
    std::uint64_t offset = 0;  // from the first byte of the stream
    Bytes bytes;
    std::uint64_t lost = 0;  // > 0: a gap of that size, and no bytes
};

class Reassembly {
  public:
    // Of what waits for earlier bytes, at most `limit` bytes of memory are held; more makes a gap at once.
    explicit Reassembly(std::size_t limit) : limit_(limit) {}

    // The sequence number of the stream's first byte. Before it is known, nothing can be added.
    void begin(std::uint32_t sequence);
    bool begun() const { return begun_; }

    // Where a sequence number lies in the stream, negative before its first byte: the place nearest to what is known.
    std::int64_t offset_of(std::uint32_t sequence) const;

    // `bytes` may be fewer than the segment had on the wire: what is missing is not known, like any other hole.
    void add(std::int64_t offset, ByteView bytes, std::vector<Stretch>& out);
    // The receiver has all bytes below `offset`. What is missing of them will not come any more.
    void acknowledged(std::int64_t offset, std::vector<Stretch>& out);
    // The capture is over: what waits is told behind the gaps before it.
    void flush(std::vector<Stretch>& out);

    std::uint64_t next() const { return next_; }  // up to here everything was told
    std::size_t held() const { return held_; }    // memory of what waits

  private:
    void store(std::uint64_t begin, ByteView bytes);
    void store_piece(std::uint64_t begin, ByteView bytes);
    void deliver(std::vector<Stretch>& out);
    void skip_to(std::uint64_t offset, std::vector<Stretch>& out);

    std::map<std::uint64_t, Bytes> waiting_;  // by offset; pieces do not overlap
    std::size_t limit_;
    std::size_t held_ = 0;
    std::uint64_t next_ = 0;
    std::int64_t reference_ = 0;  // the furthest offset seen: where numbers are expected
    std::uint32_t first_ = 0;
    bool begun_ = false;
};

}  // namespace rdpfault::capture
