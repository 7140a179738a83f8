#include "tests/peers/support/certificate.hpp"

#include "tests/peers/support/process.hpp"

namespace rdpfault::peers {

CertificateFiles make_certificate(const TempDir& folder) {
    CertificateFiles files{folder / "server.crt", folder / "server.key"};
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", files.key.string(), "-out",
         files.certificate.string()},
        folder / "openssl.log");
    return files;
}

}  // namespace rdpfault::peers
