// Opens TLS records that two others exchange, with the secrets that one of them has logged: the reverse of
// RecordSealer (RFC 8446 5.2, RFC 5246 6.2.3, RFC 7366). What is opened has been authenticated.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "protocol/bytes.hpp"
#include "protocol/tls/record_sealer.hpp"

namespace rdpfault::tls {

struct OpenedRecord {
    std::uint8_t type = 0;  // the real one: in TLS 1.3 it is inside
    Bytes content;
};

class RecordOpener {
  public:
    // For the records that `sender` writes from `position` on. Errors as of RecordSealer::make().
    static boost::system::result<RecordOpener, std::string> make(const Secrets& secrets, Side sender,
                                                                 const WritePosition& position);
    ~RecordOpener();
    RecordOpener(RecordOpener&&) noexcept;
    RecordOpener& operator=(RecordOpener&&) noexcept;

    // One whole record, its header included. The sequence number goes up by one, unless the record cannot be opened
    // (cut short, changed, out of order, or of other keys): then nothing has changed, and the error says so.
    boost::system::result<OpenedRecord, std::string> open(ByteView record);
    std::uint64_t sequence() const;

  private:
    struct State;
    explicit RecordOpener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault::tls
