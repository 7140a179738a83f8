#include "proxy/relay/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <sstream>

#include "proxy/tls/interceptor.hpp"

namespace rdpfault::proxy {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

std::unique_ptr<Proxied> make_proxied(const FaultPlan& plan, std::uint32_t ordinal, const Fault* at_accept,
                                      const ConnectionSettings& settings) {
    if (!settings.intercept) return std::make_unique<Session>(plan, ordinal, at_accept, settings.limits);
    return std::make_unique<Interceptor>(plan, ordinal, settings.intercept, at_accept, settings.limits);
}

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket client, const FaultPlan& plan, std::uint32_t ordinal,
                       const Fault* at_accept, const ConnectionSettings& settings, OnEvent on_event,
                       OnFinished on_finished)
    : accepted_(std::move(client)),
      settings_(settings),
      session_(make_proxied(plan, ordinal, at_accept, settings)),
      on_event_(std::move(on_event)),
      on_finished_(std::move(on_finished)),
      connect_limit_(accepted_.get_executor()),
      wake_(accepted_.get_executor()) {}

void Connection::start() {
    error_code error;
    const auto peer = accepted_.remote_endpoint(error);
    const auto address = error ? std::string() : text_of(peer);
    client_ = std::make_shared<Leg>(std::move(accepted_), Side::client, weak_from_this(), settings_.leg);
    session_->accepted(address, Clock::now());
    client_->start();
    carry_out();
}

void Connection::abort() {
    if (done_) return;
    session_->abort(Clock::now());
    carry_out();
}

void Connection::leg_received(Side side, ByteView bytes) {
    session_->received(side, bytes, Clock::now());
    carry_out();
}

void Connection::leg_ended(Side side) {
    session_->end_of_stream(side, Clock::now());
    carry_out();
}

void Connection::leg_failed(Side side, const Ending& ending) {
    session_->failed(side, ending, Clock::now());
    carry_out();
}

void Connection::leg_sent(Side side, std::uint64_t bytes) {
    session_->sent(side, bytes, Clock::now());
    carry_out();
}

void Connection::leg_closed(Side side, std::uint64_t undelivered) {
    session_->leg_closed(side, undelivered, Clock::now());
    carry_out();
}

// A command may cause a leg to report at once, which makes new commands: they are taken by the loop that is running.
void Connection::carry_out() {
    if (busy_ || done_) return;
    busy_ = true;
    for (auto commands = session_->take_commands(); !commands.empty(); commands = session_->take_commands())
        for (auto& command : commands)
            std::visit([this](auto& c) { carry_out(c); }, command);
    busy_ = false;
    publish();
    if (!session_->finished()) return;
    done_ = true;
    wake_.cancel();
    connect_limit_.cancel();
    connecting_.reset();
    if (on_finished_) on_finished_(session_->log());
}

void Connection::look_at_tcp(Side side) {
    const auto facts = leg(side) ? leg(side)->facts() : std::nullopt;
    if (facts) session_->saw_tcp(side, *facts, Clock::now());
}

// TCP is looked at when a stage is reached for the first time and when a leg has ended. What is seen is an event too.
void Connection::publish() {
    const auto& log = session_->log();
    for (; published_ < log.events.size(); ++published_) {
        const auto ended =
            log.events[published_].kind == Event::Kind::leg_ended ? log.events[published_].side : std::nullopt;
        if (on_event_) on_event_(log.events[published_]);
        if (ended) look_at_tcp(*ended);
        if (log.furthest == looked_at_) continue;
        looked_at_ = log.furthest;
        for (const auto side : {Side::client, Side::server})
            look_at_tcp(side);
    }
}

void Connection::carry_out(command::ConnectServer&) {
    connecting_ = std::make_unique<asio::ip::tcp::socket>(wake_.get_executor());
    connect_next(0, {});
}

// True when there is nothing to do, or it is done.
bool Connection::open_elsewhere(const asio::ip::tcp::endpoint& towards) {
    if (!settings_.make_socket) return true;
    const int fd = settings_.make_socket(towards.protocol().family());
    if (fd >= 0) connecting_->assign(towards.protocol(), fd);
    return fd >= 0;
}

void Connection::connect_next(std::size_t index, const Ending& last) {
    if (index >= settings_.upstream.size()) {
        connecting_.reset();
        session_->server_failed(last, Clock::now());
        carry_out();
        return;
    }
    error_code ignored;
    connecting_->close(ignored);
    if (!open_elsewhere(settings_.upstream[index]))
        return connect_next(index + 1, ending_of(error_code(errno, boost::system::system_category())));
    connect_limit_.expires_after(settings_.connect_timeout);
    connect_limit_.async_wait([self = shared_from_this()](error_code error) {
        const bool stale = self->connect_limit_.expiry() > Clock::now();  // it belonged to the address before
        if (!error && !stale && self->connecting_) self->connecting_->cancel();
    });
    connecting_->async_connect(settings_.upstream[index], [self = shared_from_this(), index](error_code error) {
        if (self->done_ || !self->connecting_) return;
        self->connect_limit_.cancel();
        if (error == asio::error::operation_aborted) error = asio::error::timed_out;
        if (error) return self->connect_next(index + 1, ending_of(error));
        const auto local = self->connecting_->local_endpoint(error);
        self->server_ = std::make_shared<Leg>(std::move(*self->connecting_), Side::server, self->weak_from_this(),
                                              self->settings_.leg);
        self->connecting_.reset();
        self->session_->server_connected(error ? std::string() : text_of(local), Clock::now());
        self->server_->start();
        self->carry_out();
    });
}

// The session ends a leg whose connect is still under way.
void Connection::end_unconnected() {
    connecting_.reset();
    connect_limit_.cancel();
    session_->leg_closed(Side::server, 0, Clock::now());
}

void Connection::carry_out(command::Send& c) {
    if (auto& to = leg(c.to)) to->send(std::move(c.bytes));
}

void Connection::carry_out(const command::Finish& c) {
    if (auto& to = leg(c.to)) to->finish();
}

void Connection::carry_out(const command::Close& c) {
    if (auto& side = leg(c.side))
        side->close(c.deliver);
    else
        end_unconnected();
}

void Connection::carry_out(const command::Reset& c) {
    if (auto& side = leg(c.side))
        side->reset(c.deliver);
    else
        end_unconnected();
}

void Connection::carry_out(const command::Pause& c) {
    if (auto& side = leg(c.from)) side->pause();
}

void Connection::carry_out(const command::Resume& c) {
    if (auto& side = leg(c.from)) side->resume();
}

void Connection::carry_out(const command::WakeAt& c) {
    wake_.expires_at(c.time);
    wake_.async_wait([self = shared_from_this()](error_code error) {
        if (error || self->done_) return;
        self->session_->tick(Clock::now());
        self->carry_out();
    });
}

}  // namespace rdpfault::proxy
