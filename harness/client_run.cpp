#include "harness/client_run.hpp"

#include <ctime>

#include "client/command.hpp"
#include "client/probe.hpp"
#include "client/xfreerdp.hpp"
#include "protocol/tls/mint.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::harness {

namespace {

// A real client's patience covers all of a connection's set-up, on a machine that may be busy.
constexpr std::chrono::milliseconds least_patience{4000};

// What the command line gives comes before what the scenario gives.
void take(std::string& field, const std::string& given) {
    if (!given.empty()) field = given;
}

template <class Config>
void take_credentials(Config& config, const Credentials& given) {
    take(config.user, given.user);
    take(config.domain, given.domain);
    take(config.password, given.password);
}

class ProbeRun final : public ClientRun {
  public:
    ProbeRun(boost::asio::io_context& io, const ClientTask& task) : io_(io), task_(task) {}

    void start(std::function<void(ClientOutcome)> done) override {
        auto config = task_.probe;
        take_credentials(config, task_.credentials);
        if (task_.authority) {
            auto trust = std::make_shared<tls::Trust>();
            trust->authority = tls::share(task_.authority->certificate);
            trust->host = task_.target.host;
            trust->now = std::time(nullptr);
            config.trust = std::move(trust);
        }
        probe_ = std::make_shared<client::Probe>(io_.get_executor(), task_.target.host, task_.target.port, config,
                                                 [done](client::ProbeReport report) { done(std::move(report)); });
        probe_->start();
    }
    void cancel() override { probe_->cancel(); }

  private:
    boost::asio::io_context& io_;
    ClientTask task_;
    std::shared_ptr<client::Probe> probe_;
};

class XfreerdpRun final : public ClientRun {
  public:
    XfreerdpRun(boost::asio::io_context& io, const ClientTask& task) : io_(io), task_(task) {}

    void start(std::function<void(ClientOutcome)> done) override {
        client::XfreerdpConfig config;
        config.host = task_.target.host;
        config.port = task_.target.port;
        config.user = task_.probe.user;
        config.domain = task_.probe.domain;
        config.password = task_.probe.password;
        take_credentials(config, task_.credentials);
        // Left to itself it would try TLS alone when NLA is refused.
        if (task_.probe.requested_protocols & protocol::protocol_hybrid) config.security = client::Security::nla;
        if (task_.tls_alone) config.security = client::Security::tls;
        config.width = task_.probe.width;
        config.height = task_.probe.height;
        config.linger = std::max(task_.probe.linger, std::chrono::milliseconds(500));
        config.limit = task_.limit;
        if (task_.probe.stage_timeout < client::ProbeConfig{}.stage_timeout)
            config.patience = std::max(task_.probe.stage_timeout, least_patience);
        config.reconnects = task_.probe.reconnects;
        config.arguments = task_.command;
        config.output_file = task_.output_file;
        config.inside = task_.inside;
        config.display = task_.display;
        if (task_.authority) {
            config.trusted_pem = tls::to_pem(*task_.authority->certificate);
            config.host = "localhost";  // it does not compare addresses with certificates
        }
        driver_ = std::make_shared<client::Xfreerdp>(io_.get_executor(), config,
                                                     [done](client::ProcessReport report) { done(std::move(report)); });
        driver_->start();
    }
    void cancel() override { driver_->cancel(); }

  private:
    boost::asio::io_context& io_;
    ClientTask task_;
    std::shared_ptr<client::Xfreerdp> driver_;
};

class CommandRun final : public ClientRun {
  public:
    CommandRun(boost::asio::io_context& io, const ClientTask& task) : io_(io), task_(task) {}

    void start(std::function<void(ClientOutcome)> done) override {
        client::CommandConfig config;
        config.command = task_.command;
        config.host = task_.target.host;
        config.port = task_.target.port;
        config.limit = task_.limit;
        config.output_file = task_.output_file;
        config.inside = task_.inside;
        if (!task_.credentials.password.empty()) config.secrets = {task_.credentials.password};
        process_ = client::make_command(io_.get_executor(), config,
                                        [done](client::ProcessReport report) { done(std::move(report)); });
        process_->start();
    }
    void cancel() override { process_->cancel(); }

  private:
    boost::asio::io_context& io_;
    ClientTask task_;
    std::shared_ptr<client::Process> process_;
};

}  // namespace

std::unique_ptr<ClientRun> make_client_run(boost::asio::io_context& io, const ClientTask& task) {
    switch (task.kind) {
        case ClientKind::probe: return std::make_unique<ProbeRun>(io, task);
        case ClientKind::xfreerdp: return std::make_unique<XfreerdpRun>(io, task);
        case ClientKind::command: return std::make_unique<CommandRun>(io, task);
    }
    return nullptr;
}

}  // namespace rdpfault::harness
