// The program under test, as a user starts it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/peers/support/ports.hpp"
#include "tests/peers/support/process.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {

// `rdpfault serve` with a key log, listening when the constructor returns.
class Serve {
  public:
    explicit Serve(const std::vector<std::string>& options = {},
                   const std::map<std::string, std::string>& environment = {});

    std::uint16_t port() const { return port_; }
    Process& process() { return process_; }
    std::filesystem::path key_log() const { return folder_ / "keys.log"; }
    std::string log() const { return process_.log(); }

  private:
    TempDir folder_;
    std::uint16_t port_ = free_port();
    Process process_;
};

// `rdpfault proxy` with a key log, listening when the constructor returns.
class Proxy {
  public:
    // `proxy` is the `proxy:` part of the scenario: one line of YAML.
    Proxy(std::uint16_t server, const std::string& proxy, const std::vector<std::string>& options = {});

    std::uint16_t port() const { return port_; }
    Process& process() { return process_; }
    std::filesystem::path key_log() const { return folder_ / "keys.log"; }
    std::string log() const { return process_.log(); }
    std::string errors() const { return read_file(folder_ / "rdpfault.errors"); }

  private:
    TempDir folder_;
    std::uint16_t port_ = free_port();
    Process process_;
};

// The path of the program.
const std::string& program();

struct Outcome {
    std::optional<Exit> exit;
    std::string output;
    std::string errors;
};
// `rdpfault ARGUMENTS...`, run to its end or to the limit.
Outcome rdpfault(const std::vector<std::string>& arguments, const TempDir& folder, milliseconds limit = seconds(60),
                 const std::map<std::string, std::string>& environment = {});

// What a report of these peers shows beyond the committed docs/evidence.json: stages, ends and exits, not times.
Outcome against_evidence(const std::string& peers, const std::filesystem::path& report, const TempDir& folder);

std::string loopback(std::uint16_t port);  // "127.0.0.1:3389"

}  // namespace rdpfault::peers
