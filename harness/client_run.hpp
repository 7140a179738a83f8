// One attempt of a client, whichever it is, as an asynchronous operation with an end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "client/process.hpp"
#include "harness/options.hpp"
#include "harness/verdict.hpp"

namespace rdpfault::harness {

using ClientOutcome = decltype(Evidence::client);

struct ClientTask {
    ClientKind kind = ClientKind::probe;
    client::ProbeConfig probe;
    bool tls_alone = false;  // xfreerdp: the scenario says `security: tls`, so it offers nothing else
    Endpoint target;
    std::shared_ptr<const tls::Credential> authority;  // certificates are checked against it; null: any will do
    Credentials credentials;
    std::vector<std::string> command;  // ClientKind::command: the program; xfreerdp: more arguments
    std::string display;               // xfreerdp; empty: $DISPLAY, else an Xvfb of its own
    std::string output_file;           // of a program
    client::Door inside;               // of a program: where it runs
    std::chrono::milliseconds limit{20'000};
};

class ClientRun {
  public:
    virtual ~ClientRun() = default;
    // `done` is called exactly once, on the io_context, never from inside start() or cancel().
    virtual void start(std::function<void(ClientOutcome)> done) = 0;
    virtual void cancel() = 0;
};

std::unique_ptr<ClientRun> make_client_run(boost::asio::io_context& io, const ClientTask& task);

}  // namespace rdpfault::harness
