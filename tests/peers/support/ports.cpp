#include "tests/peers/support/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

#include "client/descriptor.hpp"

namespace rdpfault::peers {

std::uint16_t free_port() {
    const client::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (::bind(socket.get(), generic, size) != 0 || ::getsockname(socket.get(), generic, &size) != 0) {
        throw std::runtime_error("no free TCP port on loopback");
    }
    return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
    constexpr auto listening = "0A";  // the state column of proc_net_tcp(5)
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
        for (std::string line; std::getline(file, line);) {
            std::istringstream columns(line);
            std::string slot, local, remote, state;
            columns >> slot >> local >> remote >> state;
            const auto colon = local.rfind(':');
            if (colon == std::string::npos || state != listening) continue;
            if (std::stoul(local.substr(colon + 1), nullptr, 16) == port) return true;
        }
    }
    return false;
}

void wait_listen(std::uint16_t port, milliseconds limit) {
    if (!wait_until([port] { return listens(port); }, limit)) {
        throw std::runtime_error("nobody listens on port " + std::to_string(port));
    }
}

}  // namespace rdpfault::peers
