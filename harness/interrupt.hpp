// Ctrl-C and TERM, told to a function. The second one ends the program at once.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <thread>

namespace rdpfault::harness {

class Interrupt {
  public:
    // `on_interrupt` runs on a thread of its own, at most once.
    explicit Interrupt(std::function<void()> on_interrupt);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

  private:
    void wait(std::function<void()> on_interrupt);

    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
    std::thread thread_;
};

}  // namespace rdpfault::harness
