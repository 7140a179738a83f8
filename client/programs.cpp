#include "client/programs.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace rdpfault::client {
namespace {

constexpr std::pair<std::string_view, std::string_view> packages[] = {
    {"xfreerdp", "freerdp2-x11"},
    {"Xvfb", "xvfb"},
    {"rdesktop", "rdesktop"},
    {"wlfreerdp", "freerdp2-wayland"},
    {"stdbuf", "coreutils"},
    {"xrdp", "xrdp"},
    {"import", "imagemagick"},
    {"xdotool", "xdotool"},
    {"freerdp-shadow-cli", "freerdp2-shadow-x11"},
    {"winpr-hash", "winpr-utils"},
    {"tshark", "tshark"},
    {"Xvnc", "tigervnc-standalone-server"},
    {"xclock", "x11-apps"},
    {"dumpcap", "wireshark-common"},
    {"openssl", "openssl"},
};

bool executable(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> find_program(std::string_view name) {
    if (name.empty()) return std::nullopt;
    if (name.find('/') != std::string_view::npos) {
        std::string path(name);
        return executable(path) ? std::optional(path) : std::nullopt;
    }
    const char* variable = std::getenv("PATH");
    std::string_view rest = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
    while (true) {
        const auto colon = rest.find(':');
        const auto folder = rest.substr(0, colon);
        auto path = std::string(folder.empty() ? "." : folder) + "/" + std::string(name);
        if (executable(path)) return path;
        if (colon == std::string_view::npos) return std::nullopt;
        rest.remove_prefix(colon + 1);
    }
}

std::string missing_program(std::string_view name) {
    std::string text(name);
    if (name.find('/') != std::string_view::npos) return text + " is not an executable file";
    text += " is not installed";
    for (const auto& [program, package] : packages) {
        if (program == name) return text + " (Debian package " + std::string(package) + ")";
    }
    return text + " (not found on PATH)";
}

}  // namespace rdpfault::client
