#include "protocol/nla/gss.hpp"

#include <stdexcept>

namespace rdpfault::nla::gss {

namespace {

std::string words(OM_uint32 status, int kind, gss_OID mechanism) {
    std::string text;
    OM_uint32 more = 0;
    do {
        Buffer message;
        OM_uint32 minor = 0;
        if (GSS_ERROR(gss_display_status(&minor, status, kind, mechanism, &more, message.out()))) break;
        text += (text.empty() ? "" : "; ") + message.text();
    } while (more != 0);
    return text;
}

}  // namespace

std::string error_text(OM_uint32 major, OM_uint32 minor, gss_OID mechanism) {
    auto text = words(major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    const auto detail = minor != 0 ? words(minor, GSS_C_MECH_CODE, mechanism) : std::string();
    return detail.empty() ? text : text + ": " + detail;
}

Name import_name(const std::string& text, gss_OID type) {
    Name name;
    OM_uint32 minor = 0;
    auto buffer = view(text);
    const auto major = gss_import_name(&minor, &buffer, type, name.out());
    if (GSS_ERROR(major)) throw std::runtime_error("a name: " + error_text(major, minor, GSS_C_NO_OID));
    return name;
}

Credential acquire(const Name& name, gss_OID mechanism, gss_OID inner, gss_cred_usage_t usage,
                   gss_const_key_value_set_t store) {
    Credential credential;
    OM_uint32 minor = 0;
    gss_OID_set_desc wanted{1, mechanism};
    auto major = gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, &wanted, usage, store, credential.out(),
                                       nullptr, nullptr);
    if (!GSS_ERROR(major) && inner) {
        gss_OID_set_desc negotiable{1, inner};
        major = gss_set_neg_mechs(&minor, credential.get(), &negotiable);
    }
    const bool unknown = GSS_ROUTINE_ERROR(major) == GSS_S_BAD_MECH;
    if (GSS_ERROR(major))
        throw std::runtime_error(error_text(major, minor, mechanism) +
                                 (unknown ? " (NTLM needs the Debian package gss-ntlmssp)" : ""));
    return credential;
}

}  // namespace rdpfault::nla::gss
