#include "tests/peers/support/display.hpp"

#include <set>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace rdpfault::peers {
namespace {

ProcessConfig server_config(const TempDir& folder, int width, int height, std::optional<std::uint16_t> vnc_port) {
    const auto size = std::to_string(width) + "x" + std::to_string(height);
    ProcessConfig config;
    if (vnc_port) {
        config.command = {
            "Xvnc", "-rfbport", std::to_string(*vnc_port), "-localhost", "-SecurityTypes", "None", "-geometry", size,
            "-depth", "24",
            // Several viewers at once that are not through yet look like guessing to it, and it shuts everybody out.
            "-BlacklistThreshold", "1000000", "-AlwaysShared"};
    } else {
        config.command = {"Xvfb", "-screen", "0", size + "x24", "-noreset"};
    }
    for (const auto* word : {"-displayfd", "7", "-nolisten", "tcp"})
        config.command.emplace_back(word);
    config.log = folder / "x.log";
    config.descriptor_7 = folder / "display";
    return config;
}

}  // namespace

std::size_t Picture::colours() const {
    std::set<std::tuple<int, int, int>> seen;
    for (const auto& pixel : pixels)
        seen.emplace(pixel.red, pixel.green, pixel.blue);
    return seen.size();
}

Picture read_ppm(const std::filesystem::path& path) {
    const auto file = read_file(path);
    std::istringstream header(file);
    std::string magic;
    int highest = 0;
    Picture picture;
    header >> magic >> picture.width >> picture.height >> highest;
    if (!header || magic != "P6" || highest != 255) throw std::runtime_error(path.string() + " is not a P6 picture");
    const auto start = static_cast<std::size_t>(header.tellg()) + 1;
    const auto count = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
    if (file.size() != start + 3 * count) throw std::runtime_error(path.string() + " has the wrong length");
    picture.pixels.reserve(count);
    const auto byte = [&file](std::size_t at) { return static_cast<std::uint8_t>(file[at]); };
    for (std::size_t at = start; at < file.size(); at += 3) {
        picture.pixels.push_back({byte(at), byte(at + 1), byte(at + 2)});
    }
    return picture;
}

Display::Display(int width, int height, std::optional<std::uint16_t> vnc_port)
    : server_(server_config(folder_, width, height, vnc_port)) {
    std::string number;
    const auto ready = [&] {
        number = read_file(folder_ / "display");
        return number.ends_with('\n');
    };
    if (!wait_until(ready, seconds(15))) throw std::runtime_error("no X server: " + server_.log());
    number.pop_back();
    name_ = ":" + number;
}

Picture Display::screenshot() {
    const auto file = folder_ / "screen.ppm";
    run({"import", "-display", name_, "-window", "root", "-depth", "8", "ppm:" + file.string()},
        folder_ / "import.log");
    return read_ppm(file);
}

}  // namespace rdpfault::peers
