#include "client/xvfb.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <istream>

#include "client/descriptor.hpp"

namespace rdpfault::client {

Xvfb::Xvfb(const boost::asio::any_io_executor& executor, XvfbConfig config)
    : executor_(executor), config_(config), display_(executor), timer_(executor) {}

void Xvfb::start(Ready ready) {
    ready_ = std::move(ready);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        boost::asio::post(executor_, [self = shared_from_this()] { self->report({}, "no pipe for Xvfb's display"); });
        return;
    }
    display_.assign(ends[0]);
    const Descriptor theirs(ends[1]);

    ProcessConfig process;
    const auto screen = std::to_string(config_.width) + "x" + std::to_string(config_.height) + "x24";
    // -displayfd makes the server choose a free number, so that two runs never fight for one.
    process.command = {"Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"};
    process.descriptor_3 = theirs.get();
    process.limit = config_.limit;
    process_ =
        std::make_shared<Process>(executor_, std::move(process),
                                  [self = shared_from_this()](const ProcessReport& ended) { self->on_exit(ended); });
    process_->start();
    read_display();
}

void Xvfb::read_display() {
    boost::asio::async_read_until(display_, text_, '\n', [self = shared_from_this()](const auto& error, std::size_t) {
        if (error) return;  // its end is reported by on_exit
        std::string number;
        std::getline(std::istream(&self->text_), number);
        self->report(":" + number, {});
    });
    timer_.expires_after(config_.start_limit);
    timer_.async_wait([self = shared_from_this()](const auto& error) {
        if (!error) self->report({}, "Xvfb names no display in time");
    });
}

void Xvfb::report(std::string display, std::string error) {
    timer_.cancel();
    if (display_.is_open()) display_.close();
    if (auto ready = std::exchange(ready_, nullptr)) ready(std::move(display), std::move(error));
}

void Xvfb::stop(std::function<void()> stopped) {
    if (!process_) {
        boost::asio::post(executor_, std::move(stopped));
        return;
    }
    stopped_ = std::move(stopped);
    process_->stop();
}

void Xvfb::on_exit(const ProcessReport& process) {
    process_.reset();
    report({}, process.started ? "Xvfb ended at once: " + process.output_tail : process.error);
    if (auto stopped = std::exchange(stopped_, nullptr)) stopped();
}

}  // namespace rdpfault::client
