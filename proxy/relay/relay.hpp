// The proxy: one listening port, one upstream, any number of connections, one thread for each core when asked.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proxy/faults/accept_policy.hpp"
#include "proxy/relay/connection.hpp"

namespace rdpfault::proxy {

struct RelaySettings {
    boost::asio::ip::tcp::endpoint listen;  // port 0: a free one
    MakeSocket make_listener;               // unset: of our own network
    ConnectionSettings connection;
    bool keep_logs = true;  // for logs(); a proxy that runs for days only has the observer
    unsigned threads =
        0;  // 0: everything runs on the io_context given; n: sessions are spread over n threads of their own
};

// Connections get their ordinals in the order of accept: there is one acceptor, which hands sockets to the threads in
// turn (SO_REUSEPORT would spread them too, but then nobody could say which connection was the second).
class Relay {
  public:
    struct Observer {
        std::function<void(const Event&)> event;             // may be empty
        std::function<void(const ConnectionLog&)> finished;  // may be empty
    };

    // Throws boost::system::system_error when the address cannot be listened on. Callbacks run on the thread of the
    // connection: with threads > 0 several at a time. Everything else is for the io_context's thread.
    Relay(boost::asio::io_context& io, FaultPlan plan, RelaySettings settings, Observer observer = {});
    // Without a stop() before, connections are cut off: those on threads of the relay's own at once and without an
    // account, those on the io_context while it runs on.
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    void start();  // once
    std::uint16_t port() const;
    // Closes the port and ends all connections; `stopped` runs on the io_context, which the relay has kept busy since
    // start(), once they have ended (bounded by the leg time limits). Then logs() is complete and no thread is left.
    void stop(std::function<void()> stopped);
    // The accounts of the connections that have ended, by ordinal.
    std::vector<ConnectionLog> logs() const;

  private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace rdpfault::proxy
