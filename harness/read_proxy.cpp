// The `proxy:` part.
#include <array>

#include "harness/readers.hpp"
#include "protocol/tls/certificate_flaw.hpp"
#include "protocol/tls/context.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::array mode_words{Word<bool>{"pass-through", false}, Word<bool>{"intercept", true}};
constexpr std::array nla_words{Word<NlaPath>{"none", NlaPath::unset}, Word<NlaPath>{"server-key", NlaPath::server_key},
                               Word<NlaPath>{"own-credentials", NlaPath::own_credentials},
                               Word<NlaPath>{"naive", NlaPath::naive}};
// Which echoes of the negotiation are put right: { client, server }.
constexpr std::array repair_words{
    Word<std::pair<bool, bool>>{"both", {true, true}}, Word<std::pair<bool, bool>>{"client", {true, false}},
    Word<std::pair<bool, bool>>{"server", {false, true}}, Word<std::pair<bool, bool>>{"none", {false, false}}};

constexpr auto flaw_words = [] {
    std::array<Word<tls::CertificateFlaw>, tls::certificate_flaws.size()> words{};
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = {tls::certificate_flaws[i].name, tls::certificate_flaws[i].flaw};
    return words;
}();

void read_leg(const Value* value, proxy::LegTls& leg, std::string_view name, Diagnostics& diagnostics) {
    if (!value) return;
    leg = {};
    const auto before = diagnostics.count();
    MapReader map(*value, name, diagnostics);
    read_tls_versions(map, leg.min, leg.max);
    read_text_into(leg.ciphers, map.find("ciphers"), "an OpenSSL cipher list", diagnostics);
    read_text_into(leg.ciphersuites, map.find("ciphersuites"), "TLS 1.3 suites", diagnostics);
    read_text_into(leg.groups, map.find("groups"), "groups such as 'X25519:P-256'", diagnostics);
    read_text_into(leg.signature_algorithms, map.find("signature_algorithms"), "algorithms such as 'RSA-PSS+SHA256'",
                   diagnostics);
    map.finish();
    if (diagnostics.count() != before) return;
    // OpenSSL is the one to say what it knows; whether as client or as server plays no part in that.
    try {
        tls::ContextConfig config;
        config.min = leg.min;
        config.max = leg.max;
        config.ciphers = leg.ciphers;
        config.ciphersuites = leg.ciphersuites;
        config.groups = leg.groups;
        config.signature_algorithms = leg.signature_algorithms;
        const tls::Context context(config);
    } catch (const std::exception& error) {
        diagnostics.error(value->place, std::string(name) + ": " + error.what());
    }
}

// A flaw of what is minted, or files.
void read_certificate(const Value& value, ProxySpec& spec, Diagnostics& diagnostics) {
    spec.certificate_file.clear();
    spec.key_file.clear();
    spec.config.flaw = tls::CertificateFlaw::none;
    if (!value.is_map()) return read_into(spec.config.flaw, &value, "certificate", flaw_words, diagnostics);
    MapReader map(value, "certificate", diagnostics);
    read_text_into(spec.certificate_file, map.require("file"), "a PEM file", diagnostics);
    read_text_into(spec.key_file, map.require("key"), "a PEM file", diagnostics);
    map.finish();
}

// Keys that only make sense where TLS is ended.
void refuse_without_interception(const MapReader& map, Diagnostics& diagnostics) {
    for (const auto& key : map.given())
        if (key != "mode") diagnostics.error(map.place_of(key), "'" + key + ":' needs 'mode: intercept'");
}

}  // namespace

void read_proxy(const Value& value, ProxySpec& spec, Diagnostics& diagnostics) {
    MapReader map(value, "proxy", diagnostics);
    read_into(spec.intercept, map.find("mode"), "mode", mode_words, diagnostics);
    read_leg(map.find("client_tls"), spec.config.client_leg, "client_tls", diagnostics);
    read_leg(map.find("server_tls"), spec.config.server_leg, "server_tls", diagnostics);
    if (const auto* v = map.find("certificate")) read_certificate(*v, spec, diagnostics);
    read_into(spec.nla, map.find("nla"), "way of NLA", nla_words, diagnostics);
    auto& rewriting = spec.config.rewriting;
    if (const auto* v = map.find("requested_protocols"))
        read_into(rewriting.requested.emplace(), v, 0, 31, diagnostics);
    if (const auto* v = map.find("selected_protocol"))
        read_into(rewriting.selected.emplace(), v, 0, 0xffffffff, diagnostics);
    if (const auto* v = map.find("repair")) {
        std::pair<bool, bool> repair{true, true};
        read_into(repair, v, "repair", repair_words, diagnostics);
        std::tie(rewriting.repair_client_echo, rewriting.repair_server_echo) = repair;
    }
    map.finish();
    if (!spec.intercept) refuse_without_interception(map, diagnostics);
    for (auto& key : map.given())
        if (std::find(spec.keys.begin(), spec.keys.end(), key) == spec.keys.end()) spec.keys.push_back(std::move(key));
}

}  // namespace rdpfault::harness
