// Real RDP servers, each on a port of its own with a certificate of its own, listening when the constructor returns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/peers/support/certificate.hpp"
#include "tests/peers/support/display.hpp"
#include "tests/peers/support/ports.hpp"
#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

// xrdp with TLS whose every user gets, without any login, the same desktop: an Xvnc with a clock on it.
class Xrdp {
  public:
    // The login window has no session behind it that could end by itself.
    enum class Shows : std::uint8_t { desktop, login_window };
    explicit Xrdp(Shows shows = Shows::desktop);

    std::uint16_t port() const { return port_; }
    const std::filesystem::path& log_file() const { return log_; }
    std::string log() const { return read_file(log_); }

  private:
    TempDir folder_;
    std::uint16_t vnc_port_ = free_port();
    Display desktop_;
    Process clock_;
    std::uint16_t port_ = free_port();
    std::filesystem::path log_ = folder_ / "xrdp.log";
    Process server_;
};

// freerdp-shadow-cli, showing an Xvfb with a clock on it: with TLS and no authentication, or with NLA and one account.
class FreerdpShadow {
  public:
    FreerdpShadow();
    FreerdpShadow(const std::string& user, const std::string& password);

    std::uint16_t port() const { return port_; }
    // PEM files of its own, for whoever is to stand in its place.
    std::filesystem::path certificate() const { return folder_ / ".config/freerdp/shadow/shadow.crt"; }
    std::filesystem::path key() const { return folder_ / ".config/freerdp/shadow/shadow.key"; }
    std::string log() const { return server_.log(); }

  private:
    TempDir folder_;
    Display desktop_;
    Process clock_;
    std::uint16_t port_ = free_port();
    Process server_;
};

}  // namespace rdpfault::peers
