#include "proxy/relay/relay.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

namespace rdpfault::proxy {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Lives as long as an operation of it is under way.
class Relay::State : public std::enable_shared_from_this<Relay::State> {
  public:
    State(asio::io_context& io, FaultPlan plan, RelaySettings settings, Observer observer)
        : io_(io),
          plan_(std::move(plan)),
          settings_(std::move(settings)),
          observer_(std::move(observer)),
          policy_(plan_),
          acceptor_(io),
          retry_(io) {
        take_port();
        settings_.listen = acceptor_.local_endpoint();
        for (unsigned i = 0; i < settings_.threads; ++i)
            workers_.push_back(std::make_unique<Worker>());
    }

    std::uint16_t port() const { return settings_.listen.port(); }

    // Puts the port as the plan wants it for the next connection, and waits for that.
    void next() {
        if (stopping_) return;
        const auto standing = policy_.before(accepted_ + 1);
        if (standing.port == AcceptPolicy::Port::closed) return refuse(*standing.fault);
        if (!listening_) {
            error_code error;
            acceptor_.listen(tcp::acceptor::max_listen_connections, error);
            if (error) throw boost::system::system_error(error, "listen");
            listening_ = true;
        }
        if (standing.port == AcceptPolicy::Port::held) return hold(*standing.fault);
        accept();
    }

    void start() {
        busy_.emplace(io_.get_executor());
        next();
    }

    // The connections of threads of our own end there and then; those on the io_context end while it runs on.
    void destroy() {
        if (!stopping_) stop({});
        for (auto& worker : workers_)
            worker->io.stop();
        end_workers();
        busy_.reset();
    }

    void stop(std::function<void()> stopped) {
        stopping_ = true;
        stopped_ = std::move(stopped);
        error_code ignored;
        acceptor_.close(ignored);
        retry_.cancel();
        for (auto& [ordinal, live] : live_)
            asio::post(live.executor, [weak = live.connection] {
                if (const auto connection = weak.lock()) connection->abort();
            });
        if (live_.empty()) tell_stopped();
    }

    std::vector<ConnectionLog> logs() const {
        auto sorted = logs_;
        std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
        return sorted;
    }

  private:
    struct Worker {
        asio::io_context io{1};
        asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
        std::thread thread{[this] { io.run(); }};
    };
    struct Live {
        std::weak_ptr<Connection> connection;
        tcp::socket::executor_type executor;
        bool refused;  // ended at accept: it does not count as open
    };

    void open_acceptor() {
        const auto protocol = settings_.listen.protocol();
        if (!settings_.make_listener) {
            acceptor_.open(protocol);
            return;
        }
        const int fd = settings_.make_listener(protocol.family());
        if (fd < 0) throw boost::system::system_error(errno, boost::system::system_category(), "socket");
        acceptor_.assign(protocol, fd);
    }

    // Bound, and not listening: the port is ours and answers every SYN with RST.
    void take_port() {
        open_acceptor();
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        if (settings_.listen.protocol() == tcp::v6()) acceptor_.set_option(asio::ip::v6_only(true));
        acceptor_.bind(settings_.listen);
        acceptor_.non_blocking(true);
        listening_ = false;
    }

