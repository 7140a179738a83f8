#include "tests/peers/support/capture.hpp"

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace rdpfault::peers {
namespace {

ProcessConfig dumpcap_config(const TempDir& folder, std::uint16_t port, const std::filesystem::path& file) {
    ProcessConfig config;
    config.command = {"dumpcap", "-i", "lo", "-f", "tcp port " + std::to_string(port), "-w", file.string()};
    config.log = folder / "dumpcap.log";
    return config;
}

}  // namespace

Capture::Capture(std::uint16_t port) : port_(port), dumpcap_(dumpcap_config(folder_, port, file_)) {
    // dumpcap names its file when the capture is open: from then on it misses nothing.
    const auto ready = [this] { return dumpcap_.log().find("File: ") != std::string::npos || !dumpcap_.running(); };
    if (!wait_until(ready, seconds(10)) || !dumpcap_.running()) {
        throw std::runtime_error("dumpcap does not capture (it needs root or CAP_NET_RAW): " + dumpcap_.log());
    }
}

void Capture::stop(std::size_t frames) {
    const auto here = [&] {
        try {
            return this->frames("tcp", {"frame.number"}, false).size() >= frames;
        } catch (const std::runtime_error&) {
            return false;  // dumpcap was in the middle of a packet
        }
    };
    if (!wait_until(here, seconds(15))) throw std::runtime_error("the capture has not got its frames");
    dumpcap_.signal(SIGINT);
    if (dumpcap_.wait(seconds(10)) != Exit{0, std::nullopt}) throw std::runtime_error("dumpcap: " + dumpcap_.log());
}

std::vector<std::string> Capture::frames(const std::string& filter, const std::vector<std::string>& fields, bool tls,
                                         const std::filesystem::path& key_log) {
    std::vector<std::string> command{"tshark", "-n", "-r", file_.string(), "-Y", filter, "-T", "fields"};
    for (const auto& field : fields)
        command.insert(command.end(), {"-e", field});
    const auto port = std::to_string(port_);
    const auto decode =
        tls ? std::vector<std::string>{"-d", "tcp.port==" + port + ",tls", "-d", "tls.port==" + port + ",tpkt"}
            : std::vector<std::string>{"-d", "tcp.port==" + port + ",tpkt"};
    command.insert(command.end(), decode.begin(), decode.end());
    if (!key_log.empty()) command.insert(command.end(), {"-o", "tls.keylog_file:" + key_log.string()});

    // A profile of its own: a preference of whoever runs the tests must not change what tshark says.
    std::istringstream output(run(command, folder_ / "tshark.log",
                                  {{"HOME", folder_.path().string()}, {"XDG_CONFIG_HOME", folder_.path().string()}}));
    std::vector<std::string> lines;
    for (std::string line; std::getline(output, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace rdpfault::peers
