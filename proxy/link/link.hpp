// An emulated link between a client and a server: real packets, real retransmission, no privilege. Both ends are
// network namespaces (namespace.hpp); the packets between them go through the effects of a NetworkSpec on a thread of
// the link's.
#pragma once

#include "proxy/link/forwarder.hpp"
#include "proxy/link/socket_facts.hpp"

namespace rdpfault::link {

struct LinkConfig {
    NetworkSpec network;
    std::uint64_t seed = 1;
    std::string scenario;          // with the seed and the ordinal of a packet, what keys the random decisions
    bool any_destination = false;  // the server's end answers for every address
    Hooks hooks;
};

class Link {
  public:
    // Null, and `why` says what is missing, when there can be none here. Blocks for some ten milliseconds.
    static std::unique_ptr<Link> open(const LinkConfig& config, std::string& why);
    ~Link();

    // A socket made at that end, for use from here: connect(2), bind(2), accept(2) act in its namespace. Empty, and
    // errno, when there can be none. Thread-safe.
    Descriptor socket(Place place, int domain = 2 /* AF_INET */, int type = 1 /* SOCK_STREAM */, int protocol = 0);
    // The same, listening on that end's addresses at `port`; 0: a free one, which is put there.
    Descriptor listen(Place place, std::uint16_t& port);
    // For a child process that is to run at that end.
    Namespaces::Door door(Place place) const { return namespaces_->door(place); }

    // The TCP connections at that end, whoever's they are.
    std::vector<SocketFacts> facts(Place place);

    // Somebody who can look into the streams saw this stage. Thread-safe.
    void reached(Stage stage) { forwarder_->reached(stage); }
    LinkReport report() const { return forwarder_->report(); }
    Namespaces& namespaces() { return *namespaces_; }

  private:
    Link() = default;
    std::unique_ptr<Namespaces> namespaces_;
    std::unique_ptr<Forwarder> forwarder_;
};

}  // namespace rdpfault::link
