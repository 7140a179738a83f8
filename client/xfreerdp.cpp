#include "client/xfreerdp.hpp"

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "client/programs.hpp"
#include "protocol/catalogue.hpp"

namespace rdpfault::client {
namespace {

std::string_view option(Security security) {
    switch (security) {
        case Security::rdp: return "/sec:rdp";
        case Security::tls: return "/sec:tls";
        case Security::nla: return "/sec:nla";
        case Security::automatic: break;
    }
    return {};
}

std::string address(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

std::vector<std::string> Xfreerdp::command(const XfreerdpConfig& config) {
    // Without stdbuf its log comes in blocks of 4 KiB, and the session's beginning would be seen late or never.
    std::vector<std::string> command = {"stdbuf",
                                        "-oL",
                                        "xfreerdp",
                                        "/v:" + address(config.host, config.port),
                                        "/u:" + config.user,
                                        "/from-stdin:force",
                                        config.trusted_pem.empty() ? "/cert:ignore" : "/cert:deny",
                                        "/size:" + std::to_string(config.width) + "x" + std::to_string(config.height),
                                        std::string(XfreerdpLog::options)};
    if (!config.domain.empty()) command.push_back("/d:" + config.domain);
    if (const auto security = option(config.security); !security.empty()) command.emplace_back(security);
    if (config.auth_only) command.emplace_back("+auth-only");
    if (config.patience) command.push_back("/timeout:" + std::to_string(config.patience->count()));
    if (config.reconnects > 0) {
        command.emplace_back("+auto-reconnect");
        command.push_back("/auto-reconnect-max-retries:" + std::to_string(config.reconnects));
    }
    command.insert(command.end(), config.arguments.begin(), config.arguments.end());
    return command;
}

Xfreerdp::Xfreerdp(const boost::asio::any_io_executor& executor, XfreerdpConfig config, Process::Done done)
    : executor_(executor), config_(std::move(config)), done_(std::move(done)), linger_(executor) {
    report_.command = command(config_);
    report_.output_file = config_.output_file;
}

void Xfreerdp::start() {
    for (const auto* program : {"xfreerdp", "stdbuf"}) {
        if (!find_program(program)) return fail(missing_program(program));
    }
    try {
        home_ = std::make_unique<TemporaryDirectory>();
    } catch (const std::system_error& error) {
        return fail(error.what());
    }
    const char* display = std::getenv("DISPLAY");
    if (config_.display.empty() && display != nullptr) config_.display = display;
    if (config_.display.empty()) return start_display();
    start_client(config_.display);
}

void Xfreerdp::start_display() {
    XvfbConfig config;
    config.width = config_.width;
    config.height = config_.height;
    config.limit = config_.limit + std::chrono::minutes(1);
    display_ = std::make_shared<Xvfb>(executor_, config);
    display_->start([self = shared_from_this()](const std::string& display, const std::string& error) {
        if (!error.empty()) return self->fail("no X server: " + error);
        if (self->cancelled_) return self->fail("cancelled");
        self->start_client(display);
    });
}

void Xfreerdp::start_client(const std::string& display) {
    ProcessConfig process;
    process.command = command(config_);
    process.secrets = {config_.password};
    process.input = config_.password + "\n";
    process.environment = {{"HOME", home_->path()}, {"DISPLAY", display}, {"LC_ALL", "C.UTF-8"}};
    if (!config_.trusted_pem.empty()) {
        const auto file = std::string(home_->path()) + "/authority.pem";
        std::ofstream(file) << config_.trusted_pem;
        process.environment["SSL_CERT_FILE"] = file;
    }
    process.output_file = config_.output_file;
    process.limit = config_.limit;
    process.inside = config_.inside;
    process.on_output = [self = shared_from_this()](std::string_view text) { self->on_output(text); };
    process_ = std::make_shared<Process>(
        executor_, std::move(process),
        [self = shared_from_this()](ProcessReport report) { self->on_exit(std::move(report)); });
    process_->start();
}

void Xfreerdp::on_output(std::string_view text) {
    log_.feed(text);
    if (lingering_ || !log_.session_up() || config_.auth_only || !config_.linger) return;
    lingering_ = true;
    linger_.expires_after(*config_.linger);
    linger_.async_wait([self = shared_from_this()](const auto& error) {
        if (error || !self->process_) return;
        self->stopped_after_session_ = true;
        self->process_->stop();
    });
}

void Xfreerdp::on_exit(ProcessReport report) {
    process_.reset();
    linger_.cancel();
    report_ = std::move(report);
    if (report_.started) {
        report_.session_up = log_.session_up();
        report_.gave_up = log_.gave_up();
        report_.connections = log_.connections();
        report_.last_state = log_.last_state();
    }
    // It may have ended by itself in the moment before: only a death by signal is our doing.
    report_.stopped_after_session = stopped_after_session_ && report_.signal && !report_.killed_by_us;
    name_exit();
    finish();
}

void Xfreerdp::name_exit() {
    if (!report_.exit_code) return;
    const auto* code = find(Family::xfreerdp, static_cast<std::uint32_t>(*report_.exit_code));
    if (code != nullptr) report_.exit_name = code->name;
}

void Xfreerdp::cancel() {
    cancelled_ = true;
    if (process_) process_->cancel();
}

void Xfreerdp::fail(std::string error) {
    report_.error = std::move(error);
    finish();
}

// The X server goes first, so that nothing of a run is left when `done` is called.
void Xfreerdp::finish() {
    const auto report = [self = shared_from_this()] {
        self->home_.reset();
        std::exchange(self->done_, nullptr)(std::move(self->report_));
    };
    if (display_)
        display_->stop(report);
    else
        boost::asio::post(executor_, report);
}

}  // namespace rdpfault::client
