// TLS secrets that somebody logged (NSS key log), by the connection they are of.
#pragma once

#include <map>
#include <string_view>

#include "protocol/bytes.hpp"
#include "protocol/tls/secrets.hpp"

namespace rdpfault::capture {

class KeyLog {
  public:
    // Whole lines; those that are not of a key log, or of a label that opens nothing here, are passed over. No more
    // than max_connections are kept.
    void take(std::string_view text);
    // nullptr: nothing is known of this connection.
    const tls::Secrets* find(ByteView client_random) const;
    std::size_t size() const { return secrets_.size(); }
    bool empty() const { return secrets_.empty(); }

    static constexpr std::size_t max_connections = 200'000;

  private:
    void take_line(std::string_view line);

    std::map<Bytes, tls::Secrets> secrets_;  // by client random
};

}  // namespace rdpfault::capture
