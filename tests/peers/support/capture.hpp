// What passes over the loopback interface, as Wireshark's programs see it. Capturing needs root or CAP_NET_RAW.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

// Captures one TCP port from construction, when it is already looking, until stop().
class Capture {
  public:
    explicit Capture(std::uint16_t port);

    // Ends the capture when `frames` of them are in the file; throws std::runtime_error when they do not come.
    void stop(std::size_t frames);
    // One line for each frame that the display filter lets through: its fields, separated by tabs. `key_log` holds TLS
    // secrets in NSS format. As RDP starts in the clear and goes on inside TLS, which tshark does not follow by itself,
    // `tls` says which half is wanted: false the plain start, true the TLS stream with what lies inside.
    std::vector<std::string> frames(const std::string& filter, const std::vector<std::string>& fields, bool tls,
                                    const std::filesystem::path& key_log = {});

  private:
    TempDir folder_;
    std::uint16_t port_;
    std::filesystem::path file_ = folder_ / "capture.pcapng";
    Process dumpcap_;
};

}  // namespace rdpfault::peers
