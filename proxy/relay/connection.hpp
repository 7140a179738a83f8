// One proxied connection on real sockets: carries out a Session's commands and tells it what the sockets saw.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "proxy/relay/leg.hpp"
#include "proxy/session/session.hpp"
#include "proxy/tls/shared.hpp"

namespace rdpfault::proxy {

// A TCP socket of this family (AF_INET, AF_INET6), not yet bound or connected, made elsewhere than in this process's
// own network; -1, with errno, when there can be none. Called from any thread of the relay.
using MakeSocket = std::function<int(int family)>;

struct ConnectionSettings {
    std::vector<boost::asio::ip::tcp::endpoint> upstream;  // tried in order
    std::chrono::milliseconds connect_timeout{10'000};     // for each of them
    MakeSocket make_socket;                                // for the server legs; unset: of our own network
    Limits limits;
    LegTimeouts leg;
    std::shared_ptr<InterceptShared> intercept;  // null: TLS is passed through
};

class Connection final : public Leg::Owner, public std::enable_shared_from_this<Connection> {
  public:
    using OnEvent = std::function<void(const Event&)>;
    using OnFinished = std::function<void(const ConnectionLog&)>;

    // `plan` and `settings` must outlive the connection. Both callbacks run on the socket's executor.
    Connection(boost::asio::ip::tcp::socket client, const FaultPlan& plan, std::uint32_t ordinal,
               const Fault* at_accept, const ConnectionSettings& settings, OnEvent on_event, OnFinished on_finished);

    void start();
    void abort();  // the run is over
    const ConnectionLog& log() const { return session_->log(); }

  private:
    void leg_received(Side side, ByteView bytes) override;
    void leg_ended(Side side) override;
    void leg_failed(Side side, const Ending& ending) override;
    void leg_sent(Side side, std::uint64_t bytes) override;
    void leg_closed(Side side, std::uint64_t undelivered) override;

    void connect_server();
    bool open_elsewhere(const boost::asio::ip::tcp::endpoint& towards);
    void connect_next(std::size_t index, const Ending& last);
    void carry_out();
    void carry_out(command::ConnectServer& c);
    void carry_out(command::Send& c);
    void carry_out(const command::Finish& c);
    void carry_out(const command::Close& c);
    void carry_out(const command::Reset& c);
    void carry_out(const command::Pause& c);
    void carry_out(const command::Resume& c);
    void carry_out(const command::WakeAt& c);
    void publish();
    void look_at_tcp(Side side);
    void end_unconnected();
    std::shared_ptr<Leg>& leg(Side side) { return side == Side::client ? client_ : server_; }

    boost::asio::ip::tcp::socket accepted_;
    const ConnectionSettings& settings_;
    std::unique_ptr<Proxied> session_;
    OnEvent on_event_;
    OnFinished on_finished_;
    std::shared_ptr<Leg> client_;
    std::shared_ptr<Leg> server_;
    std::unique_ptr<boost::asio::ip::tcp::socket> connecting_;
    boost::asio::steady_timer connect_limit_;
    boost::asio::steady_timer wake_;
    std::size_t published_ = 0;
    std::optional<Stage> looked_at_;  // TCP was looked at when this stage was reached
    bool busy_ = false;               // carry_out() is on the stack
    bool done_ = false;
};

}  // namespace rdpfault::proxy
