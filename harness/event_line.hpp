// The proxy's events for people and for programs, one a line.
#pragma once

#include <fstream>
#include <optional>
#include <ostream>
#include <string>

#include "harness/options.hpp"
#include "proxy/event.hpp"

namespace rdpfault::harness {

// "#1 fault 1 reset at tls.client_hello, byte 188": without a time.
std::string describe(const proxy::Event& event);

// Writes events as they come: text, or a JSON object each with Format::json; decisions also to a file.
class EventWriter {
  public:
    // Throws std::runtime_error when the log file cannot be written. Colour follows the options.
    EventWriter(std::ostream& out, const OutputOptions& output, const std::string& decision_log);

    void write(const proxy::Event& event);

  private:
    std::ostream& out_;
    bool json_;
    bool color_;
    std::ofstream log_;
    std::optional<proxy::Time> began_;
};

}  // namespace rdpfault::harness
