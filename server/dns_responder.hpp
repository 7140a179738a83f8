// A small DNS server for one name: the answers a lab wants, right and wrong. Over UDP, on the thread of the io_context.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/dns_message.hpp"
#include "server/dns_config.hpp"

namespace rdpfault::server {

class DnsResponder : public std::enable_shared_from_this<DnsResponder> {
  public:
    static constexpr std::uint32_t time_to_live = 1;   // seconds
    static constexpr std::size_t most_delayed = 1000;  // answers that wait at a time; more are not given

    // Answers for `name` (any other does not exist) with `right` and as `config` says. Takes over `socket`, a UDP
    // socket that is not bound, and binds it to `endpoint`; -1: makes one. Throws boost::system::system_error.
    static std::shared_ptr<DnsResponder> start(boost::asio::io_context& io, int socket,
                                               const boost::asio::ip::udp::endpoint& endpoint, std::string name,
                                               const Ipv4& right, const DnsConfig& config);
    std::uint16_t port() const { return socket_.local_endpoint().port(); }
    const DnsReport& report() const { return report_; }
    void stop();

  private:
    DnsResponder(boost::asio::io_context& io, std::string name, const Ipv4& right, const DnsConfig& config)
        : io_(io), socket_(io), name_(std::move(name)), right_(right), config_(config) {}
    void receive();
    void take(std::size_t size);
    std::optional<Bytes> answer_to(const protocol::DnsQuestion& question, bool as_configured) const;
    void send_after(std::chrono::milliseconds delay, Bytes answer);

    boost::asio::io_context& io_;
    boost::asio::ip::udp::socket socket_;
    std::string name_;
    Ipv4 right_;
    DnsConfig config_;
    DnsReport report_;
    boost::asio::ip::udp::endpoint from_;
    std::array<std::uint8_t, 4096> buffer_;
    std::size_t delayed_ = 0;
};

}  // namespace rdpfault::server
