#include "harness/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <utility>

namespace rdpfault::harness {

Interrupt::Interrupt(std::function<void()> on_interrupt) {
    wait(std::move(on_interrupt));
    thread_ = std::thread([this] { io_.run(); });
}

Interrupt::~Interrupt() {
    io_.stop();
    thread_.join();
}

void Interrupt::wait(std::function<void()> on_interrupt) {
    signals_.async_wait([this, tell = std::move(on_interrupt)](const boost::system::error_code& error, int number) {
        if (error) return;
        if (!tell) _exit(128 + number);
        tell();
        wait({});
    });
}

}  // namespace rdpfault::harness
