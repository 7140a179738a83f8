// Options that several commands share, and values in our own units.
#pragma once

#include <CLI/App.hpp>

#include "harness/options.hpp"

namespace rdpfault::harness {

// Each binds an option to a field; a value that is wrong throws CLI::ValidationError, which cli() reports.
CLI::Option* add_endpoint(CLI::App& app, const std::string& names, Endpoint& endpoint, const std::string& description);
void add_listen(CLI::App& app, Endpoint& endpoint);
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& field,
                          const std::string& description);
void add_tls_version(CLI::App& app, const std::string& name, tls::Version& field, const std::string& description);
void add_size(CLI::App& app, const std::string& name, std::uint16_t& width, std::uint16_t& height,
              const std::string& description);

void add_intercept(CLI::App& app, InterceptOptions& intercept);
// --security, --nla-package, --nla-version, --nla-min-version.
void add_probe_security(CLI::App& app, client::ProbeConfig& config);
// --security, --keytab.
void add_server_security(CLI::App& app, server::Config& config);

void add_output(CLI::App& app, OutputOptions& output);

// --user, --domain, --password-file; the password itself comes from the file or from RDPFAULT_PASSWORD.
void add_credentials(CLI::App& app, Credentials& credentials);

}  // namespace rdpfault::harness
