// A self-signed certificate for localhost, made by the openssl program and so not by the code under test.
#pragma once

#include <filesystem>

#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

struct CertificateFiles {
    std::filesystem::path certificate;  // PEM
    std::filesystem::path key;          // PEM
};

CertificateFiles make_certificate(const TempDir& folder);

}  // namespace rdpfault::peers
