#include "harness/key_log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace rdpfault::harness {

KeyLogFile::KeyLogFile(const std::string& path)
    : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("cannot write '" + path + "': " + std::strerror(errno));
    fchmod(file_, 0600);
}

KeyLogFile::~KeyLogFile() {
    close(file_);
}

// In one call, which appends as a whole: lines of several threads do not mix.
void KeyLogFile::write(std::string_view line) const {
    const auto text = std::string(line) + '\n';
    for (std::size_t done = 0; done < text.size();) {
        const auto count = ::write(file_, text.data() + done, text.size() - done);
        if (count < 0) return;
        done += static_cast<std::size_t>(count);
    }
}

}  // namespace rdpfault::harness
