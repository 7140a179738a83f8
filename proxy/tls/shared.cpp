#include "proxy/tls/shared.hpp"

#include <stdexcept>

namespace rdpfault::proxy {

namespace {

// A server that shows another certificate to everybody would have them all remembered.
constexpr std::size_t max_contexts = 64;

tls::ContextConfig context_config(const LegTls& leg, tls::Role role, const InterceptSettings& settings) {
    tls::ContextConfig config;
    config.role = role;
    config.min = leg.min;
    config.max = leg.max;
    config.ciphers = leg.ciphers;
    config.ciphersuites = leg.ciphersuites;
    config.groups = leg.groups;
    config.signature_algorithms = leg.signature_algorithms;
    config.key_log = settings.key_log;
    return config;
}

std::shared_ptr<const tls::Context> make(tls::ContextConfig config, const char* leg) {
    try {
        return std::make_shared<const tls::Context>(std::move(config));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(std::string("TLS of the ") + leg + " leg: " + error.what());
    }
}

}  // namespace

InterceptShared::InterceptShared(InterceptSettings settings) : settings_(std::move(settings)) {
    auto config = context_config(settings_.config.server_leg, tls::Role::client, settings_);
    config.security_level = 0;  // what the server has is not for the proxy to judge
    server_leg_ = make(std::move(config), "server");
    if (settings_.account)
        acceptor_ = std::make_shared<const nla::AcceptorCredential>(std::span(&*settings_.account, 1));
    if (settings_.credential) given_ = make_client_leg(settings_.credential);
}

std::shared_ptr<const tls::Context> InterceptShared::make_client_leg(
    std::shared_ptr<const tls::Credential> credential) const {
    auto config = context_config(settings_.config.client_leg, tls::Role::server, settings_);
    config.credential = std::move(credential);
    return make(std::move(config), "client");
}

std::shared_ptr<const tls::Context> InterceptShared::client_leg(const X509& server_certificate) {
    if (given_) return given_;
    const auto key = tls::facts(server_certificate).sha256;
    const std::lock_guard lock(mutex_);
    if (const auto known = contexts_.find(key); known != contexts_.end()) return known->second;
    if (contexts_.size() >= max_contexts) contexts_.clear();
    auto context = make_client_leg(settings_.mint->like(server_certificate, settings_.config.flaw));
    contexts_.emplace(key, context);
    return context;
}

}  // namespace rdpfault::proxy
