#include "protocol/tls_reassembler.hpp"

#include <algorithm>
#include <utility>

#include "protocol/tls_record.hpp"

namespace rdpfault::protocol {

// Size of the message in progress as far as it is known: its header first, the whole once the header is there.
std::size_t TlsReassembler::wanted() const {
    const auto header = TlsHandshakeHeader::decode(message_.bytes);
    return header ? tls_handshake_header_size + header->length : tls_handshake_header_size;
}

bool TlsReassembler::feed(std::uint64_t record_begin, ByteView fragment, std::vector<TlsHandshakeMessage>& messages) {
    const auto body_begin = record_begin + tls_record_header_size;
    for (std::size_t at = 0; at < fragment.size();) {
        if (message_.bytes.empty()) message_.begin = at == 0 ? record_begin : body_begin + at;
        const auto count = std::min(wanted() - message_.bytes.size(), fragment.size() - at);
        append(message_.bytes, fragment.subspan(at, count));
        at += count;
        if (wanted() > limit_) return false;
        if (message_.bytes.size() < wanted()) continue;
        message_.type = static_cast<TlsHandshakeType>(message_.bytes.front());
        message_.end = body_begin + at;
        messages.push_back(std::exchange(message_, {}));
    }
    return true;
}

std::optional<std::uint64_t> TlsReassembler::pending() const {
    if (message_.bytes.empty()) return std::nullopt;
    return message_.begin;
}

}  // namespace rdpfault::protocol
