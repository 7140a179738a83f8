#include "harness/dns_run.hpp"

#include <fstream>

namespace rdpfault::harness {

namespace asio = boost::asio;
using asio::ip::udp;

bool needs_link(const Arm& arm, ClientKind client) {
    return arm.dns && client != ClientKind::probe;
}

DnsRun::DnsRun(asio::io_context& io, const server::DnsConfig& config, const NetworkRun* network)
    : inside_(network && network->client_is_inside()) {
    udp::endpoint endpoint(asio::ip::address_v4::loopback(), 0);
    int socket = -1;
    if (inside_) {
        endpoint = {asio::ip::make_address_v4(link::server_address), 53};
        socket = network->datagrams(link::Place::server)(AF_INET);
        if (socket < 0) throw std::system_error(errno, std::generic_category(), "a socket for the name server");
        name_server_.make_socket = network->datagrams(link::Place::client);
    }
    responder_ =
        server::DnsResponder::start(io, socket, endpoint, lab_name, endpoint.address().to_v4().to_bytes(), config);
    name_server_.address = endpoint.address().to_string();
    name_server_.port = responder_->port();
}

// A program asks as its system tells it to: it is given a system that names ours and nobody else.
void DnsRun::place(ClientTask& client) {
    client.target.host = lab_name;
    client.probe.name_server = name_server_;
    if (!inside_ || client.kind == ClientKind::probe) return;
    files_ = std::make_unique<client::TemporaryDirectory>();
    const std::string folder(files_->path());
    std::ofstream(folder + "/resolv.conf") << "nameserver " << name_server_.address << "\n";
    std::ofstream(folder + "/nsswitch.conf") << "passwd: files\ngroup: files\nhosts: files dns\n";
    client.inside.files = {{folder + "/resolv.conf", "/etc/resolv.conf"},
                           {folder + "/nsswitch.conf", "/etc/nsswitch.conf"}};
}

}  // namespace rdpfault::harness
