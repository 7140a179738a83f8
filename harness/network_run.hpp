// The emulated link of one run: where it stands between client, proxy and server, and what it did.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/arm.hpp"
#include "harness/client_run.hpp"
#include "harness/network_evidence.hpp"
#include "proxy/link/link.hpp"
#include "proxy/relay/relay.hpp"

namespace rdpfault::harness {

// Why there can be no emulated link on this machine, and what would allow it; empty when there can. Found out once.
const std::string& link_obstacle();

// The arm with its link put as delays, throttles and waits for what was lost on the proxy's streams. Only for a
// NetworkSpec with modelled_allowed.
Arm modelled(Arm arm);

class NetworkRun {
  public:
    // Null, and `why`, when it cannot be had here. `capture`: file for the packets at the client's end; empty: none.
    static std::unique_ptr<NetworkRun> open(boost::asio::io_context& io, const link::NetworkSpec& spec,
                                            std::uint64_t seed, const std::string& scenario, std::string& why,
                                            const std::string& capture = {});

    // Puts the proxy where the link wants it: to be called with its settings complete, before it is made.
    void place(proxy::RelaySettings& settings);
    // With the proxy listening at `port`: where and how the client dials.
    void place(ClientTask& client, std::uint16_t port);
    // The same for a client elsewhere: a relay of ours at `listen` takes it across the link. Its port.
    std::uint16_t lead_in(boost::asio::ip::tcp::endpoint listen, std::uint16_t port);
    // UDP sockets at that end of it.
    proxy::MakeSocket datagrams(link::Place place) const;
    // A client program runs behind the link.
    bool client_is_inside() const { return spec_.between == link::Between::client; }
    // Tells the link of stages that the proxy saw, and looks at TCP then.
    void saw(const proxy::Event& event);
    // The client has ended: its connections may still be seen.
    void client_ended() { sample(); }
    // `stopped` runs on the io_context when nothing of it is under way. Afterwards evidence() is final.
    void stop(std::function<void()> stopped);
    NetworkEvidence evidence() const;

  private:
    NetworkRun(boost::asio::io_context& io, const link::NetworkSpec& spec) : io_(io), spec_(spec) {}
    proxy::MakeSocket maker(link::Place place) const;
    void sample();
    void start_hop(proxy::RelaySettings settings);

    boost::asio::io_context& io_;
    link::NetworkSpec spec_;
    std::string capture_;
    std::shared_ptr<link::Link> link_;
    std::vector<link::SocketFacts> client_end_, server_end_;
    std::unique_ptr<proxy::Relay> hop_;  // passes on what the proxy itself cannot send across the link
};

}  // namespace rdpfault::harness
