// Who may log on, and how: `security:`, `users:` and `nla:` of the server, `security:` and `nla:` of the client.
#include "harness/read_security.hpp"

#include "protocol/catalogue.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::array key_words{Word<bool>{"wrong", true}, Word<bool>{"right", false}};
constexpr std::array early_words{Word<bool>{"denied", true}, Word<bool>{"granted", false}};
constexpr std::array message_words{Word<Stage>{"negotiate", Stage::nla_negotiate},
                                   Word<Stage>{"authenticate", Stage::nla_authenticate},
                                   Word<Stage>{"credentials", Stage::nla_credentials}};
constexpr std::array package_words{Word<nla::Package>{"ntlm", nla::Package::ntlm},
                                   Word<nla::Package>{"negotiate", nla::Package::negotiate},
                                   Word<nla::Package>{"kerberos", nla::Package::kerberos}};

void read_string(std::string& field, const Value* value, std::string_view form, Diagnostics& diagnostics) {
    if (value) field = read_text(*value, form, diagnostics).value_or(field);
}

void read_name(std::string& field, const Value* value, std::string_view form, Diagnostics& diagnostics) {
    read_string(field, value, form, diagnostics);
    if (value && (field.size() > 64 || !nla::AccountFile::possible_name(field)))
        diagnostics.error(value->place, "a name is one line of at most 64 bytes without ':' and '\\'");
}

void read_close(const Value& value, server::NlaFault& fault, Diagnostics& diagnostics) {
    if (!value.is_map()) {
        fault.close_after = read_word(value, "message", message_words, diagnostics);
        return;
    }
    MapReader map(value, "close", diagnostics);
    if (const auto* after = map.require("after"))
        fault.close_after = read_word(*after, "message", message_words, diagnostics);
    if (const auto* ends = map.find("ends"))
        if (read_word(*ends, "end", close_or_reset, diagnostics).value_or(false))
            fault.close_with = server::CloseKind::reset;
    map.finish();
}

}  // namespace

void read_status(std::uint32_t& field, const Value& value, Diagnostics& diagnostics) {
    if (!value.is_scalar()) return expected(value, "a status", diagnostics);
    if (number_from_string(value.text)) return read_into(field, &value, 0, 0xffffffff, diagnostics);
    for (const auto* row : find_by_name(value.text))
        if (row->family == Family::ntstatus) {
            field = row->code;
            return;
        }
    std::vector<std::string_view> names;
    for (const auto& row : codes(Family::ntstatus))
        names.push_back(row.name);
    diagnostics.error(value.place, unknown_word("status", value.text, names));
}

void read_server_security(MapReader& server, server::Config& config) {
    auto& diagnostics = server.diagnostics();
    read_into(config.security, server.find("security"), "security", server_security_words, diagnostics);
    if (const auto* list = server.find("users")) {
        config.users.clear();
        if (!list->is_list()) expected(*list, "a list of users", diagnostics);
        for (const auto& item : list->items) {
            MapReader map(item, "a user", diagnostics);
            auto& account = config.users.emplace_back();
            read_name(account.user, map.require("user"), "a user name", diagnostics);
            read_name(account.domain, map.find("domain"), "a domain name", diagnostics);
            read_string(account.password, map.require("password"), "a password", diagnostics);
            map.finish();
        }
    }
    if (const auto* v = server.find("nla")) read_nla_fault(*v, config.nla, diagnostics);
}

void read_nla_fault(const Value& value, server::NlaFault& fault, Diagnostics& diagnostics) {
    fault = {};
    if (value.is_scalar() && value.text == "none") return;
    MapReader map(value, "nla", diagnostics);
    if (const auto* v = map.find("error")) read_status(fault.error.emplace(), *v, diagnostics);
    read_into(fault.wrong_public_key, map.find("public_key"), "key", key_words, diagnostics);
    if (const auto* v = map.find("version")) read_into(fault.version.emplace(), v, 2, 6, diagnostics);
    if (const auto* v = map.find("close")) read_close(*v, fault, diagnostics);
    read_into(fault.early_auth_denied, map.find("early_auth"), "result", early_words, diagnostics);
    map.finish();
}

void read_client_security(MapReader& client, client::ProbeConfig& probe) {
    auto& diagnostics = client.diagnostics();
    if (const auto* v = client.find("security"))
        if (const auto wanted = read_word(*v, "security", client_security_words, diagnostics)) ask_for(*wanted, probe);
    read_name(probe.domain, client.find("domain"), "a domain name", diagnostics);
    read_string(probe.password, client.find("password"), "a password", diagnostics);
    const auto* value = client.find("nla");
    if (!value) return;
    MapReader map(*value, "nla", diagnostics);
    read_into(probe.nla.package, map.find("package"), "package", package_words, diagnostics);
    read_into(probe.nla.version, map.find("version"), 2, 6, diagnostics);
    read_into(probe.nla.min_version, map.find("min_version"), 2, 6, diagnostics);
    map.finish();
}

void ask_for(ClientSecurity wanted, client::ProbeConfig& probe) {
    // A client that offers NLA offers the TLS it runs in too (MS-RDPBCGR 2.2.1.1.1).
    probe.requested_protocols = wanted == ClientSecurity::tls ? 1 : 3;
    probe.nla.required = wanted == ClientSecurity::nla;
}

}  // namespace rdpfault::harness
