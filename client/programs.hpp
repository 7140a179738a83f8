// Where programs are, and which Debian package brings one that is missing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rdpfault::client {

// The path of an executable file: `name` itself when it has a slash, else the first match on PATH.
std::optional<std::string> find_program(std::string_view name);

// "xfreerdp is not installed (Debian package freerdp2-x11)".
std::string missing_program(std::string_view name);

}  // namespace rdpfault::client
