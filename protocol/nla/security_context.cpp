#include "protocol/nla/security_context.hpp"

#include <array>
#include <stdexcept>

#include "protocol/nla/gss.hpp"
#include "protocol/nla/md4.hpp"
#include "protocol/nla/token_check.hpp"

namespace rdpfault::nla {

namespace {

constexpr std::size_t smallest_seal = 16;  // gss-ntlmssp subtracts a signature from the length without looking

struct PackageName {
    Package package;
    std::string_view name;
};
constexpr std::array names{PackageName{Package::ntlm, "ntlm"}, PackageName{Package::negotiate, "negotiate"},
                           PackageName{Package::kerberos, "kerberos"}};

gss_OID ntlmssp() {
    static gss_OID_desc oid = gss::oid(gss::ntlmssp_bytes);
    return &oid;
}
gss_OID spnego() {
    static gss_OID_desc oid = gss::oid(gss::spnego_bytes);
    return &oid;
}
gss_OID kerberos() {
    static gss_OID_desc oid = gss::oid(gss::kerberos_bytes);
    return &oid;
}

struct Store {
    explicit Store(std::initializer_list<gss_key_value_element_desc> wanted) : elements(wanted) {
        set = {static_cast<OM_uint32>(elements.size()), elements.data()};
    }
    std::vector<gss_key_value_element_desc> elements;
    gss_key_value_set_desc set{};
};

// gss-ntlmssp offers OEM beside Unicode text. A server that echoes both, as FreeRDP's does, is then refused by itself
// for that; so it is told to offer Unicode alone. Its own choice else: 56, 128, VERSION, ALWAYS_SIGN, NTLM,
// REQUEST_TARGET (MS-NLMP 2.2.2.5); it adds what signing and sealing need.
void offer_unicode_alone(gss::Credential& credential) {
    static constexpr char option_bytes[] = "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05";
    static constexpr std::uint32_t flags = 0xA2008205;
    auto option = gss::oid(option_bytes);
    auto wanted = flags;
    gss_buffer_desc value{sizeof wanted, &wanted};
    OM_uint32 minor = 0;
    gss_set_cred_option(&minor, credential.out(), &option, &value);
}

gss::Credential initiator_credential(const InitiatorConfig& config) {
    if (config.package == Package::kerberos) {
        const auto full = config.domain.empty() ? config.user : config.user + '@' + config.domain;
        const auto name = gss::import_name(full, GSS_C_NT_USER_NAME);
        Store store({{"password", config.password.c_str()}});
        const bool from_cache = config.password.empty();
        return gss::acquire(name, spnego(), kerberos(), GSS_C_INITIATE, from_cache ? GSS_C_NO_CRED_STORE : &store.set);
    }
    const auto name = gss::import_name(config.domain + '\\' + config.user, GSS_C_NT_USER_NAME);
    // The hash and not the password: for its own MD4 the library would load OpenSSL's legacy provider, and leak it.
    const auto hash = to_hex(nt_hash(config.password));
    Store store({{"ntlmssp_nthash", hash.c_str()}});
    const bool raw = config.package == Package::ntlm;
    auto credential =
        gss::acquire(name, raw ? ntlmssp() : spnego(), raw ? nullptr : ntlmssp(), GSS_C_INITIATE, &store.set);
    offer_unicode_alone(credential);
    return credential;
}

}  // namespace

std::string_view to_string(Package package) {
    return names.at(static_cast<std::size_t>(package)).name;
}

std::optional<Package> package_from_string(std::string_view name) {
    for (const auto& row : names)
        if (row.name == name) return row.package;
    return std::nullopt;
}

struct AcceptorCredential::State {
    State(std::span<const Account> accounts, const std::string& keytab) : file(accounts) {
        const auto name = gss::import_name("TERMSRV@localhost", GSS_C_NT_HOSTBASED_SERVICE);
        // SPNEGO asks every mechanism for a credential, whichever it is to negotiate. Kerberos is given a kind of
        // keytab that there is not: it shall neither read the machine's nor leak the name it looked for (MIT 1.20
        // does).
        Store store({{"ntlmssp_keyfile", file.path().c_str()}, {"keytab", "none:"}});
        raw = gss::acquire(name, ntlmssp(), nullptr, GSS_C_ACCEPT, &store.set);
        negotiate = gss::acquire(name, spnego(), ntlmssp(), GSS_C_ACCEPT, &store.set);
        if (keytab.empty()) return;
        Store keys({{"keytab", keytab.c_str()}});
        // Without a name: whatever the keytab has the key of.
        kerberos_only = gss::acquire(gss::Name(), spnego(), kerberos(), GSS_C_ACCEPT, &keys.set);
    }

    // Which of them a client's first token is for. One credential with all mechanisms cannot be had: each reads its
    // accounts from another kind of store.
    gss_cred_id_t for_token(ByteView token) const {
        if (is_ntlmssp(token)) return raw.get();
        if (kerberos_only && names_kerberos(token)) return kerberos_only.get();
        return negotiate.get();
    }

    AccountFile file;
    gss::Credential raw;
    gss::Credential negotiate;
    gss::Credential kerberos_only;
};

AcceptorCredential::AcceptorCredential(std::span<const Account> accounts, const std::string& keytab)
    : state_(std::make_unique<State>(accounts, keytab)) {}
AcceptorCredential::~AcceptorCredential() = default;

struct SecurityContext::Impl {
    void fail(std::string why) {
        state = SecurityContext::State::failed;
        error = std::move(why);
    }

