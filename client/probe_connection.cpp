#include "client/probe_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace rdpfault::client {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

// For our last bytes to leave and the server's FIN to come; without it unread bytes would turn our FIN into a RST.
constexpr std::chrono::milliseconds close_timeout{500};

Ending connect_failure(const error_code& error) {
    Ending ending;
    ending.kind = EndKind::unreachable;
    if (error == asio::error::connection_refused) ending.kind = EndKind::refused;
    if (error == asio::error::connection_reset) ending.kind = EndKind::reset;
    ending.system_error = error.value();
    ending.detail = error.message();
    return ending;
}

Ending broken(const error_code& error) {
    Ending ending;
    ending.kind = error == asio::error::timed_out ? EndKind::timeout : EndKind::reset;
    ending.system_error = error.value();
    return ending;
}

}  // namespace

ProbeConnection::ProbeConnection(const asio::any_io_executor& executor, Endpoints endpoints, const ProbeConfig& config,
                                 Done done)
    : socket_(executor),
      timer_(executor),
      endpoints_(std::move(endpoints)),
      connect_timeout_(config.connect_timeout),
      make_socket_(config.make_socket),
      done_(std::move(done)),
      began_(Clock::now()),
      connector_(config, began_) {}

void ProbeConnection::start() {
    connect_next(0);
    timer_.expires_at(began_ + connect_timeout_);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (error || self->connector_.report().connected) return;
        self->connector_.failed(connect_failure(asio::error::timed_out), Clock::now());
        self->close();
    });
}

void ProbeConnection::connect_next(std::size_t index) {
    error_code ignored;
    socket_.close(ignored);
    if (make_socket_) {
        const auto protocol = endpoints_[index].protocol();
        const int fd = make_socket_(protocol.family());
        if (fd < 0) {
            const error_code error(errno, boost::system::system_category());
            asio::post(socket_.get_executor(),
                       [self = shared_from_this(), index, error] { self->on_connect(error, index); });
            return;
        }
        socket_.assign(protocol, fd);
    }
    socket_.async_connect(endpoints_[index], [self = shared_from_this(), index](const error_code& error) {
        self->on_connect(error, index);
    });
}

void ProbeConnection::on_connect(const error_code& error, std::size_t index) {
    if (connector_.finished()) return;  // too late: the time was up
    const auto failure = !error && connected_to_itself() ? error_code(asio::error::connection_refused) : error;
    if (failure && index + 1 < endpoints_.size()) return connect_next(index + 1);
    if (failure) {
        connector_.failed(connect_failure(failure), Clock::now());
        return close();
    }
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    connector_.connected(Clock::now());
    read();
    pump();
}

// On loopback a connect to a free port can meet itself when the kernel gives it that very port.
bool ProbeConnection::connected_to_itself() const {
    error_code ignored;
    return socket_.local_endpoint(ignored) == socket_.remote_endpoint(ignored);
}

void ProbeConnection::set_timer() {
    const auto due = connector_.wake_at();
    if (!due || timer_.expiry() == *due) return;
    timer_.expires_at(*due);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error) self->on_timer();
    });
}

void ProbeConnection::on_timer() {
    connector_.woken(Clock::now());
    pump();
}

void ProbeConnection::read() {
    socket_.async_read_some(
        asio::buffer(input_),
        [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_read(error, size); });
}

void ProbeConnection::on_read(const error_code& error, std::size_t size) {
    if (!socket_.is_open()) return;
    if (error) {
        peer_ended_ = true;
        if (error == asio::error::eof)
            connector_.closed(Clock::now());
        else
            connector_.failed(broken(error), Clock::now());
        return close();
    }
    connector_.received({input_.data(), size}, Clock::now());  // after the end: drained, and dropped
    read();
    pump();
}

void ProbeConnection::pump() {
    write();
    if (connector_.finished()) return begin_close();
    set_timer();
}

void ProbeConnection::write() {
    if (writing_) return;
    output_ = connector_.take_output();
    if (output_.empty()) return;
    writing_ = true;
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                          // A broken connection is told by the read, which also gets what the server said before.
                          if (error) return;
                          self->writing_ = false;
                          if (self->socket_.is_open()) self->pump();
                      });
}

void ProbeConnection::begin_close() {
    if (!writing_) {
        error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
    if (std::exchange(closing_, true)) return;
    timer_.expires_after(close_timeout);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error) self->close();
    });
}

void ProbeConnection::cancel() {
    if (!done_) return;
    Ending ending;
    ending.detail = "cancelled";
    connector_.failed(std::move(ending), Clock::now());
    close();
}

void ProbeConnection::close() {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    if (auto done = std::exchange(done_, nullptr)) {
        asio::post(socket_.get_executor(),
                   [self = shared_from_this(), done = std::move(done)] { done(self->connector_.report()); });
    }
}

}  // namespace rdpfault::client
