#include "proxy/tls/nla_middle.hpp"

#include "protocol/framing.hpp"

namespace rdpfault::proxy {

namespace {

constexpr std::size_t max_waiting = 256 * 1024;  // what one side may say while the other is not through

nla::ServerConfig server_config(const NlaMiddleConfig& config) {
    nla::ServerConfig server;
    server.credential = config.acceptor;
    server.public_key = config.client_leg_key;
    return server;
}

nla::ClientConfig client_config(const NlaMiddleConfig& config) {
    nla::ClientConfig client;
    client.credentials = {config.account.domain, config.account.user, config.account.password};
    client.public_key = config.server_leg_key;
    client.host = config.host;
    return client;
}

}  // namespace

NlaMiddle::NlaMiddle(const NlaMiddleConfig& config) : server_(server_config(config)), client_(client_config(config)) {}

NlaMiddle::Output NlaMiddle::start() {
    Output out;
    out.to_server = client_.start();
    if (client_.progress() == nla::Progress::failed) fail(Side::server, out);
    return out;
}

NlaMiddle::Output NlaMiddle::received(Side from, ByteView plaintext) {
    Output out;
    append(from == Side::client ? from_client_ : from_server_, plaintext);
    if (!failed_) take(from, out);
    if (!failed_ && done()) {
        append(out.to_server, std::exchange(from_client_, {}));
        append(out.to_client, std::exchange(from_server_, {}));
    }
    return out;
}

void NlaMiddle::take(Side from, Output& out) {
    auto& held = from == Side::client ? from_client_ : from_server_;
    const auto running = [&] {
        return (from == Side::client ? server_.progress() : client_.progress()) == nla::Progress::running;
    };
    while (running() && !held.empty()) {
        const auto frame = protocol::frame_length(protocol::Framing::ts_request, held);
        if (frame.status == protocol::FrameLength::Status::need_more) return;
        const bool wrong = frame.status == protocol::FrameLength::Status::wrong;
        if (!wrong && held.size() < frame.size) return;
        // What cannot be a message is given to CredSSP all the same: it says why it fails.
        const auto size = wrong ? held.size() : frame.size;
        const Bytes message(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(size));
        held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(size));
        if (from == Side::client)
            append(out.to_client, server_.receive(message));
        else
            append(out.to_server, client_.receive(message));
        if (server_.progress() == nla::Progress::failed) return fail(Side::client, out);
        if (client_.progress() == nla::Progress::failed) return fail(Side::server, out);
    }
    if (held.size() > max_waiting) fail(from, out);
}

// A client is told that the server does not want the proxy, in the words the server has for it.
void NlaMiddle::fail(Side side, Output& out) {
    failed_ = side;
    if (side == Side::client || server_.progress() == nla::Progress::failed) return;
    const auto status = client_.failure().status ? client_.failure().status : nla::status::logon_failure;
    append(out.to_client, server_.reject(status, "the server refused the proxy"));
}

const nla::Failure& NlaMiddle::failure() const {
    return failed_ == Side::server ? client_.failure() : server_.failure();
}

}  // namespace rdpfault::proxy
