// Real RDP clients, each with a display and a home of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/peers/support/display.hpp"
#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

constexpr int client_width = 800;
constexpr int client_height = 600;

class Client {
  public:
    Process& process() { return process_; }
    std::string log() const { return process_.log(); }
    // What the client shows. Its window has no border and lies in the upper left corner.
    Picture screenshot() { return display_.screenshot(); }
    const std::string& display() const { return display_.name(); }

  protected:
    Client(std::vector<std::string> command, const std::string& input);

  private:
    TempDir folder_;
    Display display_{client_width, client_height};
    Process process_;
};

// Dials 127.0.0.1 with TLS, whatever the certificate says. More options as xfreerdp takes them.
class Xfreerdp : public Client {
  public:
    explicit Xfreerdp(std::uint16_t port, const std::vector<std::string>& options = {});
};

class Rdesktop : public Client {
  public:
    explicit Rdesktop(std::uint16_t port);
};

}  // namespace rdpfault::peers
