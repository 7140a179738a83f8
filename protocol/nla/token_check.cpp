#include "protocol/nla/token_check.hpp"

#include <algorithm>

#include "protocol/ber.hpp"

namespace rdpfault::nla {

namespace {

using namespace std::string_view_literals;
using namespace protocol;

constexpr std::string_view signature = "NTLMSSP\0"sv;
constexpr std::size_t ntlm_signature_size = 16;
// 1.2.840.113554.1.2.2, and Microsoft's 1.2.840.48018.1.2.2.
constexpr std::string_view kerberos = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"sv;
constexpr std::string_view kerberos_of_microsoft = "\x2a\x86\x48\x82\xf7\x12\x01\x02\x02"sv;

ByteView found(ByteView in, std::string_view what) {
    const auto at = std::search(in.begin(), in.end(), what.begin(), what.end(),
                                [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
    return in.subspan(static_cast<std::size_t>(at - in.begin()));
}

// AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3): the fields at 20 and 52 are length, maximal length, offset.
std::string_view complaint_about_authenticate(ByteView message) {
    constexpr std::size_t nt_response_at = 20;
    constexpr std::size_t session_key_at = 52;
    constexpr std::size_t session_key_size = 16;
    // Proof and the fixed part of the client's blob. A response of NTLMv1 is copied from without asking for its length.
    constexpr std::size_t smallest_ntlmv2 = 16 + 28;
    Reader nt(message);
    nt.skip(nt_response_at, "");
    Reader key(message);
    key.skip(session_key_at, "");
    const auto nt_size = nt.u16le("");
    const auto key_size = key.u16le("");
    if (!nt.ok() || !key.ok()) return "AUTHENTICATE_MESSAGE";
    if (nt_size < smallest_ntlmv2) return "AUTHENTICATE_MESSAGE NtChallengeResponse";
    if (key_size != session_key_size) return "AUTHENTICATE_MESSAGE EncryptedRandomSessionKey";
    return {};
}

// NegTokenResp (RFC 4178 4.2.2): 16 bytes of its mechListMIC are compared, however many there are.
std::string_view complaint_about_mic(ByteView token) {
    if (token.empty() || token[0] != ber::context(1)) return {};
    Reader reader(token);
    auto choice = ber::enter(reader, ber::context(1), "NegTokenResp");
    auto fields = ber::enter(choice, ber::sequence, "NegTokenResp");
    while (fields.ok() && !fields.at_end()) {
        const auto tag = ber::peek_tag(fields);
        auto field = ber::enter(fields, tag, "NegTokenResp");
        if (tag != ber::context(3)) continue;
        if (ber::read_octet_string(field, "mechListMIC").size() < ntlm_signature_size) return "mechListMIC";
    }
    return {};
}

}  // namespace

std::string_view complaint_about(ByteView token) {
    constexpr std::uint32_t authenticate = 3;
    const auto message = found(token, signature);
    Reader reader(message);
    reader.skip(signature.size(), "");
    if (reader.u32le("") == authenticate && reader.ok())
        if (const auto complaint = complaint_about_authenticate(message); !complaint.empty()) return complaint;
    return complaint_about_mic(token);
}

bool is_ntlmssp(ByteView token) {
    return !token.empty() && found(token, signature).size() == token.size();
}

bool names_kerberos(ByteView token) {
    return !is_ntlmssp(token) && (!found(token, kerberos).empty() || !found(token, kerberos_of_microsoft).empty());
}

}  // namespace rdpfault::nla
