// An X server without a screen, for one real client. It picks its own display number and listens on no TCP port.
#pragma once

#include <boost/asio/streambuf.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "client/process.hpp"

namespace rdpfault::client {

struct XvfbConfig {
    std::uint16_t width = 1024;
    std::uint16_t height = 768;
    std::chrono::milliseconds start_limit{10'000};
    std::chrono::milliseconds limit{3'600'000};  // it never outlives this
};

class Xvfb : public std::enable_shared_from_this<Xvfb> {
  public:
    // The display (":7"), or an empty string and why there is none. Called exactly once.
    using Ready = std::function<void(std::string display, std::string error)>;

    Xvfb(const boost::asio::any_io_executor& executor, XvfbConfig config);

    void start(Ready ready);
    // `stopped` is called, later, when the process is gone.
    void stop(std::function<void()> stopped);

  private:
    void read_display();
    void report(std::string display, std::string error);
    void on_exit(const ProcessReport& process);

    boost::asio::any_io_executor executor_;
    XvfbConfig config_;
    Ready ready_;
    std::function<void()> stopped_;
    std::shared_ptr<Process> process_;  // null once it has ended
    boost::asio::posix::stream_descriptor display_;
    boost::asio::streambuf text_{64};
    boost::asio::steady_timer timer_;
};

}  // namespace rdpfault::client
