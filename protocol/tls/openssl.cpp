#include "protocol/tls/openssl.hpp"

#include <openssl/err.h>

#include <stdexcept>

namespace rdpfault::tls {

std::string queued_errors() {
    std::string text;
    while (const auto code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (!text.empty()) text += "; ";
        text += reason ? reason : "OpenSSL error " + std::to_string(code);
    }
    return text.empty() ? "unknown OpenSSL error" : text;
}

void require(bool done, const std::string& what) {
    if (!done) throw std::runtime_error(what + ": " + queued_errors());
}

}  // namespace rdpfault::tls
