// The answer to a client's X.224 Connection Request (MS-RDPBCGR 2.2.1.1, 2.2.1.2, 3.3.5.3.1).
#pragma once

#include "protocol/x224.hpp"
#include "server/config.hpp"

namespace rdpfault::server {

// What config.security says; a client that offers nothing of it is refused with SSL_REQUIRED_BY_SERVER or
// HYBRID_REQUIRED_BY_SERVER. A failure that the configuration demands comes first.
protocol::ConnectionConfirm answer(const protocol::ConnectionRequest& request, const Config& config);

}  // namespace rdpfault::server
