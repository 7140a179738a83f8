#include "client/command.hpp"

namespace rdpfault::client {
namespace {

// One pass, so that what is put in is not looked at again.
std::string filled(std::string_view argument, const std::string& host, const std::string& port) {
    std::string result;
    while (!argument.empty()) {
        if (argument.starts_with("{host}")) {
            result += host;
            argument.remove_prefix(6);
        } else if (argument.starts_with("{port}")) {
            result += port;
            argument.remove_prefix(6);
        } else {
            result += argument.front();
            argument.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace

std::shared_ptr<Process> make_command(const boost::asio::any_io_executor& executor, const CommandConfig& config,
                                      Process::Done done) {
    ProcessConfig process;
    for (const auto& argument : config.command) {
        process.command.push_back(filled(argument, config.host, std::to_string(config.port)));
    }
    process.secrets = config.secrets;
    process.environment = config.environment;
    process.limit = config.limit;
    process.output_file = config.output_file;
    process.inside = config.inside;
    return std::make_shared<Process>(executor, std::move(process), std::move(done));
}

}  // namespace rdpfault::client
