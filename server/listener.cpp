#include "server/listener.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "server/connection.hpp"

namespace rdpfault::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds pause_after_error{50};  // no descriptors left: some may be given back

}  // namespace

struct Listener::State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, const tcp::endpoint& endpoint) : acceptor(context), pause(context) {
        acceptor.open(endpoint.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        if (endpoint.protocol() == tcp::v6())
            acceptor.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()));
        acceptor.bind(endpoint);
        acceptor.listen();
        local = acceptor.local_endpoint();
    }

    void accept() {
        acceptor.async_accept([self = shared_from_this()](const auto& error, tcp::socket socket) {
            if (self->stopped || error == asio::error::operation_aborted) return;
            if (error) return self->accept_later();
            self->serve(std::move(socket));
            self->accept();
        });
    }

    void accept_later() {
        pause.expires_after(pause_after_error);
        pause.async_wait([self = shared_from_this()](const auto& error) {
            if (!error && !self->stopped) self->accept();
        });
    }

    void serve(tcp::socket socket) {
        const auto& limit = shared->config.max_connections;
        const bool full = limit && served >= *limit;
        const auto connection = std::make_shared<Connection>(std::move(socket), shared, ++ordinal);
        open.insert(connection);
        const auto gone = [self = shared_from_this(), raw = std::weak_ptr(connection), full] {
            if (!full) --self->served;
            self->forget(raw.lock());
        };
        if (full) return connection->refuse("the connection limit is reached", gone);
        ++served;
        connection->start(gone);
    }

    void forget(const std::shared_ptr<Connection>& connection) {
        open.erase(connection);
        if (!open.empty() || !done) return;
        std::exchange(done, nullptr)();
    }

    void stop_accepting() {
        stopped = true;
        boost::system::error_code ignored;
        acceptor.close(ignored);
        pause.cancel();
    }

    std::shared_ptr<ListenerShared> shared;
    tcp::acceptor acceptor;
    tcp::endpoint local;
    asio::steady_timer pause;
    std::set<std::shared_ptr<Connection>> open;
    std::size_t served = 0;  // of the open ones, those not refused
    std::uint32_t ordinal = 0;
    bool stopped = false;
    std::function<void()> done;
};

Listener::Listener(asio::io_context& context, Config config, std::shared_ptr<const tls::Credential> credential,
                   const tcp::endpoint& endpoint, ListenerCallbacks callbacks) {
    auto tls = engine_config(config, std::move(credential));
    tls.key_log = callbacks.key_log;
    const tls::Engine trial(tls);  // throws now what every connection would throw later
    auto users = nla_credential(config);
    state_ = std::make_shared<State>(context, endpoint);
    state_->shared = std::make_shared<ListenerShared>(
        ListenerShared{std::move(config), std::move(tls), std::move(users), std::move(callbacks)});
    state_->accept();
}

Listener::~Listener() {
    state_->stop_accepting();
    state_->done = nullptr;
    for (const auto& connection : std::set(state_->open))
        connection->abort();
    state_->shared->callbacks = {};
}

std::uint16_t Listener::port() const {
    return state_->local.port();
}
tcp::endpoint Listener::endpoint() const {
    return state_->local;
}
std::size_t Listener::connections() const {
    return state_->open.size();
}

void Listener::stop(std::function<void()> done, std::chrono::milliseconds bound) {
    state_->stop_accepting();
    if (state_->open.empty()) {
        if (done) done();
        return;
    }
    state_->done = std::move(done);
    for (const auto& connection : std::set(state_->open))
        connection->stop(bound);
}

}  // namespace rdpfault::server
