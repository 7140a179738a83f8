#include "client/probe.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace rdpfault::client {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

}  // namespace

Probe::Probe(const asio::any_io_executor& executor, std::string host, std::uint16_t port, ProbeConfig config, Done done)
    : executor_(executor),
      host_(std::move(host)),
      port_(port),
      config_(std::move(config)),
      done_(std::move(done)),
      resolver_(executor),
      timer_(executor) {}

void Probe::start() {
    began_ = Clock::now();
    error_code not_an_address;
    const auto address = asio::ip::make_address(host_, not_an_address);
    if (not_an_address) {
        if (config_.server_name.empty()) config_.server_name = host_;
        return resolve();
    }
    endpoints_ = {{address, port_}};
    dial();
}

void Probe::resolve() {
    // The system's resolver cannot be interrupted: when the time is up we go without it.
    timer_.expires_after(config_.connect_timeout);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error) self->fail_to_resolve({.kind = EndKind::name_not_found, .detail = "no answer from the resolver"});
    });
    if (config_.name_server) return ask_name_server();
    resolver_.async_resolve(
        host_, std::to_string(port_), asio::ip::tcp::resolver::numeric_service,
        [self = shared_from_this()](const error_code& error, const auto& results) {
            if (!self->done_) return;
            self->timer_.cancel();
            if (error) {
                return self->fail_to_resolve(
                    {.kind = EndKind::name_not_found, .system_error = error.value(), .detail = error.message()});
            }
            for (const auto& result : results)
                self->endpoints_.push_back(result.endpoint());
            self->dial();
        });
}

void Probe::ask_name_server() {
    lookup_ = std::make_shared<NameLookup>(
        executor_, *config_.name_server, host_,
        [self = shared_from_this()](const NameLookup::Addresses& addresses, const Ending& ending) {
            if (!self->done_) return;
            self->lookup_.reset();
            self->timer_.cancel();
            if (addresses.empty()) return self->fail_to_resolve(ending);
            for (const auto& address : addresses)
                self->endpoints_.emplace_back(address, self->port_);
            self->dial();
        });
    lookup_->start();
}

void Probe::fail_to_resolve(Ending ending) {
    ConnectionReport report;
    report.ending = std::move(ending);
    report.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
    report_.connections.push_back(std::move(report));
    finish();
}

void Probe::dial() {
    connection_ = std::make_shared<ProbeConnection>(
        executor_, endpoints_, config_,
        [self = shared_from_this()](ConnectionReport report) { self->on_end(std::move(report)); });
    connection_->start();
}

void Probe::on_end(ConnectionReport report) {
    const bool again =
        !cancelled_ && report.ending.kind != EndKind::orderly && report_.connections.size() < config_.reconnects;
    report_.connections.push_back(std::move(report));
    if (again) return dial();
    finish();
}

void Probe::cancel() {
    if (!done_ || cancelled_) return;
    cancelled_ = true;
    if (connection_) return connection_->cancel();
    resolver_.cancel();
    if (lookup_) lookup_->cancel();
    fail_to_resolve({.detail = "cancelled"});
}

void Probe::finish() {
    timer_.cancel();
    connection_.reset();
    if (auto done = std::exchange(done_, nullptr)) {
        asio::post(executor_, [self = shared_from_this(), done = std::move(done)] { done(std::move(self->report_)); });
    }
}

}  // namespace rdpfault::client
