#include "protocol/nla/client.hpp"

#include <algorithm>

#include "protocol/nla/hash.hpp"

namespace rdpfault::nla {

using protocol::TsRequest;

namespace {

InitiatorConfig initiator(const ClientConfig& config) {
    const auto& credentials = config.credentials;
    return {config.package, credentials.user, credentials.domain, credentials.password, config.host};
}

}  // namespace

CredSspClient::CredSspClient(ClientConfig config)
    : config_(std::move(config)), context_(initiator(config_)), nonce_(unpredictable(protocol::credssp::nonce_size)) {}

std::uint32_t CredSspClient::agreed() const {
    return std::min(config_.version, peer_version_);
}

Bytes CredSspClient::message(TsRequest request, Stage stage) {
    request.version = config_.version;
    sent_ = stage;
    return encoded(request);
}

Bytes CredSspClient::fail(std::uint32_t status, std::string reason) {
    progress_ = Progress::failed;
    failure_.status = status;
    failure_.reason = std::move(reason);
    return {};
}

Bytes CredSspClient::start() {
    return step({});
}

Bytes CredSspClient::receive(ByteView bytes) {
    if (progress_ != Progress::running) return {};
    const auto request = TsRequest::decode(bytes);
    if (!request) {
        failure_.malformed = request.error();
        return fail(status::invalid_token, "TSRequest: " + to_string(request.error()));
    }
    received_.reset();
    if (request->error_code) {
        failure_.told = true;
        return fail(*request->error_code, "errorCode of the server");
    }
    received_ = request->public_key ? Stage::nla_public_key : Stage::nla_challenge;
    if (peer_version_ != 0 && peer_version_ != request->version)
        return fail(status::invalid_token, "the server changed its CredSSP version on the way");
    peer_version_ = request->version;
    if (peer_version_ < config_.min_version)
        return fail(status::unsupported_function, "the server speaks CredSSP " + std::to_string(peer_version_) +
                                                      ", and " + std::to_string(config_.min_version) + " is demanded");
    if (context_.state() == SecurityContext::State::open) {
        if (request->tokens.empty()) return fail(status::invalid_token, "no token where one is due");
        return step(request->tokens.front());
    }
    if (!request->public_key) return fail(status::invalid_token, "no pubKeyAuth where it is due");
    return verify(*request->public_key);
}

Bytes CredSspClient::step(ByteView token) {
    TsRequest request;
    if (auto answer = context_.step(token); !answer.empty()) request.tokens.push_back(std::move(answer));
    if (context_.state() == SecurityContext::State::failed) {
        const auto code = context_.without_credential() ? status::no_credentials
                          : context_.token_unreadable() ? status::invalid_token
                                                        : status::logon_denied;
        return fail(code, context_.error());
    }
    if (context_.state() == SecurityContext::State::open) return message(std::move(request), Stage::nla_negotiate);

    auto sealed = context_.seal(key_binding(agreed(), Direction::client_to_server, nonce_, config_.public_key));
    if (!sealed) return fail(status::invalid_token, "pubKeyAuth cannot be sealed: " + context_.error());
    request.public_key = std::move(*sealed);
    if (agreed() >= protocol::credssp::first_with_nonce) request.nonce = nonce_;
    return message(std::move(request), Stage::nla_authenticate);
}

Bytes CredSspClient::verify(const Bytes& sealed) {
    const auto echo = context_.open(sealed);
    if (!echo) return fail(status::message_altered, "pubKeyAuth cannot be opened");
    if (*echo != key_binding(agreed(), Direction::server_to_client, nonce_, config_.public_key))
        return fail(status::message_altered,
                    "pubKeyAuth is of another key: the server that knows the account is not "
                    "the one that holds the TLS certificate");
    return give_credentials();
}

Bytes CredSspClient::give_credentials() {
    protocol::TsCredentials credentials;
    credentials.credentials = encoded(config_.credentials);
    TsRequest request;
    request.auth_info = context_.seal(encoded(credentials));
    if (!request.auth_info) return fail(status::invalid_token, "authInfo cannot be sealed: " + context_.error());
    progress_ = Progress::done;
    return message(std::move(request), Stage::nla_credentials);
}

}  // namespace rdpfault::nla
