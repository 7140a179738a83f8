// A Kerberos realm of a test's own: LAB.TEST, with one user and the key of TERMSRV/localhost.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tests/peers/support/ports.hpp"
#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

class Kdc {
  public:
    // krb5kdc listens when the constructor returns.
    Kdc(const std::string& user, const std::string& password);

    static constexpr const char* realm = "LAB.TEST";
    // For programs that are to use this realm.
    const std::map<std::string, std::string>& environment() const { return environment_; }
    std::filesystem::path keytab() const { return folder_ / "keytab"; }
    std::string log() const { return read_file(folder_ / "kdc.log"); }

  private:
    TempDir folder_;
    std::uint16_t port_ = free_port();
    std::map<std::string, std::string> environment_;
    Process server_;
};

}  // namespace rdpfault::peers
