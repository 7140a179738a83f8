#include "proxy/relay/leg.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace rdpfault::proxy {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::microseconds poll_interval{200};
constexpr std::chrono::milliseconds urgent_interval{100};

// Legs of one thread read one after the other, so they share a buffer; an idle connection owns none.
std::array<std::uint8_t, 64 * 1024>& read_buffer() {
    thread_local std::array<std::uint8_t, 64 * 1024> buffer;
    return buffer;
}

bool again(const error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

// An error is pending, or both directions have ended. Unlike SO_ERROR this leaves the error for the next read.
bool is_broken(int socket) {
    pollfd state{socket, 0, 0};
    return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

Ending ending_of(const error_code& error) {
    Ending ending;
    ending.system_error = error.value();
    ending.detail = error.message();
    if (error == asio::error::connection_refused)
        ending.kind = EndKind::refused;
    else if (error == asio::error::connection_reset || error == asio::error::broken_pipe)
        ending.kind = EndKind::reset;  // the peer's kernel knows the connection no more
    else
        ending.kind = EndKind::unreachable;  // no route, no answer, or a socket of ours that cannot be used
    return ending;
}

Leg::Leg(asio::ip::tcp::socket socket, Side side, std::weak_ptr<Owner> owner, LegTimeouts timeouts)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      poll_(socket_.get_executor()),
      side_(side),
      owner_(std::move(owner)),
      timeouts_(timeouts) {}

void Leg::start() {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::out_of_band_inline(true), ignored);  // urgent or not, it is passed on
    wait_readable();
}

void Leg::wait_readable() {
    if (reading_ || dead_ || saw_end_ || paused_) return;
    reading_ = true;
    socket_.async_wait(asio::socket_base::wait_read,
                       [self = shared_from_this(), owner = owner_.lock()](error_code error) {
                           self->reading_ = false;
                           if (!error && !self->dead_) self->readable();
                       });
}

// While reading is paused only an error can be noticed, and an RST must be.
void Leg::wait_error() {
    if (watching_error_ || dead_) return;
    watching_error_ = true;
    socket_.async_wait(
        asio::socket_base::wait_error, [self = shared_from_this(), owner = owner_.lock()](error_code error) {
            self->watching_error_ = false;
            if (error || self->dead_) return;
            if (!is_broken(self->socket_.native_handle())) return self->look_again();
            if (self->saw_end_) {
                error_code pending;
                if (self->take_socket_error(pending)) self->fail(pending);
            } else if (self->paused_) {
                self->paused_ = false;  // what is left in the receive buffer can be read, and then the error
                self->wait_readable();
            }
        });
}

// Urgent data of a peer wakes us as an error does, and stays: it must neither end the pause nor keep us busy.
void Leg::look_again() {
    if (end_ != End::none || !(paused_ || saw_end_)) return;
    poll_.expires_after(urgent_interval);
    poll_.async_wait([self = shared_from_this(), owner = owner_.lock()](error_code error) {
        if (!error && !self->dead_) self->wait_error();
    });
}

void Leg::readable() {
    if (paused_) return;
    error_code error;
    auto& buffer = read_buffer();
    const auto count = socket_.read_some(asio::buffer(buffer), error);
    if (again(error)) return wait_readable();
    if (error == asio::error::eof) {
        if (write_error_) return fail(write_error_);
        saw_end_ = true;
        if (end_ == End::close) return die(false);
        if (const auto owner = owner_.lock(); owner && end_ == End::none) owner->leg_ended(side_);
        return wait_error();  // the peer may still answer what we send with RST
    }
    if (error) return fail(error);
    if (const auto owner = owner_.lock(); owner && end_ == End::none)
        owner->leg_received(side_, ByteView(buffer.data(), count));
    wait_readable();
}

void Leg::pause() {
    paused_ = true;
    wait_error();
}

void Leg::resume() {
    paused_ = false;
    wait_readable();
}

void Leg::send(Bytes bytes) {
    if (dead_ || end_ != End::none || bytes.empty()) return;
    queue_.push_back(std::move(bytes));
    if (!writing_) write_some();
}

void Leg::write_some() {
    std::uint64_t taken = 0;
    error_code error;
    while (!queue_.empty() && !error) {
        const auto& front = queue_.front();
        const auto count = socket_.write_some(asio::buffer(front) + written_of_front_, error);
        taken += count;
        written_of_front_ += count;
        if (written_of_front_ == front.size()) {
            queue_.pop_front();
            written_of_front_ = 0;
        }
    }
    if (taken > 0)
        if (const auto owner = owner_.lock()) owner->leg_sent(side_, taken);
    if (dead_) return;
    if (error && !again(error)) {
        // The peer is gone for writing; what it sent before that is still to be read. Whoever is told of an RST takes
        // it from the kernel: the read will find an end that looks like FIN.
        if (!write_error_) write_error_ = error;
        drop_queue();
        if (saw_end_ || end_ != End::none) return fail(error);
        paused_ = false;
        return wait_readable();
    }
    after_write();
}

void Leg::after_write() {
    if (queue_.empty()) return queue_empty();
    if (writing_) return;
    writing_ = true;
    socket_.async_wait(asio::socket_base::wait_write,
                       [self = shared_from_this(), owner = owner_.lock()](error_code error) {
                           self->writing_ = false;
                           if (!error && !self->dead_) self->write_some();
                       });
}

void Leg::queue_empty() {
    if ((finish_ || end_ == End::close) && !finished_) {
        finished_ = true;
        error_code ignored;
        socket_.shutdown(asio::socket_base::shutdown_send, ignored);
        if (end_ == End::close) drain();
    } else if (end_ == End::close) {
        drain();
    } else if (end_ == End::reset) {
        reset_when_delivered();
    }
}

void Leg::finish() {
    if (dead_ || end_ != End::none) return;
    finish_ = true;
    if (queue_.empty()) queue_empty();
}

void Leg::close(bool deliver) {
    if (dead_ || end_ != End::none) return;
    end_ = End::close;
    paused_ = false;
    if (!deliver) drop_queue();
    limit(timeouts_.deliver, &Leg::give_up_delivery);
    if (queue_.empty()) queue_empty();
}

// Closing a socket with unread bytes would turn the FIN into an RST, so what still comes is read and thrown away.
void Leg::drain() {
    if (saw_end_) return die(false);
    limit(timeouts_.drain, &Leg::give_up_drain);
    wait_readable();
}

void Leg::reset(bool deliver) {
    if (dead_ || end_ != End::none) return;
    end_ = End::reset;
    if (!deliver) return die(true);
    limit(timeouts_.deliver, &Leg::give_up_delivery);
    if (queue_.empty()) queue_empty();
}

// An RST throws away what the kernel has not sent, and tells the peer's to throw away what it has not read. Only the
// acknowledgement shows that the bytes before the fault have arrived.
void Leg::reset_when_delivered() {
    if (unacknowledged() == 0) return die(true);
    poll_.expires_after(poll_interval);
    poll_.async_wait([self = shared_from_this(), owner = owner_.lock()](error_code error) {
        if (!error && !self->dead_) self->reset_when_delivered();
    });
}

void Leg::limit(std::chrono::milliseconds time, void (Leg::*then)()) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this(), owner = owner_.lock(), then](error_code error) {
        if (!error && !self->dead_) ((*self).*then)();
    });
}

