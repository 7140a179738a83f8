#include "client/temporary_directory.hpp"

#include <stdlib.h>

#include <filesystem>
#include <system_error>

namespace rdpfault::client {

TemporaryDirectory::TemporaryDirectory() : path_(std::filesystem::temp_directory_path() / "rdpfault.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make a directory " + path_);
    }
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace rdpfault::client
