// The file that gets TLS secrets (NSS key log), for who decrypts a capture.
#pragma once

#include <string>
#include <string_view>

namespace rdpfault::harness {

// Appends to a file that nobody else can read, whatever the umask.
class KeyLogFile {
  public:
    // Throws std::runtime_error when it cannot be written.
    explicit KeyLogFile(const std::string& path);
    ~KeyLogFile();
    KeyLogFile(const KeyLogFile&) = delete;
    KeyLogFile& operator=(const KeyLogFile&) = delete;

    // One line, without newline; from any thread. A disk that is full ends nothing.
    void write(std::string_view line) const;

  private:
    int file_ = -1;
};

}  // namespace rdpfault::harness
