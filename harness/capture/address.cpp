#include <arpa/inet.h>

#include "harness/capture/packet.hpp"

namespace rdpfault::capture {

std::string to_string(const Address& address) {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.ip.data(), text, sizeof text);
    const auto port = std::to_string(address.port);
    return address.v6 ? '[' + std::string(text) + "]:" + port : std::string(text) + ':' + port;
}

}  // namespace rdpfault::capture
