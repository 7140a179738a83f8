#include "server/dns_responder.hpp"

#include <strings.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>

namespace rdpfault::server {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
using protocol::DnsStatus;

std::shared_ptr<DnsResponder> DnsResponder::start(asio::io_context& io, int socket, const udp::endpoint& endpoint,
                                                  std::string name, const Ipv4& right, const DnsConfig& config) {
    std::shared_ptr<DnsResponder> responder(new DnsResponder(io, std::move(name), right, config));
    if (socket >= 0)
        responder->socket_.assign(endpoint.protocol(), socket);
    else
        responder->socket_.open(endpoint.protocol());
    responder->socket_.bind(endpoint);
    responder->receive();
    return responder;
}

void DnsResponder::stop() {
    error_code ignored;
    socket_.close(ignored);
}

void DnsResponder::receive() {
    socket_.async_receive_from(asio::buffer(buffer_), from_,
                               [self = shared_from_this()](error_code error, std::size_t size) {
                                   if (!self->socket_.is_open()) return;
                                   if (!error) self->take(size);
                                   self->receive();
                               });
}

void DnsResponder::take(std::size_t size) {
    const auto question = protocol::read_dns_query(ByteView(buffer_).first(size));
    if (!question) return;
    const bool counts = question->type == protocol::dns_type_a;
    if (counts) ++report_.queries;
    const bool as_configured = config_.first == 0 || report_.queries <= config_.first;
    if (counts && as_configured && misbehaves(config_)) ++report_.wrong;
    const auto delay = as_configured ? config_.delay : std::chrono::milliseconds(0);
    if (auto answer = answer_to(*question, as_configured)) send_after(delay, std::move(*answer));
}

std::optional<Bytes> DnsResponder::answer_to(const protocol::DnsQuestion& question, bool as_configured) const {
    const auto say = [&](DnsStatus status) { return protocol::write_dns_answer(question, status, {}, time_to_live); };
    if (::strcasecmp(question.name.c_str(), name_.c_str()) != 0) return say(DnsStatus::name_error);
    const auto address = as_configured ? config_.address.value_or(right_) : right_;
    switch (as_configured ? config_.answer : NameAnswer::right) {
        case NameAnswer::right: break;
        case NameAnswer::no_such_name: return say(DnsStatus::name_error);
        case NameAnswer::no_address: return say(DnsStatus::no_error);
        case NameAnswer::server_failure: return say(DnsStatus::server_failure);
        case NameAnswer::refused: return say(DnsStatus::refused);
        case NameAnswer::silence: return std::nullopt;
    }
    if (question.type != protocol::dns_type_a) return say(DnsStatus::no_error);
    return protocol::write_dns_answer(question, DnsStatus::no_error, {Bytes(address.begin(), address.end())},
                                      time_to_live);
}

void DnsResponder::send_after(std::chrono::milliseconds delay, Bytes answer) {
    error_code ignored;  // whom the answer does not reach asks again
    if (delay.count() == 0) {
        socket_.send_to(asio::buffer(answer), from_, 0, ignored);
        return;
    }
    if (delayed_ >= most_delayed) return;
    ++delayed_;
    auto timer = std::make_shared<asio::steady_timer>(io_, delay);
    timer->async_wait([self = shared_from_this(), timer, to = from_, answer = std::move(answer)](error_code error) {
        --self->delayed_;
        error_code nobody;
        if (!error && self->socket_.is_open()) self->socket_.send_to(asio::buffer(answer), to, 0, nobody);
    });
}

}  // namespace rdpfault::server
