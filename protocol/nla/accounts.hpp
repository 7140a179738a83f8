// Who may log on to a server that asks for NLA.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace rdpfault::nla {

struct Account {
    std::string user;
    std::string domain;  // empty: of whatever domain the client names
    std::string password;
};

// The accounts as the file that gss-ntlmssp looks them up in, with the NT hashes and not the passwords. It lies in
// memory only and is gone with this object. Throws std::invalid_argument for a name that such a file cannot hold,
// std::system_error when the file cannot be made.
class AccountFile {
  public:
    explicit AccountFile(std::span<const Account> accounts);
    ~AccountFile();
    AccountFile(const AccountFile&) = delete;
    AccountFile& operator=(const AccountFile&) = delete;

    const std::string& path() const { return path_; }

    // A user or domain name that can be written into the file.
    static bool possible_name(std::string_view name);

  private:
    int descriptor_ = -1;
    std::string path_;
};

}  // namespace rdpfault::nla
