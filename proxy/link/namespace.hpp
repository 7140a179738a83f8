// Three network namespaces in a user namespace of their own, held by a helper process:
//
//     client namespace           middle namespace            server namespace
//     eth0 198.18.0.1  <-veth->  c  (our forwarder)  s  <-veth->  eth0 198.18.0.2
//          fd00:18::1                                              fd00:18::2
//
// Needs no privilege, changes nothing of the host, and is gone, with everything in it, when the process that made it
// ends, however it ends. The calling process stays in the host's namespaces: what it needs of the others are sockets,
// which the helper makes inside and hands out (SCM_RIGHTS); they work anywhere.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "proxy/link/descriptor.hpp"

namespace rdpfault::link {

enum class Place : std::uint8_t { client, middle, server };

inline constexpr const char* client_address = "198.18.0.1";  // RFC 2544: for benchmarks, never seen in the wild
inline constexpr const char* server_address = "198.18.0.2";
inline constexpr const char* client_address6 = "fd00:18::1";
inline constexpr const char* server_address6 = "fd00:18::2";

struct NamespaceConfig {
    std::uint32_t mtu = 1500;      // of all four interfaces, 576 to 1500
    std::uint32_t client_mtu = 0;  // of the client's alone; 0: as the others
    bool any_destination = false;  // the server's end answers for every address, not only its own
    std::string congestion;        // "reno", "cubic", ...: of TCP in both namespaces; empty: the kernel's own
};

class Namespaces {
  public:
    // What it takes to go inside: for setns(2) in a process with one thread and no threads to come.
    struct Door {
        int user = -1;  // -1: the network namespace belongs to the caller's own user namespace
        int network = -1;
    };

    // Null, and `why` says what is missing and what would allow it, when it cannot be done here.
    static std::unique_ptr<Namespaces> open(const NamespaceConfig& config, std::string& why);
    ~Namespaces();
    Namespaces(const Namespaces&) = delete;
    Namespaces& operator=(const Namespaces&) = delete;

    // socket(2), made in that namespace; an empty one and errno when it fails. Thread-safe.
    Descriptor socket(Place place, int domain, int type, int protocol);
    Door door(Place place) const;
    pid_t helper() const { return helper_; }

  private:
    Namespaces() = default;

    pid_t helper_ = 0;
    Descriptor control_;
    Descriptor user_;
    Descriptor network_[3];
    std::mutex asking_;
};

// One of "reno cubic ..." that this kernel lets an unprivileged process choose.
bool congestion_allowed(const std::string& name);

// What to change for `error` (errno) of unshare(CLONE_NEWUSER | CLONE_NEWNET): the sysctl, profile or limit at fault,
// by its name and value, as far as the files under `proc` and `sys` tell.
std::string explain_refusal(int error, const std::string& proc = "/proc", const std::string& sys = "/sys");

}  // namespace rdpfault::link
