// Starts a real server as the tests do, runs a command that may name it as {server}, and ends with the command's
// status.
//
//   peers_lab xrdp|shadow COMMAND...
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>

#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

// In place of this process's input and output; the server's own go to its log.
int run(std::vector<std::string> command, std::uint16_t port) {
    const std::string mark = "{server}", server = "127.0.0.1:" + std::to_string(port);
    for (auto& word : command)
        if (const auto at = word.find(mark); at != std::string::npos) word.replace(at, mark.size(), server);
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto child = ::fork();
    if (child == 0) {
        ::execvp(arguments[0], arguments.data());
        std::perror(arguments[0]);
        ::_exit(127);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(const std::vector<std::string>& words) {
    if (words.size() < 2 || (words[0] != "xrdp" && words[0] != "shadow")) {
        std::cerr << "peers_lab xrdp|shadow COMMAND...   {server} in the command is the server's address\n";
        return 2;
    }
    const std::vector<std::string> command(words.begin() + 1, words.end());
    if (words[0] == "xrdp") {
        const Xrdp server(Xrdp::Shows::login_window);
        return run(command, server.port());
    }
    const FreerdpShadow server;
    return run(command, server.port());
}

}  // namespace
}  // namespace rdpfault::peers

int main(int count, char** words) {
    try {
        return rdpfault::peers::main({words + 1, words + count});
    } catch (const std::exception& error) {
        std::cerr << "peers_lab: " << error.what() << '\n';
        return 2;
    }
}
