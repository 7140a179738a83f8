// Drives a real xfreerdp: an X server of its own unless DISPLAY is set, a fresh HOME, a wall-clock limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/process.hpp"
#include "client/temporary_directory.hpp"
#include "client/xfreerdp_log.hpp"
#include "client/xvfb.hpp"

namespace rdpfault::client {

enum class Security : std::uint8_t { automatic, rdp, tls, nla };  // what /sec: asks for

struct XfreerdpConfig {
    std::string host;
    std::uint16_t port = 3389;
    std::string user = "rdpfault";
    std::string domain;
    std::string password;  // given through stdin; in no argument list and no log
    Security security = Security::automatic;
    std::uint16_t width = 1024;
    std::uint16_t height = 768;
    std::string trusted_pem;  // the one authority it trusts; then `host` must be a name. Empty: any certificate will do
    bool auth_only = false;   // connect to the active session, then leave at once
    // Once the session is up, stay this long and then be stopped (report.stopped_after_session); nullopt: stay until it
    // ends or the limit comes.
    std::optional<std::chrono::milliseconds> linger = std::chrono::milliseconds{1'000};
    std::chrono::milliseconds limit{60'000};            // of the whole run
    std::optional<std::chrono::milliseconds> patience;  // with a server that does not go on; nullopt: its default, 9 s
    std::uint32_t reconnects = 0;                       // how often it comes back when an active session breaks
    std::vector<std::string> arguments;                 // further options
    std::string output_file;
    Door inside;          // where the client runs; its X server stays here
    std::string display;  // empty: $DISPLAY, else an Xvfb of its own
};

// As Process: one handler at a time on the executor; `done` exactly once, later.
class Xfreerdp : public std::enable_shared_from_this<Xfreerdp> {
  public:
    Xfreerdp(const boost::asio::any_io_executor& executor, XfreerdpConfig config, Process::Done done);

    void start();
    void cancel();

    // The command line as start() uses it. The password is not in it.
    static std::vector<std::string> command(const XfreerdpConfig& config);

  private:
    void start_display();
    void start_client(const std::string& display);
    void on_output(std::string_view text);
    void on_exit(ProcessReport report);
    void name_exit();
    void fail(std::string error);
    void finish();

    boost::asio::any_io_executor executor_;
    XfreerdpConfig config_;
    Process::Done done_;
    std::unique_ptr<TemporaryDirectory> home_;
    std::shared_ptr<Xvfb> display_;
    std::shared_ptr<Process> process_;
    XfreerdpLog log_;
    boost::asio::steady_timer linger_;
    ProcessReport report_;
    bool cancelled_ = false;
    bool lingering_ = false;
    bool stopped_after_session_ = false;
};

}  // namespace rdpfault::client
