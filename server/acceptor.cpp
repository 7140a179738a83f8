#include "server/acceptor.hpp"

#include "server/acceptor_state.hpp"

namespace rdpfault::server {

namespace {
constexpr std::size_t portion = 64 * 1024;  // of picture that take_output() gives at once
}

tls::EngineConfig engine_config(const Config& config, std::shared_ptr<const tls::Credential> credential) {
    tls::EngineConfig out;
    out.role = tls::Role::server;
    out.min = config.tls_min;
    out.max = config.tls_max;
    out.ciphers = config.tls_ciphers;
    out.ciphersuites = config.tls_ciphersuites;
    out.credential = std::move(credential);
    return out;
}

std::shared_ptr<const nla::AcceptorCredential> nla_credential(const Config& config) {
    if (config.security == Security::tls) return nullptr;
    return std::make_shared<const nla::AcceptorCredential>(config.users, config.keytab);
}

Acceptor::Acceptor(const Config& config, tls::EngineConfig tls, std::shared_ptr<const nla::AcceptorCredential> users)
    : state_(std::make_unique<State>(config, std::move(tls), std::move(users))) {}
Acceptor::~Acceptor() = default;
Acceptor::Acceptor(Acceptor&&) noexcept = default;

void Acceptor::receive(Time now, ByteView wire) {
    if (!state_->open() || wire.empty()) return;
    if (state_->engine) return state_->on_tls(now, wire);
    append(state_->pending, wire);
    state_->on_clear(now);
}

void Acceptor::peer_closed(Time now) {
    if (!state_->open()) return;
    state_->close_tls();
    state_->end(now, Side::client, ending_of(EndKind::close), Wish::close);
}

void Acceptor::peer_lost(Time now, const Ending& why) {
    if (state_->open()) state_->end(now, Side::client, why, Wish::reset);
}

void Acceptor::wake(Time now) {
    auto& state = *state_;
    if (!state.open()) return;
    if (state.fault_at && now >= *state.fault_at) {
        Outlet out;
        if (state.config.error_info && !state.config.error_info->before_activation)
            state.session->end_with_error_info(state.config.error_info->code, out);
        else
            state.session->end_with_disconnect(state.config.disconnect->reason, out);
        return state.settle(now, out);
    }
    if (!state.deadline || now < *state.deadline) return;
    state.close_tls();
    state.end(now, Side::server, ending_of(EndKind::timeout, 0, "the client was too slow"), Wish::close);
}

void Acceptor::refuse(Time now, std::string why) {
    if (state_->open()) state_->end(now, Side::server, ending_of(EndKind::close, 0, std::move(why)), Wish::close);
}

void Acceptor::stop(Time now) {
    auto& state = *state_;
    if (!state.open()) return;
    if (!state.session) {
        state.close_tls();
        return state.end(now, Side::server, ending_of(EndKind::orderly), Wish::close);
    }
    Outlet out;
    state.session->end_in_order(out);
    state.settle(now, out);
}

std::vector<Event> Acceptor::take_events() {
    return std::exchange(state_->events, {});
}

Bytes Acceptor::take_output() {
    auto& state = *state_;
    if (state.open() && state.session && state.output.size() < portion) {
        Outlet out;
        for (auto before = out.plaintext.size() + 1;
             before != out.plaintext.size() && out.plaintext.size() < portion;) {
            before = out.plaintext.size();
            state.session->draw(out);
        }
        state.engine->write(out.plaintext);
        state.collect();
    }
    return std::exchange(state.output, {});
}

std::size_t Acceptor::unsent() const {
    return state_->output.size();
}

Acceptor::Wish Acceptor::wish() const {
    return state_->wish;
}

std::optional<Time> Acceptor::wake_at() const {
    if (!state_->fault_at) return state_->deadline;
    return std::min(*state_->fault_at, state_->deadline.value_or(Time::max()));
}

const SessionReport& Acceptor::report() const {
    return state_->report;
}

}  // namespace rdpfault::server
