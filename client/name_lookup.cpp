#include "client/name_lookup.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "protocol/dns_message.hpp"

namespace rdpfault::client {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

NameLookup::NameLookup(const asio::any_io_executor& executor, NameServer server, std::string name, Done done)
    : server_(std::move(server)), name_(std::move(name)), done_(std::move(done)), socket_(executor), timer_(executor) {}

bool NameLookup::open() {
    error_code error;
    const auto address = asio::ip::make_address(server_.address, error);
    if (error) return false;
    const udp::endpoint endpoint(address, server_.port);
    if (server_.make_socket) {
        const int fd = server_.make_socket(endpoint.protocol().family());
        if (fd < 0) return false;
        socket_.assign(endpoint.protocol(), fd);
    }
    socket_.connect(endpoint, error);
    return !error;
}

void NameLookup::start() {
    if (!open()) return finish({}, "cannot reach the name server " + server_.address);
    listen();
    ask();
}

void NameLookup::ask() {
    if (asked_ == server_.attempts) return finish({}, "no answer from the name server " + server_.address);
    const auto query = protocol::write_dns_query({static_cast<std::uint16_t>(++asked_), name_});
    if (!query) return finish({}, "not a name");
    error_code ignored;  // a lost question is asked again
    socket_.send(asio::buffer(*query), 0, ignored);
    timer_.expires_after(server_.timeout);
    timer_.async_wait([self = shared_from_this()](error_code error) {
        if (!error && self->done_) self->ask();
    });
}

void NameLookup::listen() {
    socket_.async_receive(asio::buffer(buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
        if (!self->done_) return;
        if (error) return self->finish({}, "the name server " + self->server_.address + ": " + error.message());
        self->take(size);
    });
}

void NameLookup::take(std::size_t size) {
    const auto answer = protocol::read_dns_answer(ByteView(buffer_).first(size));
    // A late answer to an earlier question is an answer too.
    if (!answer || answer->question.name != name_ || answer->question.id == 0 || answer->question.id > asked_)
        return listen();
    if (answer->status != 0) return finish({}, protocol::dns_status_text(answer->status));
    Addresses addresses;
    for (const auto& bytes : answer->addresses)
        addresses.emplace_back(asio::ip::address_v4({bytes[0], bytes[1], bytes[2], bytes[3]}));
    finish(std::move(addresses), "the name has no address");
}

void NameLookup::finish(Addresses addresses, std::string why) {
    auto done = std::exchange(done_, nullptr);
    cancel();
    Ending ending;
    if (addresses.empty()) ending = {.kind = EndKind::name_not_found, .detail = std::move(why)};
    asio::post(timer_.get_executor(), [done = std::move(done), addresses = std::move(addresses),
                                       ending = std::move(ending)] { done(addresses, ending); });
}

void NameLookup::cancel() {
    done_ = nullptr;
    error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
}

}  // namespace rdpfault::client
