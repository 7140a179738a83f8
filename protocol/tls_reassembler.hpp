// Handshake messages out of handshake records: a record may hold several messages, a message may span records, and
// each message keeps the place it had in the stream (RFC 8446 5.1).
#pragma once

#include <optional>

#include "protocol/tls_handshake.hpp"

namespace rdpfault::protocol {

struct TlsHandshakeMessage {
    TlsHandshakeType type{};
    // Stream offsets. A message that is the first thing in its record begins with the record's header; one that shares
    // a record begins at its own first byte. It ends one past its last byte.
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Bytes bytes;  // header and body

    bool operator==(const TlsHandshakeMessage&) const = default;
};

class TlsReassembler {
  public:
    // A message longer than `limit` bytes is refused as soon as its header says so.
    explicit TlsReassembler(std::size_t limit) : limit_(limit) {}

    // Appends the messages that this record completes; `record_begin` is the stream offset of the record's header.
    // False for a message over the limit: the stream cannot be followed any further.
    bool feed(std::uint64_t record_begin, ByteView fragment, std::vector<TlsHandshakeMessage>& messages);

    // Where the message in progress began; nothing between messages.
    std::optional<std::uint64_t> pending() const;

  private:
    std::size_t wanted() const;

    std::size_t limit_;
    TlsHandshakeMessage message_;
};

}  // namespace rdpfault::protocol
