// Protects TLS records of any content type and content, as the engine of one end would have (RFC 8446 5.2, RFC 5246
// 6.2.3, RFC 7366): alerts with any number, handshake messages nobody expects, odd fragments.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "protocol/bytes.hpp"
#include "protocol/tls/secrets.hpp"

namespace rdpfault::tls {

struct WritePosition {
    Epoch epoch = Epoch::plaintext;
    std::uint64_t sequence = 0;     // of the next record; records of the epoch written so far
    std::uint32_t key_updates = 0;  // TLS 1.3: KeyUpdate messages this side has sent
    // TLS 1.0 with CBC chains records: each begins with the last block of ciphertext of the one before. The end of what
    // was written, up to tail_size bytes, MAC and all; needed there only, and not when `sequence` is 0.
    Bytes tail = {};
    static constexpr std::size_t tail_size = 16 + 64;
};

class RecordSealer {
  public:
    // The error says what is missing: the secret of that epoch, a suite that can be sealed (see record_cipher()).
    // epoch must not be plaintext.
    static boost::system::result<RecordSealer, std::string> make(const Secrets& secrets, Side sender,
                                                                 const WritePosition& position);
    ~RecordSealer();
    RecordSealer(RecordSealer&&) noexcept;
    RecordSealer& operator=(RecordSealer&&) noexcept;

    // Longest content: what the 16 bits of a record's length leave. A peer takes 16384 bytes.
    static constexpr std::size_t max_content = 65535 - 512;

    // Appends one whole record to `to`; the sequence number goes up by one. False, and nothing done, for content above
    // max_content.
    bool seal(std::uint8_t content_type, ByteView content, Bytes& to);
    std::uint64_t sequence() const;

  private:
    struct State;
    explicit RecordSealer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault::tls
