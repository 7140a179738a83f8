// What gss-ntlmssp 1.2 takes on trust in a token from the wire: lengths that it then reads by. Each check stands for a
// read past an end, or through a null pointer, that a hostile peer could otherwise cause.
#pragma once

#include <string_view>

#include "protocol/bytes.hpp"

namespace rdpfault::nla {

// What is wrong with an NTLMSSP or SPNEGO token; empty: nothing that these checks know.
std::string_view complaint_about(ByteView token);

bool is_ntlmssp(ByteView token);  // raw, not wrapped in SPNEGO
// Offers Kerberos: raw, or among the mechanisms of a NegTokenInit.
bool names_kerberos(ByteView token);

}  // namespace rdpfault::nla
