// Files that nobody else may read: private keys and key logs.
#pragma once

#include <string>
#include <string_view>

namespace rdpfault::harness {

// A file with mode 0600, whatever the umask and whatever it was before.
class PrivateFile {
  public:
    enum class Mode { append, replace };

    // Throws std::runtime_error "cannot write 'PATH': WHY". Replacing does not write into the old file: who has that
    // open sees nothing of the new one.
    PrivateFile(const std::string& path, Mode mode);
    ~PrivateFile();
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;

    // False when not everything could be written (a full disk). From any thread: what is appended in one call stays
    // together.
    bool write(std::string_view text) const;

  private:
    int file_ = -1;
};

// The whole of a file at once. Throws std::runtime_error.
void write_private(const std::string& path, std::string_view text);

}  // namespace rdpfault::harness
