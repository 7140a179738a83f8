// Finds the TLS secrets that a pcapng file carries (Decryption Secrets Blocks: pcapng 4.7), which libpcap passes over.
// Sans-I/O: the file in pieces of any size, key log text out. A block that is longer than any key log is passed over,
// and a length that cannot be ends the reading.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/bytes.hpp"

namespace rdpfault::capture {

class SecretsReader {
  public:
    static constexpr std::size_t max_secrets = 64 * 1024 * 1024;

    void feed(ByteView bytes);
    // False once the bytes were not those of a pcapng file: nothing more will be found.
    bool readable() const { return state_ != State::done; }
    // How many of the bytes that follow do not matter, and need not be fed but can be told with skip().
    std::uint64_t ignorable() const { return state_ == State::skipping ? wanted_ : 0; }
    void skip(std::uint64_t count);
    const std::string& key_log() const { return key_log_; }

  private:
    enum class State : std::uint8_t { head, secrets, skipping, done };

    void head();
    void secrets();
    std::uint32_t number(std::size_t at) const;

    State state_ = State::head;
    Bytes held_;
    std::uint64_t wanted_ = 12;  // bytes until the state changes
    bool big_endian_ = false;
    bool begun_ = false;  // a Section Header Block was seen
    std::string key_log_;
};

}  // namespace rdpfault::capture
