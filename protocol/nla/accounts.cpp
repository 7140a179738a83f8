#include "protocol/nla/accounts.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "protocol/nla/md4.hpp"

namespace rdpfault::nla {

namespace {

constexpr std::size_t max_name = 256;  // a line is read into 1024 bytes

// The format of Samba's smbpasswd: unlike the other one that is understood there, it takes any password.
std::string line_of(const Account& account) {
    if (!AccountFile::possible_name(account.user) || account.user.empty() ||
        (!account.domain.empty() && !AccountFile::possible_name(account.domain)))
        throw std::invalid_argument("a name of a user or domain is empty, too long, or has a character it cannot have");
    const auto hash = nt_hash(account.password);
    const auto prefix = account.domain.empty() ? std::string() : account.domain + '\\';
    return prefix + account.user + ":0:" + std::string(32, '0') + ':' + to_hex(hash) + ":[U          ]:LCT-00000000:\n";
}

}  // namespace

AccountFile::AccountFile(std::span<const Account> accounts) {
    std::string text;
    for (const auto& account : accounts)
        text += line_of(account);
    descriptor_ = memfd_create("rdpfault-accounts", MFD_CLOEXEC);
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
    for (std::size_t done = 0; done < text.size();) {
        const auto count = ::write(descriptor_, text.data() + done, text.size() - done);
        if (count <= 0) {
            const int error = errno;
            ::close(descriptor_);
            throw std::system_error(error, std::generic_category(), "the file of accounts");
        }
        done += static_cast<std::size_t>(count);
    }
    // By this name each reader opens the file anew, from its beginning.
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
}

AccountFile::~AccountFile() {
    ::close(descriptor_);
}

bool AccountFile::possible_name(std::string_view name) {
    return name.size() <= max_name && !name.starts_with('#') && name.find_first_of(":\\\r\n") == name.npos &&
           name.find('\0') == name.npos;
}

}  // namespace rdpfault::nla
