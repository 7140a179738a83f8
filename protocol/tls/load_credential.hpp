// A credential that somebody else made, as text.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "protocol/tls/certificate.hpp"

namespace rdpfault::tls {

// The first certificate of `certificates` (PEM, others may follow: the chain, in the order they are sent) and its
// private key (PEM, not encrypted). The error says which of the two is wrong, and how; it tells nothing of the key.
boost::system::result<Credential, std::string> load_credential(std::string_view certificates, std::string_view key);

}  // namespace rdpfault::tls
