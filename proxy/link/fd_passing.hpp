// Small messages with a descriptor, over a socket of type SOCK_SEQPACKET.
#pragma once

#include <cstddef>

#include "proxy/link/descriptor.hpp"

namespace rdpfault::link {

// False, with errno, when it could not be sent whole. `fd` -1: none.
bool send_with_descriptor(int socket, const void* data, std::size_t size, int fd);
// False when the other end is gone or what came is not of this size. `fd` stays empty when none came.
bool receive_with_descriptor(int socket, void* data, std::size_t size, Descriptor& fd);

}  // namespace rdpfault::link
