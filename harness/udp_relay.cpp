#include "harness/udp_relay.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace rdpfault::harness {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

std::shared_ptr<UdpRelay> UdpRelay::start(asio::io_context& io, int socket, const udp::endpoint& inside,
                                          const udp::endpoint& outside) {
    std::shared_ptr<UdpRelay> relay(new UdpRelay(io, outside));
    relay->inside_.assign(inside.protocol(), socket);
    relay->inside_.bind(inside);
    relay->receive();
    return relay;
}

void UdpRelay::stop() {
    error_code ignored;
    inside_.close(ignored);
    for (auto& [sender, flow] : flows_) {
        flow->socket.close(ignored);
        flow->idle.cancel();
    }
    flows_.clear();
}

// An error belongs to one datagram (an ICMP error of an answer that nobody wanted): the next may do better.
void UdpRelay::receive() {
    inside_.async_receive_from(asio::buffer(buffer_), sender_,
                               [self = shared_from_this()](error_code error, std::size_t size) {
                                   if (!self->inside_.is_open()) return;
                                   if (!error) self->pass_on(size);
                                   self->receive();
                               });
}

void UdpRelay::pass_on(std::size_t size) {
    const auto flow = flow_of(sender_);
    if (!flow) return;
    error_code ignored;  // a datagram that the network does not take is lost, as datagrams are
    flow->socket.send(asio::buffer(buffer_.data(), size), 0, ignored);
    keep(flow);
}

std::shared_ptr<UdpRelay::Flow> UdpRelay::flow_of(const udp::endpoint& sender) {
    if (const auto known = flows_.find(sender); known != flows_.end()) return known->second;
    if (flows_.size() >= most_flows) return nullptr;
    auto flow = std::make_shared<Flow>(io_);
    flow->sender = sender;
    error_code error;
    flow->socket.connect(outside_, error);
    if (!error) flow->socket.non_blocking(true, error);
    if (error) return nullptr;
    flows_.emplace(sender, flow);
    answer(flow);
    return flow;
}

void UdpRelay::answer(const std::shared_ptr<Flow>& flow) {
    flow->socket.async_wait(udp::socket::wait_read, [self = shared_from_this(), flow](error_code error) {
        if (!flow->socket.is_open() || !self->inside_.is_open()) return;
        const auto size = error ? 0 : flow->socket.receive(asio::buffer(self->answer_), 0, error);
        if (error && error != asio::error::would_block) return self->forget(flow);  // nobody listens there
        error_code ignored;
        if (!error) self->inside_.send_to(asio::buffer(self->answer_.data(), size), flow->sender, 0, ignored);
        self->keep(flow);
        self->answer(flow);
    });
}

void UdpRelay::keep(const std::shared_ptr<Flow>& flow) {
    flow->idle.expires_after(idle_limit);
    flow->idle.async_wait([self = shared_from_this(), flow](error_code error) {
        if (!error) self->forget(flow);
    });
}

void UdpRelay::forget(const std::shared_ptr<Flow>& flow) {
    error_code ignored;
    flow->socket.close(ignored);
    flow->idle.cancel();
    flows_.erase(flow->sender);
}

}  // namespace rdpfault::harness
