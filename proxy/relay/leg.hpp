// One socket of a proxied connection: reads, a write queue, and the ways to end it. Everything happens on the socket's
// own executor. The owner is told what happened and decides; a leg decides nothing but its own time limits.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "protocol/bytes.hpp"
#include "protocol/ending.hpp"
#include "proxy/tcp_facts.hpp"

namespace rdpfault::proxy {

struct LegTimeouts {
    std::chrono::milliseconds deliver{
        2'000};  // longest wait for an acknowledgement before RST, or for the queue before FIN
    std::chrono::milliseconds drain{2'000};  // longest wait for the peer's FIN after ours
};

class Leg : public std::enable_shared_from_this<Leg> {
  public:
    class Owner {
      public:
        virtual void leg_received(Side side, ByteView bytes) = 0;
        virtual void leg_ended(Side side) = 0;                         // FIN
        virtual void leg_failed(Side side, const Ending& ending) = 0;  // RST or another error; the socket is closed
        virtual void leg_sent(Side side, std::uint64_t bytes) = 0;     // the kernel took them
        virtual void leg_closed(Side side, std::uint64_t undelivered) = 0;

      protected:
        ~Owner() = default;
    };

    // `owner` is kept alive by the operations that are under way.
    Leg(boost::asio::ip::tcp::socket socket, Side side, std::weak_ptr<Owner> owner, LegTimeouts timeouts);

    void start();
    void pause();
    void resume();
    void send(Bytes bytes);
    void finish();             // FIN behind what was sent
    void close(bool deliver);  // FIN behind what was sent, then read to the end, then close
    void reset(bool deliver);  // RST, when `deliver` after the peer's kernel has acknowledged what was sent

    // What the kernel knows of the connection; of a closed one, what it knew last.
    std::optional<TcpFacts> facts();

  private:
    enum class End : std::uint8_t { none, close, reset };

    void wait_readable();
    void wait_error();
    void readable();
    void write_some();
    void after_write();
    void queue_empty();
    void drain();
    void reset_when_delivered();
    void fail(const boost::system::error_code& error);
    void die(bool with_reset);
    void limit(std::chrono::milliseconds time, void (Leg::*then)());
    void give_up_delivery();
    void give_up_drain() { die(false); }
    void drop_queue();
    void look_again();
    bool take_socket_error(boost::system::error_code& error);
    std::uint64_t unacknowledged();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;  // the limit of an end under way
    boost::asio::steady_timer poll_;   // looks at the kernel's send queue, or again for an error
    Side side_;
    std::weak_ptr<Owner> owner_;
    LegTimeouts timeouts_;
    std::optional<TcpFacts> facts_;
    std::deque<Bytes> queue_;
    std::size_t written_of_front_ = 0;
    boost::system::error_code write_error_;
    bool reading_ = false;  // a wait for readability is under way
    bool paused_ = false;
    bool watching_error_ = false;
    bool writing_ = false;  // a wait for writability is under way
    bool finish_ = false, finished_ = false;
    bool saw_end_ = false;
    bool dead_ = false;
    End end_ = End::none;
};

// What an errno of a socket says about the way it ended.
Ending ending_of(const boost::system::error_code& error);

}  // namespace rdpfault::proxy
