// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace rdpfault::link {

class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& that) noexcept : fd_(std::exchange(that.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& that) noexcept {
        std::swap(fd_, that.fd_);
        return *this;
    }
    ~Descriptor() { reset(); }

    void reset() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

}  // namespace rdpfault::link