    Bytes step(ByteView token) {
        if (state != SecurityContext::State::open) return {};
        if (const auto complaint = complaint_about(token); !complaint.empty()) {
            unreadable = true;
            fail("not as it must be: " + std::string(complaint));
            return {};
        }
        gss::Buffer answer;
        OM_uint32 minor = 0;
        auto input = gss::view(token);
        const auto major = acceptor ? accept(minor, input, token, answer) : initiate(minor, input, answer);
        if (GSS_ERROR(major)) {
            const auto routine = GSS_ROUTINE_ERROR(major);
            unreadable = routine == GSS_S_DEFECTIVE_TOKEN || routine == GSS_S_BAD_MECH;
            fail(gss::error_text(major, minor, mechanism));
        } else if (!(major & GSS_S_CONTINUE_NEEDED)) {
            state = SecurityContext::State::established;
        }
        return answer.bytes();
    }

    OM_uint32 initiate(OM_uint32& minor, gss_buffer_desc& input, gss::Buffer& answer) {
        constexpr OM_uint32 wanted =
            GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
        return gss_init_sec_context(&minor, credential.get(), context.out(), target.get(), mechanism, wanted,
                                    GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS, &input, nullptr, answer.out(), nullptr,
                                    nullptr);
    }

    OM_uint32 accept(OM_uint32& minor, gss_buffer_desc& input, ByteView token, gss::Buffer& answer) {
        if (!context) chosen = acceptor->state_->for_token(token);
        gss_OID used = nullptr;
        const auto major = gss_accept_sec_context(&minor, context.out(), chosen, &input, GSS_C_NO_CHANNEL_BINDINGS,
                                                  user.out(), &used, answer.out(), nullptr, nullptr, nullptr);
        if (used) mechanism = used;
        return major;
    }

    std::shared_ptr<const AcceptorCredential> acceptor;  // null: an initiator
    gss_cred_id_t chosen = nullptr;                      // one of acceptor's
    gss::Credential credential;
    gss::Name target;
    gss::Name user;
    gss::Context context;
    gss_OID mechanism = GSS_C_NO_OID;
    SecurityContext::State state = SecurityContext::State::open;
    bool no_credential = false;
    bool unreadable = false;
    std::string error;
};

SecurityContext::SecurityContext(const InitiatorConfig& config) : impl_(std::make_unique<Impl>()) {
    impl_->mechanism = config.package == Package::ntlm ? ntlmssp() : spnego();
    try {
        const auto host = config.host.empty() ? std::string("localhost") : config.host;
        impl_->target = gss::import_name("TERMSRV@" + host, GSS_C_NT_HOSTBASED_SERVICE);
        impl_->credential = initiator_credential(config);
    } catch (const std::runtime_error& error) {
        impl_->no_credential = true;
        impl_->fail(error.what());
    }
}

SecurityContext::SecurityContext(std::shared_ptr<const AcceptorCredential> credential)
    : impl_(std::make_unique<Impl>()) {
    impl_->acceptor = std::move(credential);
}

SecurityContext::~SecurityContext() = default;
SecurityContext::SecurityContext(SecurityContext&&) noexcept = default;
SecurityContext& SecurityContext::operator=(SecurityContext&&) noexcept = default;

SecurityContext::State SecurityContext::state() const {
    return impl_->state;
}
bool SecurityContext::without_credential() const {
    return impl_->no_credential;
}
bool SecurityContext::token_unreadable() const {
    return impl_->unreadable;
}
const std::string& SecurityContext::error() const {
    return impl_->error;
}

Bytes SecurityContext::step(ByteView token) {
    return impl_->step(token);
}

std::optional<Bytes> SecurityContext::seal(ByteView message) {
    if (impl_->state != State::established || message.empty()) return std::nullopt;
    gss::Buffer sealed;
    OM_uint32 minor = 0;
    int confidential = 0;
    auto input = gss::view(message);
    const auto major =
        gss_wrap(&minor, impl_->context.get(), 1, GSS_C_QOP_DEFAULT, &input, &confidential, sealed.out());
    if (!GSS_ERROR(major) && confidential != 0) return sealed.bytes();
    impl_->error = gss::error_text(major, minor, impl_->mechanism);
    return std::nullopt;
}

std::optional<Bytes> SecurityContext::open(ByteView sealed) {
    if (impl_->state != State::established || sealed.size() <= smallest_seal) return std::nullopt;
    gss::Buffer message;
    OM_uint32 minor = 0;
    int confidential = 0;
    auto input = gss::view(sealed);
    const auto major = gss_unwrap(&minor, impl_->context.get(), &input, message.out(), &confidential, nullptr);
    if (major == GSS_S_COMPLETE && confidential != 0) return message.bytes();
    impl_->error = gss::error_text(major, minor, impl_->mechanism);
    return std::nullopt;
}

std::string SecurityContext::peer() const {
    if (!impl_->user) return {};
    gss::Buffer text;
    OM_uint32 minor = 0;
    if (GSS_ERROR(gss_display_name(&minor, impl_->user.get(), text.out(), nullptr))) return {};
    return text.text();
}

}  // namespace rdpfault::nla
