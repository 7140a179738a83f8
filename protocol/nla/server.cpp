#include "protocol/nla/server.hpp"

#include <algorithm>

#include "protocol/nla/hash.hpp"

namespace rdpfault::nla {

using protocol::TsRequest;

namespace {

std::optional<Stage> stage_of(const TsRequest& request) {
    if (request.auth_info) return Stage::nla_credentials;
    if (request.public_key) return Stage::nla_authenticate;
    if (!request.tokens.empty()) return Stage::nla_negotiate;
    return std::nullopt;
}

}  // namespace

CredSspServer::CredSspServer(ServerConfig config) : config_(std::move(config)), context_(config_.credential) {}

std::uint32_t CredSspServer::agreed() const {
    return std::min(config_.version, peer_version_);
}

Bytes CredSspServer::message(TsRequest request) {
    request.version = config_.version;
    if (request.public_key)
        sent_ = Stage::nla_public_key;
    else if (!request.tokens.empty())
        sent_ = Stage::nla_challenge;
    return encoded(request);
}

// What the client is not to be told, or would not understand.
Bytes CredSspServer::fail(std::uint32_t status, std::string reason) {
    progress_ = Progress::failed;
    failure_.status = status;
    failure_.reason = std::move(reason);
    return {};
}

Bytes CredSspServer::reject(std::uint32_t status, std::string reason) {
    if (progress_ == Progress::failed) return {};
    fail(status, std::move(reason));
    sent_.reset();
    if (!protocol::credssp::takes_error_code(peer_version_)) return {};
    failure_.told = true;
    TsRequest request;
    request.error_code = status;
    return message(std::move(request));
}

Bytes CredSspServer::receive(ByteView bytes) {
    if (progress_ != Progress::running) return {};
    received_.reset();
    sent_.reset();
    const auto request = TsRequest::decode(bytes);
    if (!request) {
        failure_.malformed = request.error();
        return fail(status::invalid_token, "TSRequest: " + to_string(request.error()));
    }
    received_ = stage_of(*request);
    if (peer_version_ != 0 && peer_version_ != request->version)
        return fail(status::invalid_token, "the client changed its CredSSP version on the way");
    peer_version_ = request->version;
    if (peer_version_ < config_.min_version)
        return reject(status::unsupported_function, "the client speaks CredSSP " + std::to_string(peer_version_) +
                                                        ", and " + std::to_string(config_.min_version) +
                                                        " is demanded");
    return handle(*request);
}

Bytes CredSspServer::handle(const TsRequest& request) {
    if (context_.state() == SecurityContext::State::open) return step(request);
    if (!key_checked_) return check_key(request, {});
    return take_credentials(request);
}

Bytes CredSspServer::step(const TsRequest& request) {
    if (request.tokens.empty()) return fail(status::invalid_token, "no token where one is due");
    auto answer = context_.step(request.tokens.front());
    const bool last = request.public_key.has_value();
    if (last && config_.error) return reject(*config_.error, "as configured");
    if (context_.state() == SecurityContext::State::failed) {
        // A message that cannot be read is no failed log-on; both are told, as Windows does.
        const auto code = context_.token_unreadable() ? status::invalid_token : status::logon_failure;
        return reject(code, context_.error());
    }
    if (context_.state() == SecurityContext::State::established && last) return check_key(request, std::move(answer));
    // SPNEGO: the client has yet to read our last token before it can seal.
    if (answer.empty()) return fail(status::invalid_token, "the exchange of tokens does not go on");
    TsRequest reply;
    reply.tokens.push_back(std::move(answer));
    return message(std::move(reply));
}

// MS-CSSP 2.2.1: errorCode tells that the exchange of tokens failed. A key that does not fit is another matter: the
// connection is simply ended.
Bytes CredSspServer::check_key(const TsRequest& request, Bytes token) {
    if (config_.error) return reject(*config_.error, "as configured");
    if (!request.public_key) return fail(status::invalid_token, "no pubKeyAuth where it is due");
    const bool hashed = agreed() >= protocol::credssp::first_with_nonce;
    if (hashed && !request.nonce) return fail(status::invalid_token, "no clientNonce where it is due");
    const auto nonce = request.nonce.value_or(Bytes{});
    const auto bound = context_.open(*request.public_key);
    if (!bound) return fail(status::message_altered, "pubKeyAuth cannot be opened");
    if (*bound != key_binding(agreed(), Direction::client_to_server, nonce, config_.public_key))
        return fail(status::message_altered, "pubKeyAuth is of another key: something ends TLS between us");
    key_checked_ = true;

    auto key = config_.public_key;
    if (config_.wrong_public_key && !key.empty()) key.back() ^= 0xff;
    TsRequest reply;
    if (!token.empty()) reply.tokens.push_back(std::move(token));
    reply.public_key = context_.seal(key_binding(agreed(), Direction::server_to_client, nonce, key));
    if (!reply.public_key) return fail(status::invalid_token, "pubKeyAuth cannot be sealed: " + context_.error());
    return message(std::move(reply));
}

Bytes CredSspServer::take_credentials(const TsRequest& request) {
    if (!request.auth_info) return fail(status::invalid_token, "no authInfo where it is due");
    const auto opened = context_.open(*request.auth_info);
    if (!opened) return fail(status::message_altered, "authInfo cannot be opened");
    const auto credentials = protocol::TsCredentials::decode(*opened);
    if (!credentials) return fail(status::invalid_token, "TSCredentials: " + to_string(credentials.error()));
    if (credentials->type == protocol::TsCredentials::password) {
        const auto password = protocol::TsPasswordCredentials::decode(credentials->credentials);
        if (!password) return fail(status::invalid_token, "TSPasswordCreds: " + to_string(password.error()));
        credentials_ = *password;
    }
    progress_ = Progress::done;
    return {};
}

}  // namespace rdpfault::nla
