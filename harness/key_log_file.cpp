#include "harness/key_log_file.hpp"

namespace rdpfault::harness {

KeyLogFile::KeyLogFile(const std::string& path) : file_(path, PrivateFile::Mode::append) {}

void KeyLogFile::write(std::string_view line) const {
    file_.write(std::string(line) + '\n');
}

}  // namespace rdpfault::harness
