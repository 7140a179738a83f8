// Starts a program in other namespaces, which posix_spawn(3) cannot.
#pragma once

#include <sys/types.h>

#include <string>

#include "client/process.hpp"

namespace rdpfault::client {

struct Standard {
    int input = -1;         // becomes descriptor 0
    int output = -1;        // becomes 1 and 2
    int descriptor_3 = -1;  // becomes 3; -1: none
    int error = -1;         // becomes 2; -1: as output
};

// As posix_spawn with a session of its own, default signals and no other descriptors: 0 and the pid, or the errno of
// what failed: entering the namespaces, or exec.
int spawn_inside(const Door& door, const std::string& program, const Standard& standard, char* const* arguments,
                 char* const* environment, pid_t& pid);

}  // namespace rdpfault::client
