#include "tests/peers/support/servers.hpp"

#include <sstream>

namespace rdpfault::peers {
namespace {

constexpr int width = 800;
constexpr int height = 600;

ProcessConfig clock_config(const TempDir& folder, const Display& desktop) {
    ProcessConfig config;
    config.command = {"xclock", "-update", "1", "-geometry", "200x200+20+20"};
    config.environment = {{"DISPLAY", desktop.name()}};
    config.log = folder / "xclock.log";
    return config;
}

// xrdp writes every key it does not find as a warning; these are the ones a TLS session needs. Without autorun it would
// draw its login window, and without any session section it would crash drawing it.
std::string xrdp_ini(std::uint16_t port, std::uint16_t vnc_port, const CertificateFiles& files,
                     const std::filesystem::path& log, Xrdp::Shows shows) {
    const bool desktop = shows == Xrdp::Shows::desktop;
    std::ostringstream ini;
    ini << "[Globals]\nini_version=1\nfork=true\nport=tcp://127.0.0.1:" << port
        << "\ntcp_nodelay=true\ntcp_keepalive=true\nsecurity_layer=tls\ncrypt_level=high\ncertificate="
        << files.certificate.string() << "\nkey_file=" << files.key.string()
        << "\nssl_protocols=TLSv1.2, TLSv1.3\nautorun=" << (desktop ? "local" : "")
        << "\nallow_channels=true\nallow_multimon=true\n"
           "bitmap_cache=true\nbitmap_compression=true\nbulk_compression=true\nmax_bpp=32\nnew_cursors=true\n"
           "use_fastpath=both\n"
        << "[Logging]\nLogFile=" << log.string()
        << "\nLogLevel=INFO\nEnableSyslog=false\nEnableConsole=false\nEnableProcessId=true\n"
        << "[Channels]\nrdpdr=true\nrdpsnd=true\ndrdynvc=true\ncliprdr=true\nrail=true\n"
        << (desktop ? "[local]\nname=local\nlib=libvnc.so\nip=127.0.0.1\nport=" + std::to_string(vnc_port) +
                          "\nusername=na\npassword=none\n"
                    // There is no session manager to log on with, so the window stays what it is.
                    : "[Xorg]\nname=Xorg\nlib=libxup.so\nusername=ask\npassword=ask\nip=127.0.0.1\nport=-1\ncode=20\n");
    return ini.str();
}

ProcessConfig xrdp_config(const TempDir& folder, std::uint16_t port, std::uint16_t vnc_port,
                          const std::filesystem::path& log, Xrdp::Shows shows) {
    const auto ini = folder / "xrdp.ini";
    write_file(ini, xrdp_ini(port, vnc_port, make_certificate(folder), log, shows));
    ProcessConfig config;
    config.command = {"xrdp", "--nodaemon", "--config", ini.string()};
    config.log = folder / "output.log";
    return config;
}

// The shadow server takes its certificate from where it would have put one of its own.
ProcessConfig shadow_config(const TempDir& folder, const Display& desktop, std::uint16_t port,
                            const std::vector<std::string>& security) {
    const auto files = make_certificate(folder);
    const auto home = folder / ".config/freerdp/shadow";
    std::filesystem::create_directories(home);
    std::filesystem::copy_file(files.certificate, home / "shadow.crt");
    std::filesystem::copy_file(files.key, home / "shadow.key");
    ProcessConfig config;
    config.command = {"stdbuf", "-oL", "freerdp-shadow-cli", "/port:" + std::to_string(port),
                      "/bind-address:127.0.0.1"};
    config.command.insert(config.command.end(), security.begin(), security.end());
    config.environment = {{"DISPLAY", desktop.name()}, {"HOME", folder.path().string()}};
    config.log = folder / "shadow.log";
    return config;
}

std::vector<std::string> account(const TempDir& folder, const std::string& user, const std::string& password) {
    const auto file = folder / "sam";
    write_file(file,
               run({"winpr-hash", "-u", user, "-p", password, "-f", "sam", "-v", "1"}, folder / "winpr-hash.log"));
    return {"/sec:nla", "/sam-file:" + file.string()};
}

}  // namespace

Xrdp::Xrdp(Shows shows)
    : desktop_(width, height, vnc_port_),
      clock_(clock_config(folder_, desktop_)),
      server_(xrdp_config(folder_, port_, vnc_port_, log_, shows)) {
    wait_listen(vnc_port_);
    wait_listen(port_);
}

FreerdpShadow::FreerdpShadow()
    : desktop_(width, height),
      clock_(clock_config(folder_, desktop_)),
      server_(shadow_config(folder_, desktop_, port_, {"/sec:tls", "-auth"})) {
    wait_listen(port_);
}

FreerdpShadow::FreerdpShadow(const std::string& user, const std::string& password)
    : desktop_(width, height),
      clock_(clock_config(folder_, desktop_)),
      server_(shadow_config(folder_, desktop_, port_, account(folder_, user, password))) {
    wait_listen(port_);
}

}  // namespace rdpfault::peers
