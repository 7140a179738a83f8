#include "harness/cli_options.hpp"

#include <cstdlib>
#include <fstream>
#include <map>

#include "harness/read_security.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

[[noreturn]] void wrong(const std::string& name, const std::string& what, const std::string& value) {
    throw CLI::ValidationError(name, "expected " + what + ", found '" + value + "'");
}

// One line; what an editor adds at its end does not belong to it.
std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw CLI::ValidationError("--password-file", "cannot read a line from " + path);
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace

CLI::Option* add_endpoint(CLI::App& app, const std::string& names, Endpoint& endpoint, const std::string& description) {
    const auto default_port = endpoint.port;
    const std::function<void(const std::string&)> read = [&endpoint, default_port, names](const std::string& text) {
        const auto parsed = endpoint_from_string(text, default_port);
        if (!parsed) wrong(names, "HOST[:PORT]", text);
        endpoint = *parsed;
    };
    return app.add_option_function(names, read, description)->type_name("HOST[:PORT]");
}

void add_listen(CLI::App& app, Endpoint& endpoint) {
    const auto preset = endpoint;
    const std::function<void(const std::string&)> read = [&endpoint, preset](const std::string& text) {
        const auto parsed = listen_endpoint_from_string(text, preset.port);
        if (!parsed) wrong("--listen", "HOST[:PORT]", text);
        endpoint = *parsed;
    };
    app.add_option_function("--listen", read,
                            "where clients dial; port 0 takes a free one (default: " + to_string(preset) + ")")
        ->type_name("HOST[:PORT]");
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& field,
                          const std::string& description) {
    const std::function<void(const std::string&)> read = [&field, name](const std::string& text) {
        const auto parsed = duration_from_string(text);
        if (!parsed) wrong(name, std::string(duration_form), text);
        field = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
    };
    return app.add_option_function(name, read, description)->type_name("TIME");
}

void add_tls_version(CLI::App& app, const std::string& name, tls::Version& field, const std::string& description) {
    const std::function<void(const std::string&)> read = [&field, name](const std::string& text) {
        const auto parsed = tls::version_from_string(text);
        if (!parsed) wrong(name, "1.0, 1.1, 1.2 or 1.3", text);
        field = *parsed;
    };
    app.add_option_function(name, read, description)->type_name("VERSION");
}

void add_size(CLI::App& app, const std::string& name, std::uint16_t& width, std::uint16_t& height,
              const std::string& description) {
    const std::function<void(const std::string&)> read = [&width, &height, name](const std::string& text) {
        const auto parsed = size_from_string(text);
        if (!parsed) wrong(name, "a size such as 1024x768", text);
        std::tie(width, height) = *parsed;
    };
    app.add_option_function(name, read, description)->type_name("WIDTHxHEIGHT");
}

void add_output(CLI::App& app, OutputOptions& output) {
    static const std::map<std::string, Format> formats{
        {"table", Format::table}, {"plain", Format::plain}, {"json", Format::json}};
    static const std::map<std::string, Color> colors{
        {"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}};
    const std::function<void(const std::string&)> format = [&output](const std::string& text) {
        const auto known = formats.find(text);
        if (known == formats.end()) wrong("--format", "table, plain or json", text);
        output.format = known->second;
    };
    const std::function<void(const std::string&)> color = [&output](const std::string& text) {
        const auto known = colors.find(text);
        if (known == colors.end()) wrong("--color", "auto, always or never", text);
        output.color = known->second;
    };
    app.add_option_function("--format", format, "table (default on a terminal), plain (default in a pipe) or json")
        ->type_name("FORMAT");
    app.add_option_function("--color", color, "auto (default), always or never")->type_name("WHEN");
}

void add_intercept(CLI::App& app, InterceptOptions& intercept) {
    app.add_option("--keylog,--key-log", intercept.key_log,
                   "file for the TLS secrets of a proxy that intercepts, both legs (NSS key log)")
        ->type_name("FILE");
    auto* certificate = app.add_option("--server-certificate", intercept.server_certificate,
                                       "PEM certificate of the server, for `nla: server-key`")
                            ->type_name("FILE");
    app.add_option("--server-key", intercept.server_key, "PEM private key of the server")
        ->type_name("FILE")
        ->needs(certificate);
}

void add_credentials(CLI::App& app, Credentials& credentials) {
    if (const auto* password = std::getenv("RDPFAULT_PASSWORD")) credentials.password = password;
    app.add_option("--user", credentials.user, "user name given to the server");
    app.add_option("--domain", credentials.domain, "domain of the user");
    const std::function<void(const std::string&)> read = [&credentials](const std::string& path) {
        credentials.password = first_line(path);
    };
    app.add_option_function("--password-file", read, "file whose first line is the password (else $RDPFAULT_PASSWORD)")
        ->type_name("FILE");
}

void add_probe_security(CLI::App& app, client::ProbeConfig& config) {
    const std::function<void(const std::string&)> security = [&config](const std::string& text) {
        for (const auto& word : client_security_words)
            if (word.name == text) return ask_for(word.value, config);
        wrong("--security", "tls, nla or negotiate", text);
    };
    const std::function<void(const std::string&)> package = [&config](const std::string& text) {
        const auto known = nla::package_from_string(text);
        if (!known) wrong("--nla-package", "ntlm, negotiate or kerberos", text);
        config.nla.package = *known;
    };
    app.add_option_function("--security", security,
                            "tls (default), nla (and nothing else), or negotiate (NLA where the server wants it)")
        ->type_name("WORD");
    app.add_option_function("--nla-package", package,
                            "ntlm (default), negotiate (NTLM in SPNEGO) or kerberos (--domain is the realm)")
        ->type_name("WORD");
    app.add_option("--nla-version", config.nla.version, "CredSSP version to claim")
        ->check(CLI::Range(2, 6))
        ->capture_default_str()
        ->type_name("N");
    app.add_option("--nla-min-version", config.nla.min_version, "refuse a server with an older CredSSP version")
        ->check(CLI::Range(2, 6))
        ->capture_default_str()
        ->type_name("N");
}

void add_server_security(CLI::App& app, server::Config& config) {
    const std::function<void(const std::string&)> security = [&config](const std::string& text) {
        for (const auto& word : server_security_words)
            if (word.name == text) {
                config.security = word.value;
                return;
            }
        wrong("--security", "tls, nla, nla-ex or negotiate", text);
    };
    app.add_option_function("--security", security, "tls (default), nla, nla-ex or negotiate (NLA, else TLS)")
        ->type_name("WORD");
    app.add_option("--keytab", config.keytab, "file with the key of TERMSRV/HOST, to accept Kerberos")
        ->type_name("FILE");
}

}  // namespace rdpfault::harness
