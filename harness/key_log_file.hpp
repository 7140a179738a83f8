// The file that gets TLS secrets (NSS key log), for who decrypts a capture.
#pragma once

#include <string>
#include <string_view>

#include "harness/private_file.hpp"

namespace rdpfault::harness {

// Appends to a file that nobody else can read, whatever the umask.
class KeyLogFile {
  public:
    // Throws std::runtime_error when it cannot be written.
    explicit KeyLogFile(const std::string& path);

    // One line, without newline; from any thread. A disk that is full ends nothing.
    void write(std::string_view line) const;

  private:
    PrivateFile file_;
};

}  // namespace rdpfault::harness
