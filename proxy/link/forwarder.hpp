// Carries the packets between the two ends, through the effects, on a thread of its own.
#pragma once

#include <functional>
#include <memory>

#include "proxy/link/namespace.hpp"
#include "proxy/link/network_spec.hpp"
#include "proxy/link/report.hpp"

namespace rdpfault::link {

// Called on the link's thread.
struct Hooks {
    // A TCP SYN or a UDP datagram that is about to enter towards the server.
    std::function<void(const Packet&)> begins;
    // A packet that enters the link, or leaves it.
    std::function<void(Direction, bool leaves, const Packet&, proxy::Time)> tap;
};

class Forwarder {
  public:
    // Throws std::system_error when the kernel does not give the sockets it needs.
    Forwarder(Namespaces& namespaces, const NetworkSpec& spec, std::uint64_t seed, const std::string& scenario,
              Hooks hooks);
    ~Forwarder();
    Forwarder(const Forwarder&) = delete;
    Forwarder& operator=(const Forwarder&) = delete;

    // From any thread: somebody who can look into the streams saw this stage.
    void reached(Stage stage);
    LinkReport report() const;

  private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault::link
