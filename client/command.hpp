// Drives any client program: its arguments name the server as {host} and {port}.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/process.hpp"

namespace rdpfault::client {

struct CommandConfig {
    std::vector<std::string> command;  // {host} and {port} are replaced in every argument
    std::string host;
    std::uint16_t port = 3389;
    std::vector<std::string> secrets;  // hidden in the report
    std::map<std::string, std::string> environment;
    std::chrono::milliseconds limit{60'000};
    std::string output_file;
    Door inside;
};

// A process, not yet started.
std::shared_ptr<Process> make_command(const boost::asio::any_io_executor& executor, const CommandConfig& config,
                                      Process::Done done);

}  // namespace rdpfault::client
