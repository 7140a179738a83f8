// A directory of our own (0700), gone with the object.
#pragma once

#include <string>

namespace rdpfault::client {

class TemporaryDirectory {
  public:
    // Throws std::system_error when none can be made in $TMPDIR or /tmp.
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace rdpfault::client
