// The `proxy:` part of a scenario: whether the proxy ends TLS itself, and how it then behaves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/tls/settings.hpp"

namespace rdpfault::harness {

// How NLA is to get through a proxy that ends TLS: CredSSP binds the logon to the key of the server's certificate.
enum class NlaPath : std::uint8_t {
    unset,            // no NLA is expected
    server_key,       // the proxy shows the server's own certificate and holds its key
    own_credentials,  // the proxy logs the client on itself, and itself on at the server
    naive,            // neither: what an inspecting middlebox does
};

struct ProxySpec {
    bool intercept = false;
    proxy::InterceptConfig config;
    NlaPath nla = NlaPath::unset;
    // PEM files to show clients in place of what is minted; empty: minted. Relative to the scenario's folder.
    std::string certificate_file, key_file;
    std::vector<std::string> keys;  // that the file names

    // The same proxy without anything that is meant to break a connection.
    ProxySpec ordinary() const;
    bool is_ordinary() const;
};

std::string_view to_string(NlaPath path);

}  // namespace rdpfault::harness
