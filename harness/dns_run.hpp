// The name server of one run, and the name that the client dials.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "client/temporary_directory.hpp"
#include "harness/client_run.hpp"
#include "harness/network_run.hpp"
#include "server/dns_responder.hpp"

namespace rdpfault::harness {

inline constexpr const char* lab_name = "rdp.rdpfault.test";  // RFC 6761, 6.2: a top-level domain that never exists

// The name server must stand behind a link: a program asks the one that its system names, and only there it can be
// ours.
bool needs_link(const Arm& arm, ClientKind client);

class DnsRun {
  public:
    // `network`: the link of the run, or null. Throws std::system_error when there can be no name server.
    DnsRun(boost::asio::io_context& io, const server::DnsConfig& config, const NetworkRun* network);
    ~DnsRun() { responder_->stop(); }
    DnsRun(const DnsRun&) = delete;
    DnsRun& operator=(const DnsRun&) = delete;

    // A client that was placed already: it dials the name instead of the address.
    void place(ClientTask& client);
    const server::DnsReport& report() const { return responder_->report(); }

  private:
    bool inside_ = false;  // at the far end of the link, where the client behind it asks
    std::unique_ptr<client::TemporaryDirectory> files_;
    client::NameServer name_server_;
    std::shared_ptr<server::DnsResponder> responder_;
};

}  // namespace rdpfault::harness
