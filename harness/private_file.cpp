#include "harness/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace rdpfault::harness {

namespace {

constexpr mode_t owner_only = 0600;

[[noreturn]] void refuse(const std::string& path) {
    throw std::runtime_error("cannot write '" + path + "': " + std::strerror(errno));
}

bool is_regular(const std::string& path) {
    struct stat entry {};
    return lstat(path.c_str(), &entry) == 0 && S_ISREG(entry.st_mode);
}

}  // namespace

PrivateFile::PrivateFile(const std::string& path, Mode mode) {
    const int how = mode == Mode::append ? O_APPEND : O_TRUNC;
    if (mode == Mode::replace && is_regular(path) && unlink(path.c_str()) != 0) refuse(path);
    file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, owner_only);
    if (file_ < 0) refuse(path);
    fchmod(file_, owner_only);  // it may have been there; of a device it may fail
}

PrivateFile::~PrivateFile() {
    if (file_ >= 0) close(file_);
}

bool PrivateFile::write(std::string_view text) const {
    while (!text.empty()) {
        const auto count = ::write(file_, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void write_private(const std::string& path, std::string_view text) {
    const PrivateFile file(path, PrivateFile::Mode::replace);
    if (!file.write(text)) refuse(path);
}

}  // namespace rdpfault::harness
