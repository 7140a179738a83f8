// What stands between the two sockets of a proxied connection, for whoever owns the sockets: what they saw goes in,
// commands come out. Session passes the wire through; Interceptor (proxy/tls) ends TLS on both legs.
#pragma once

#include <string>
#include <vector>

#include "proxy/event.hpp"
#include "proxy/session/command.hpp"

namespace rdpfault::proxy {

class Proxied {
  public:
    virtual ~Proxied() = default;

    // Events in.
    virtual void accepted(const std::string& client_address, Time now) = 0;
    // `local_address` is our end of the connection to the server.
    virtual void server_connected(const std::string& local_address, Time now) = 0;
    virtual void server_failed(const Ending& ending, Time now) = 0;
    virtual void received(Side from, ByteView bytes, Time now) = 0;
    virtual void end_of_stream(Side from, Time now) = 0;                 // FIN
    virtual void failed(Side side, const Ending& ending, Time now) = 0;  // RST, or another socket error
    virtual void sent(Side to, std::uint64_t bytes, Time now) = 0;
    virtual void leg_closed(Side side, std::uint64_t undelivered, Time now) = 0;  // Close or Reset was carried out
    virtual void saw_tcp(Side side, const TcpFacts& facts, Time now) = 0;         // for the log; decides nothing
    virtual void tick(Time now) = 0;
    virtual void abort(Time now) = 0;  // the run is over: end both legs at once

    // Commands out, in order; none after finished().
    virtual std::vector<Command> take_commands() = 0;
    virtual bool finished() const = 0;
    virtual const ConnectionLog& log() const = 0;
};

}  // namespace rdpfault::proxy