    // Not async_accept: a socket it holds ready would have to outlive the thread it is meant for.
    void accept() {
        acceptor_.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](error_code error) {
            if (!error && !self->stopping_) self->accept_ready();
        });
    }

    void accept_ready() {
        auto& target = workers_.empty() ? io_ : workers_[accepted_ % workers_.size()]->io;
        error_code error;
        auto socket = acceptor_.accept(target, error);
        if (!error)
            begin(std::move(socket));
        else if (error != asio::error::would_block)
            return accept_later();
        next();
    }

    // Out of descriptors, or the client was gone already: try again, but do not spin.
    void accept_later() {
        retry_.expires_after(std::chrono::milliseconds(10));
        retry_.async_wait([self = shared_from_this()](error_code error) {
            if (!error) self->next();
        });
    }

    void begin(tcp::socket socket) {
        const auto ordinal = ++accepted_;
        const auto decision = policy_.accepted(ordinal, open_);
        const bool refused = decision.verdict != AcceptPolicy::Verdict::proceed;
        if (!refused) ++open_;
        const auto executor = socket.get_executor();
        auto connection =
            std::make_shared<Connection>(std::move(socket), plan_, ordinal, decision.fault, settings_.connection,
                                         observer_.event, [self = shared_from_this()](const ConnectionLog& log) {
                                             if (self->observer_.finished) self->observer_.finished(log);
                                             asio::post(self->io_, [self, log] { self->ended(log); });
                                         });
        live_.emplace(ordinal, Live{connection, executor, refused});
        asio::post(executor, [connection] { connection->start(); });
    }

    void ended(const ConnectionLog& log) {
        if (settings_.keep_logs) logs_.push_back(log);
        const auto live = live_.find(log.ordinal);
        if (!live->second.refused) --open_;
        live_.erase(live);
        if (stopping_ && live_.empty()) tell_stopped();
    }

    void tell_stopped() {
        end_workers();
        if (stopped_) asio::post(io_, std::exchange(stopped_, nullptr));
        busy_.reset();
    }

    // Not left to the destructor: the last to let go of the state may be a connection on one of these threads. What
    // they leave behind lets go of the state too.
    void end_workers() {
        for (auto& worker : workers_) {
            worker->work.reset();
            worker->thread.join();
        }
        workers_.clear();
    }

    void refuse(const Fault& fault) {
        if (listening_) {
            acceptor_.close();
            take_port();
        }
        note_at_port(fault, EndKind::refused, "the port is closed");
    }

    // The kernel completes the handshakes of a listening port by itself; the first one shows that the fault has bitten.
    void hold(const Fault& fault) {
        acceptor_.async_wait(tcp::acceptor::wait_read, [self = shared_from_this(), &fault](error_code error) {
            if (!error && !self->stopping_)
                self->note_at_port(fault, EndKind::none, "a connection waits to be accepted");
        });
    }

    // An account of a connection that there is none of: what was done at the port.
    void note_at_port(const Fault& fault, EndKind kind, std::string text) {
        ConnectionLog log;
        log.ordinal = accepted_ + 1;
        log.accepted = log.ended = Clock::now();
        log.furthest = Stage::tcp_connect;
        log.first_end.kind = kind;
        if (kind != EndKind::none) log.ended_by = ConnectionLog::Who::proxy;
        auto& event = log.events.emplace_back();
        event.kind = Event::Kind::fault;
        event.time = log.accepted;
        event.connection = log.ordinal;
        event.fault = fault.id;
        event.action = name(fault.action);
        event.stage = Stage::tcp_connect;
        event.text = std::move(text);
        if (observer_.event) observer_.event(event);
        if (observer_.finished) observer_.finished(log);
        if (settings_.keep_logs) logs_.push_back(std::move(log));
    }

    asio::io_context& io_;
    const FaultPlan plan_;
    RelaySettings settings_;
    Observer observer_;
    AcceptPolicy policy_;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> busy_;  // from start() until stopped
    std::vector<std::unique_ptr<Worker>> workers_;
    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
    bool listening_ = false;
    bool stopping_ = false;
    std::uint32_t accepted_ = 0;
    std::unordered_map<std::uint32_t, Live> live_;
    std::size_t open_ = 0;  // of those alive, the ones that were not refused
    std::vector<ConnectionLog> logs_;
    std::function<void()> stopped_;
};

Relay::Relay(asio::io_context& io, FaultPlan plan, RelaySettings settings, Observer observer)
    : state_(std::make_shared<State>(io, std::move(plan), std::move(settings), std::move(observer))) {}

Relay::~Relay() {
    state_->destroy();
}

void Relay::start() {
    state_->start();
}

std::uint16_t Relay::port() const {
    return state_->port();
}

void Relay::stop(std::function<void()> stopped) {
    state_->stop(std::move(stopped));
}

std::vector<ConnectionLog> Relay::logs() const {
    return state_->logs();
}

}  // namespace rdpfault::proxy
