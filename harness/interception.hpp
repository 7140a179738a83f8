// What the proxy of an arm needs to end TLS itself.
#pragma once

#include <memory>
#include <string>

#include "proxy/tls/shared.hpp"

namespace rdpfault::harness {

struct Arm;
struct Lab;
struct InterceptOptions;

// Opens and reads the files that are named. Throws std::runtime_error that names the file.
void take_files(const InterceptOptions& options, Lab& lab);

// Null for a proxy that passes TLS through. Throws std::runtime_error for what OpenSSL refuses.
std::shared_ptr<proxy::InterceptShared> interception(const Arm& arm, const Lab& lab);

// Why the way of NLA that the proxy is to take is closed in this lab; empty: it is open.
std::string nla_obstacle(const Arm& arm, const Lab& lab);

}  // namespace rdpfault::harness
