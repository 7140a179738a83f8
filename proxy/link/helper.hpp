// The process that holds the namespaces: what it is asked and answers, and its whole life.
#pragma once

#include <array>
#include <cstdint>

#include "proxy/link/namespace.hpp"

namespace rdpfault::link {

// The steps of the set-up, for the message when one fails.
enum class Step : std::uint8_t {
    user_namespace,
    network_namespace,
    process_files,
    interfaces,
    addresses,
    routes,
    congestion,
    serving,
};

struct HelperReply {
    Step step = Step::serving;
    int error = 0;  // errno
};

struct SocketRequest {
    Place place{};
    int domain = 0;
    int type = 0;
    int protocol = 0;
};

// Runs in the child after fork(), and does not return. Speaks first: a reply for the user namespace, upon which the
// parent writes the id maps and sends one byte; then one reply with a descriptor for each of user namespace (none
// without one), client, middle and server network namespace, or one reply that says what failed. Then a reply to each
// SocketRequest. It ends when the other end of `control` is closed: that is how it dies with its parent.
[[noreturn]] void run_helper(int control, const NamespaceConfig& config, bool with_user_namespace);

}  // namespace rdpfault::link
