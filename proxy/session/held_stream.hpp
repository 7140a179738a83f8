// The bytes of one direction that have been received and not yet passed on, addressed by their offset in the stream
// that was received. A range can be replaced by other bytes, also of another length, without moving any offset.
#pragma once

#include <cstdint>
#include <deque>

#include "protocol/bytes.hpp"

namespace rdpfault::proxy {

class HeldStream {
  public:
    void append(Bytes bytes);
    // Removes and returns what stands for the input up to `offset`. A replaced range leaves whole or not at all.
    Bytes take_until(std::uint64_t offset);
    // What stands for [begin, end) now, as far as it is still held.
    Bytes view(std::uint64_t begin, std::uint64_t end);
    void replace(std::uint64_t begin, std::uint64_t end, Bytes bytes);
    void clear();

    std::uint64_t begin() const { return begin_; }  // offset of the first byte held
    std::uint64_t end() const { return end_; }      // offset behind the last
    std::size_t size() const { return size_; }      // bytes of memory held

  private:
    struct Segment {
        std::uint64_t begin, end;  // in the input
        Bytes bytes;
        bool edited = false;
    };
    using Position = std::deque<Segment>::iterator;
    Position split_at(std::uint64_t offset);  // a segment begins there afterwards (unless it lies in an edited one)

    std::deque<Segment> segments_;
    std::uint64_t begin_ = 0, end_ = 0;
    std::size_t size_ = 0;
};

}  // namespace rdpfault::proxy
