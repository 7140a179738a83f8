#include "tests/peers/support/x224_preamble.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

namespace rdpfault::peers {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// TPKT, Connection Request, RDP_NEG_REQ for TLS; the confirm that accepts it has the same length.
constexpr std::array<std::uint8_t, 19> request{3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0};

using Socket = std::shared_ptr<tcp::socket>;

// Until `from` has ended or one of the two is no more.
asio::awaitable<void> carry(Socket from, Socket to) {
    boost::system::error_code ignored;
    try {
        for (std::array<char, 16384> buffer{};;) {
            const auto count = co_await from->async_read_some(asio::buffer(buffer), asio::use_awaitable);
            co_await asio::async_write(*to, asio::buffer(buffer, count), asio::use_awaitable);
        }
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::eof)
            to->shutdown(tcp::socket::shutdown_send, ignored);
        else
            to->close(ignored);
    }
}

}  // namespace

X224Preamble::X224Preamble(std::uint16_t server)
    : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), server_(asio::ip::address_v4::loopback(), server) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

X224Preamble::~X224Preamble() {
    io_.stop();
    thread_.join();
}

asio::awaitable<void> X224Preamble::accept() {
    for (;;) {
        auto client = co_await acceptor_.async_accept(asio::use_awaitable);
        asio::co_spawn(io_, join(std::move(client)), asio::detached);
    }
}

// A server that refuses has nobody to tell but by the end of the connection, which is what an error here comes to.
asio::awaitable<void> X224Preamble::join(tcp::socket accepted) {
    const auto client = std::make_shared<tcp::socket>(std::move(accepted));
    const auto server = std::make_shared<tcp::socket>(io_);
    try {
        co_await server->async_connect(server_, asio::use_awaitable);
        co_await asio::async_write(*server, asio::buffer(request), asio::use_awaitable);
        std::array<std::uint8_t, request.size()> confirm{};
        co_await asio::async_read(*server, asio::buffer(confirm), asio::use_awaitable);
        if (confirm[5] != 0xD0 || confirm[11] != 2) co_return;
    } catch (const boost::system::system_error&) {
        co_return;
    }
    asio::co_spawn(io_, carry(client, server), asio::detached);
    asio::co_spawn(io_, carry(server, client), asio::detached);
}

}  // namespace rdpfault::peers