void Leg::give_up_delivery() {
    die(end_ == End::reset);
}

void Leg::drop_queue() {
    queue_.clear();
    written_of_front_ = 0;
}

bool Leg::take_socket_error(error_code& error) {
    int value = 0;
    socklen_t size = sizeof value;
    if (getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &value, &size) != 0 || value == 0) return false;
    error.assign(value, boost::system::system_category());
    return true;
}

std::uint64_t Leg::unacknowledged() {
    int count = 0;
    if (!socket_.is_open() || ioctl(socket_.native_handle(), SIOCOUTQ, &count) != 0 || count < 0) return 0;
    // A FIN that waits for its acknowledgement counts as one.
    return static_cast<std::uint64_t>(finished_ && count == 1 ? 0 : count);
}

std::optional<TcpFacts> Leg::facts() {
    if (socket_.is_open())
        if (auto now = tcp_facts(socket_.native_handle())) facts_ = now;
    return facts_;
}

void Leg::fail(const error_code& error) {
    if (dead_) return;
    if (end_ != End::none) return die(end_ == End::reset);
    dead_ = true;
    facts();
    timer_.cancel();
    poll_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (const auto owner = owner_.lock()) owner->leg_failed(side_, ending_of(error));
}

void Leg::die(bool with_reset) {
    if (dead_) return;
    dead_ = true;
    std::uint64_t undelivered = unacknowledged();
    for (const auto& bytes : queue_)
        undelivered += bytes.size();
    undelivered -= written_of_front_;
    facts();
    timer_.cancel();
    poll_.cancel();
    error_code ignored;
    if (with_reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
    if (const auto owner = owner_.lock()) owner->leg_closed(side_, undelivered);
}

}  // namespace rdpfault::proxy
