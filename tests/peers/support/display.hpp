// X displays in memory, and what is to be seen on them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

struct Pixel {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Pixel&) const = default;
};

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<Pixel> pixels;  // row by row from the top

    const Pixel& at(int x, int y) const { return pixels.at(static_cast<std::size_t>(y) * width + x); }
    std::size_t colours() const;  // how many different ones; an empty black screen has one
};

// Throws std::runtime_error for anything but a binary PPM with 8 bits per sample.
Picture read_ppm(const std::filesystem::path& path);

// An X server that is ready when the constructor returns: Xvfb, or Xvnc when it has a VNC port.
class Display {
  public:
    Display(int width, int height, std::optional<std::uint16_t> vnc_port = {});

    const std::string& name() const { return name_; }  // ":99"
    Picture screenshot();                              // of the whole screen, by ImageMagick's import

  private:
    TempDir folder_;
    Process server_;
    std::string name_;
};

}  // namespace rdpfault::peers
