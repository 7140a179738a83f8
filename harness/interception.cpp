#include "harness/interception.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "harness/arm_run.hpp"
#include "protocol/tls/load_credential.hpp"

namespace rdpfault::harness {

namespace {

// The embedded server's key is ours; that of a named server is, where the user gave it.
std::shared_ptr<const tls::Credential> server_credential(const Lab& lab) {
    return lab.server.empty() ? lab.credential : lab.server_credential;
}

// The proxy logs on with what the embedded server knows, or with what the user gave.
nla::Account account(const Arm& arm, const Lab& lab) {
    if (lab.server.empty() && !arm.server.users.empty()) return arm.server.users.front();
    return {lab.credentials.user, lab.credentials.domain, lab.credentials.password};
}

std::string read_pem(const std::string& path) {
    constexpr std::size_t most = 1 << 20;
    std::ifstream file(path, std::ios::binary);
    std::string text(most, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.empty()) throw std::runtime_error("cannot read '" + path + "'");
    return text;
}

std::shared_ptr<const tls::Credential> load_files(const std::filesystem::path& folder, const std::string& certificate,
                                                  const std::string& key) {
    const auto certificate_path = (folder / certificate).string();
    const auto key_path = (folder / key).string();
    auto credential = tls::load_credential(read_pem(certificate_path), read_pem(key_path));
    if (!credential) throw std::runtime_error(certificate_path + ", " + key_path + ": " + credential.error());
    return std::make_shared<const tls::Credential>(std::move(*credential));
}

}  // namespace

void take_files(const InterceptOptions& options, Lab& lab) {
    if (!options.key_log.empty()) lab.key_log = std::make_shared<const KeyLogFile>(options.key_log);
    if (options.server_certificate.empty()) return;
    // Both in one file is usual.
    const auto& key = options.server_key.empty() ? options.server_certificate : options.server_key;
    lab.server_credential = load_files({}, options.server_certificate, key);
}

std::shared_ptr<proxy::InterceptShared> interception(const Arm& arm, const Lab& lab) {
    const auto& spec = arm.proxy;
    if (!spec.intercept) return nullptr;
    proxy::InterceptSettings settings;
    settings.config = spec.config;
    settings.mint = lab.mint ? lab.mint : std::make_shared<proxy::CertificateMint>(lab.authority, std::time(nullptr));
    if (!spec.certificate_file.empty())
        settings.credential = load_files(arm.folder, spec.certificate_file, spec.key_file);
    if (spec.nla == NlaPath::server_key) settings.credential = server_credential(lab);
    if (spec.nla == NlaPath::own_credentials) settings.account = account(arm, lab);
    settings.server_host = "localhost";
    if (lab.key_log) settings.key_log = [log = lab.key_log](std::string_view line) { log->write(line); };
    return std::make_shared<proxy::InterceptShared>(std::move(settings));
}

std::string nla_obstacle(const Arm& arm, const Lab& lab) {
    const auto& spec = arm.proxy;
    if (!spec.intercept) return {};
    if (spec.nla == NlaPath::server_key && !server_credential(lab))
        return "NLA through the middle needs the server's own certificate and key: --server-certificate, --server-key";
    if (spec.nla == NlaPath::own_credentials && account(arm, lab).user.empty())
        return "NLA that ends at the proxy needs an account: --user and a password";
    return {};
}

}  // namespace rdpfault::harness
