// The `server:` and `client:` parts.
#include "harness/read_security.hpp"

namespace rdpfault::harness {

namespace {

using server::CloseKind;
using tls::Version;

constexpr std::uint64_t most = 0xffffffff;

constexpr std::array close_words{Word<std::optional<CloseKind>>{"close", CloseKind::close},
                                 Word<std::optional<CloseKind>>{"reset", CloseKind::reset},
                                 Word<std::optional<CloseKind>>{"none", std::nullopt}};
constexpr std::array key_words{Word<std::optional<CloseKind>>{"unusable", CloseKind::reset},
                               Word<std::optional<CloseKind>>{"usable", std::nullopt}};
constexpr std::array silence_words{Word<bool>{"silence", true}, Word<bool>{"none", false}};
constexpr std::array when_words{Word<bool>{"before_activation", true}, Word<bool>{"after_activation", false}};
// MS-RDPBCGR 2.2.2.3.
constexpr std::array reason_words{Word<std::uint8_t>{"provider-initiated", 1}, Word<std::uint8_t>{"user-requested", 3}};
constexpr std::array kind_words{Word<ClientKind>{"probe", ClientKind::probe},
                                Word<ClientKind>{"xfreerdp", ClientKind::xfreerdp},
                                Word<ClientKind>{"command", ClientKind::command}};

bool is_none(const Value& value) {
    return value.is_scalar() && value.text == "none";
}

void read_size(const Value* value, std::uint16_t& width, std::uint16_t& height, Diagnostics& diagnostics) {
    if (!value) return;
    if (const auto size = value->is_scalar() ? size_from_string(value->text) : std::nullopt)
        std::tie(width, height) = *size;
    else
        expected(*value, "a size from 200x200 to 8192x8192, such as 1024x768", diagnostics);
}

template <class Duration>
void read_time(Duration& field, const Value* value, Diagnostics& diagnostics) {
    if (value) field = read_milliseconds(*value, diagnostics).value_or(field);
}

// A number, or `none` for the default.
void read_optional(std::optional<std::uint32_t>& field, const Value* value, std::uint64_t least, std::uint64_t greatest,
                   Diagnostics& diagnostics) {
    if (!value) return;
    if (is_none(*value))
        field.reset();
    else
        read_into(field.emplace(), value, least, greatest, diagnostics);
}

void read_server_tls(const Value& value, server::Config& config, Diagnostics& diagnostics) {
    MapReader map(value, "tls", diagnostics);
    read_tls_versions(map, config.tls_min, config.tls_max);
    read_text_into(config.tls_ciphers, map.find("ciphers"), "an OpenSSL cipher list", diagnostics);
    read_text_into(config.tls_ciphersuites, map.find("ciphersuites"), "TLS 1.3 suites", diagnostics);
    map.finish();
}

void read_certificate_key(const Value& value, server::Config& config, Diagnostics& diagnostics) {
    if (!value.is_map()) {
        read_into(config.certificate_key_unusable, &value, "state of the key", key_words, diagnostics);
        return;
    }
    MapReader map(value, "certificate_key", diagnostics);
    config.certificate_key_unusable = CloseKind::reset;
    if (const auto* ends = map.require("ends"))
        config.certificate_key_unusable =
            read_word(*ends, "end", close_or_reset, diagnostics).value_or(true) ? CloseKind::reset : CloseKind::close;
    map.finish();
}

void read_error_info(const Value& value, server::Config& config, Diagnostics& diagnostics) {
    config.error_info.reset();
    if (is_none(value)) return;
    auto& fault = config.error_info.emplace();
    if (!value.is_map()) {
        read_into(fault.code, &value, 0, most, diagnostics);
        return;
    }
    MapReader map(value, "error_info", diagnostics);
    read_into(fault.code, map.require("code"), 0, most, diagnostics);
    read_into(fault.before_activation, map.find("when"), "moment", when_words, diagnostics);
    const auto* after = map.find("after");
    read_time(fault.after, after, diagnostics);
    if (after && fault.before_activation)
        diagnostics.error(map.place_of("after"), "'after:' counts from the activation; write 'when: after_activation'");
    map.finish();
}

void read_disconnect(const Value& value, server::Config& config, Diagnostics& diagnostics) {
    config.disconnect.reset();
    if (is_none(value)) return;
    auto& fault = config.disconnect.emplace();
    MapReader map(value, "disconnect", diagnostics);
    if (const auto* reason = map.require("reason"))
        fault.reason = read_word(*reason, "reason", reason_words, diagnostics).value_or(fault.reason);
    read_time(fault.after, map.find("after"), diagnostics);
    map.finish();
}

void add_keys(std::vector<std::string>& keys, const MapReader& map) {
    for (auto& key : map.given())
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

void read_client_tls(const Value& value, client::ProbeConfig& probe, Diagnostics& diagnostics) {
    MapReader map(value, "tls", diagnostics);
    read_tls_versions(map, probe.tls_min, probe.tls_max);
    read_text_into(probe.tls_ciphers, map.find("ciphers"), "an OpenSSL cipher list", diagnostics);
    read_text_into(probe.tls_ciphersuites, map.find("ciphersuites"), "TLS 1.3 suites", diagnostics);
    map.finish();
}

// The user's name stands in the X.224 cookie, on a line of its own.
void read_user(const Value* value, std::string& user, Diagnostics& diagnostics) {
    read_text_into(user, value, "a user name", diagnostics);
    if (value && (user.size() > 64 || user.find_first_of("\r\n") != user.npos))
        diagnostics.error(value->place, "a user name is one line of at most 64 bytes");
}

}  // namespace

void read_tls_versions(MapReader& map, Version& min, Version& max) {
    constexpr std::array version_words{Word<Version>{"1.0", Version::tls1_0}, Word<Version>{"1.1", Version::tls1_1},
                                       Word<Version>{"1.2", Version::tls1_2}, Word<Version>{"1.3", Version::tls1_3}};
    read_into(min, map.find("min"), "TLS version", version_words, map.diagnostics());
    read_into(max, map.find("max"), "TLS version", version_words, map.diagnostics());
    if (min > max) map.diagnostics().error(map.place(), "the lowest TLS version is above the highest");
}

void read_text_into(std::string& field, const Value* value, std::string_view form, Diagnostics& diagnostics) {
    if (value) field = read_text(*value, form, diagnostics).value_or(field);
}

void read_server(const Value& value, server::Config& config, std::vector<std::string>& keys, Diagnostics& diagnostics) {
    MapReader map(value, "server", diagnostics);
    if (const auto* v = map.find("tls")) read_server_tls(*v, config, diagnostics);
    read_server_security(map, config);
    read_size(map.find("size"), config.width, config.height, diagnostics);
    read_time(config.stage_timeout, map.find("stage_timeout"), diagnostics);
    read_optional(config.negotiation_failure, map.find("negotiation_failure"), 1, 6, diagnostics);
    if (const auto* v = map.find("certificate_key")) read_certificate_key(*v, config, diagnostics);
    read_into(config.after_tls, map.find("after_tls"), "end", close_words, diagnostics);
    read_optional(config.license_error, map.find("license_error"), 0, most, diagnostics);
    read_into(config.silence_after_licensing, map.find("after_licensing"), "behaviour", silence_words, diagnostics);
    if (const auto* v = map.find("error_info")) read_error_info(*v, config, diagnostics);
    if (const auto* v = map.find("disconnect")) read_disconnect(*v, config, diagnostics);
    read_optional(config.max_connections, map.find("max_connections"), 0, most, diagnostics);
    if (config.security != server::Security::tls && config.users.empty())
        diagnostics.error(map.place(), "a server that asks for NLA needs 'users:' that it lets in");
    map.finish();
    add_keys(keys, map);
}

void read_client(const Value& value, ClientSpec& client, std::vector<std::string>& keys, Diagnostics& diagnostics) {
    auto& probe = client.probe;
    MapReader map(value, "client", diagnostics);
    read_into(client.kind, map.find("kind"), "client", kind_words, diagnostics);
    if (const auto* v = map.find("tls")) read_client_tls(*v, probe, diagnostics);
    read_client_security(map, probe);
    read_into(probe.requested_protocols, map.find("requested_protocols"), 0, 31, diagnostics);
    if (const auto* v = map.find("verify")) client.verify = read_bool(*v, diagnostics).value_or(client.verify);
    read_into(probe.reconnects, map.find("reconnects"), 0, 20, diagnostics);
    read_time(probe.linger, map.find("linger"), diagnostics);
    read_time(probe.stage_timeout, map.find("stage_timeout"), diagnostics);
    read_time(probe.connect_timeout, map.find("connect_timeout"), diagnostics);
    read_user(map.find("user"), probe.user, diagnostics);
    read_size(map.find("size"), probe.width, probe.height, diagnostics);
    map.finish();
    add_keys(keys, map);
}

}  // namespace rdpfault::harness
