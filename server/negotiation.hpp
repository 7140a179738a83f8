// The answer to a client's X.224 Connection Request (MS-RDPBCGR 2.2.1.1, 2.2.1.2, 3.3.5.3.1).
#pragma once

#include "protocol/x224.hpp"
#include "server/config.hpp"

namespace rdpfault::server {

// TLS is selected when the client offers it and the configuration does not demand a failure; a client that offers no
// TLS is refused with SSL_REQUIRED_BY_SERVER.
protocol::ConnectionConfirm answer(const protocol::ConnectionRequest& request, const Config& config);

}  // namespace rdpfault::server
