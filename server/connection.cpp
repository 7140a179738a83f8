#include "server/connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include "server/outlet.hpp"

namespace rdpfault::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Wish = Acceptor::Wish;

constexpr std::size_t max_unsent = 256 * 1024;     // replies a client may let wait before it is read no further
constexpr std::uint64_t max_forgotten = 16 << 20;  // bytes read and dropped behind our FIN

std::string text_of(const tcp::socket& socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return {};
    const auto address = peer.address().to_string();
    return (peer.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(peer.port());
}

Ending ending_of(const boost::system::error_code& error) {
    const bool reset = error == asio::error::connection_reset || error == asio::error::broken_pipe;
    auto ending = server::ending_of(reset ? EndKind::reset : EndKind::close, 0, error.message());
    ending.system_error = error.value();
    return ending;
}

}  // namespace

Connection::Connection(tcp::socket socket, std::shared_ptr<const ListenerShared> shared, std::uint32_t ordinal)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      shared_(std::move(shared)),
      acceptor_(shared_->config, shared_->tls, shared_->users) {
    report_.ordinal = ordinal;
    report_.peer = text_of(socket_);
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    // The silent server waits for ever; a client that vanished must not be waited for.
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
}

Time Connection::now() const {
    return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now() - accepted_);
}

void Connection::start(std::function<void()> gone) {
    gone_ = std::move(gone);
    pump();
}

void Connection::refuse(std::string why, std::function<void()> gone) {
    acceptor_.refuse(now(), std::move(why));
    start(std::move(gone));
}

void Connection::stop(std::chrono::milliseconds bound) {
    if (closed_) return;
    farewell_ = bound;
    if (leave_by_) leave_by_ = std::min(*leave_by_, now() + Time(bound));
    acceptor_.stop(now());
    pump();
}

void Connection::abort() {
    if (closed_) return;
    acceptor_.peer_lost(now(), server::ending_of(EndKind::reset, 0, "the server was destroyed"));
    tell_events();
    close(true);
}

// After everything that happens: tell, write, read, set the clock.
void Connection::pump() {
    if (closed_) return;
    tell_events();
    if (acceptor_.wish() != Wish::open && !leave_by_) leave_by_ = now() + Time(farewell_);
    if (!writing_ && !broken_ && !finished_) write();
    if (!writing_ && !finished_ && acceptor_.wish() != Wish::open) leave();
    if (closed_) return;
    const bool listening =
        finished_ || (acceptor_.wish() == Wish::open && (broken_ || acceptor_.unsent() < max_unsent));
    if (!reading_ && listening) read();
    arm();
}

void Connection::tell_events() {
    for (const auto& event : acceptor_.take_events())
        if (shared_->callbacks.event) shared_->callbacks.event(report_.ordinal, event);
}

void Connection::write() {
    outgoing_ = acceptor_.take_output();
    if (outgoing_.empty()) return;
    writing_ = true;
    asio::async_write(
        socket_, asio::buffer(outgoing_),
        [self = shared_from_this()](const auto& error, std::size_t count) { self->on_write(error, count); });
}

void Connection::on_write(const boost::system::error_code& error, std::size_t count) {
    writing_ = false;
    report_.bytes_sent += count;
    if (closed_) return;
    // What the client said before it reset the connection is still to be read, and may be a proper good-bye.
    if (error) broken_ = true;
    pump();
}

void Connection::read() {
    reading_ = true;
    socket_.async_read_some(asio::buffer(incoming_), [self = shared_from_this()](const auto& error, std::size_t count) {
        self->on_read(error, count);
    });
}

void Connection::on_read(const boost::system::error_code& error, std::size_t count) {
    reading_ = false;
    report_.bytes_received += count;
    if (closed_) return;
    if (finished_) {
        forgotten_ += count;
        if (error || forgotten_ > max_forgotten) return close(false);
        return pump();
    }
    if (!error)
        acceptor_.receive(now(), ByteView(incoming_).first(count));
    else if (error == asio::error::eof && !broken_)
        acceptor_.peer_closed(now());
    else
        acceptor_.peer_lost(now(), ending_of(broken_ ? make_error_code(asio::error::connection_reset) : error));
    pump();
}

// Everything is written: FIN, or RST.
void Connection::leave() {
    if (acceptor_.wish() == Wish::reset || broken_) return close(true);
    boost::system::error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    if (error) return close(false);
    // Not closed yet: closing over unread bytes would send an RST, which may overtake what was said last.
    finished_ = true;
}

void Connection::arm() {
    const auto next = leave_by_ ? leave_by_ : acceptor_.wake_at();
    if (next == armed_) return;
    armed_ = next;
    if (!next) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(accepted_ + *next);
    timer_.async_wait([self = shared_from_this()](const auto& error) {
        if (!error) self->on_timer();
    });
}

void Connection::on_timer() {
    if (closed_) return;
    armed_.reset();
    if (leave_by_ && now() >= *leave_by_) return close(true);
    acceptor_.wake(now());
    pump();
}

void Connection::close(bool reset) {
    closed_ = true;
    timer_.cancel();
    boost::system::error_code ignored;
    if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
    tell_events();
    report_.session = acceptor_.report();
    if (shared_->callbacks.ended) shared_->callbacks.ended(report_);
    if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

}  // namespace rdpfault::server
