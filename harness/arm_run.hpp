// Runs one arm of a scenario once: embedded server (or a named one), proxy with the arm's faults, client; and collects
// what each of them saw.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/arm.hpp"
#include "harness/client_run.hpp"
#include "harness/key_log_file.hpp"
#include "harness/options.hpp"
#include "harness/verdict.hpp"
#include "protocol/tls/certificate.hpp"
#include "proxy/tls/certificate_mint.hpp"

namespace rdpfault::harness {

// What all arms of a run share.
struct Lab {
    std::vector<boost::asio::ip::tcp::endpoint> server;        // empty: the embedded one
    std::shared_ptr<const tls::Credential> credential;         // of the embedded server
    std::shared_ptr<const tls::Credential> authority;          // that clients trust who check certificates
    std::shared_ptr<proxy::CertificateMint> mint;              // of intercepting proxies; null: each has its own
    std::shared_ptr<const tls::Credential> server_credential;  // of a named server, where the user gave it; or null
    std::shared_ptr<const KeyLogFile> key_log;                 // of the proxy's ends of TLS; null: none is kept
    Credentials credentials;
    std::vector<std::string> command;
    std::string display;
};

struct ArmTask {
    std::string scenario;
    Arm arm;
    ClientKind client = ClientKind::probe;
    std::uint64_t seed = 1;
    std::chrono::milliseconds timeout{20'000};
    std::string output_file{};   // of a client program
    std::string capture_file{};  // of the packets of an emulated link; empty: none
};

class ArmRun : public std::enable_shared_from_this<ArmRun> {
  public:
    ArmRun(boost::asio::io_context& io, const Lab& lab, ArmTask task);
    ~ArmRun();

    // `done` runs on the io_context, once, when client, proxy and server have all ended: within the timeout and the
    // bounds of their own ends.
    void start(std::function<void(Evidence)> done);
    // On the io_context: ends the client, and with it the run.
    void cancel();

  private:
    bool open_network();
    void start_peers();
    void saw(const proxy::Event& event);
    void client_ended(ClientOutcome outcome);
    void settle_for(std::chrono::milliseconds time);
    void settle_if_quiet();
    void stop_relay();
    void stop_network();
    void stop_server();
    void finish();

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault::harness
