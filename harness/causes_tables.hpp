// The parts of the cause catalogue, one a file: causes_*.cpp. Only causes.cpp reads them.
#pragma once

#include <vector>

#include "harness/causes.hpp"

namespace rdpfault::harness {

std::vector<Cause> certificate_causes();  // key, dates, TLS versions
std::vector<Cause> logon_causes();        // NLA, accounts, domain
std::vector<Cause> server_causes();       // program, service, limits, what runs behind
std::vector<Cause> rule_causes();         // licensing, policies, clouds
std::vector<Cause> path_causes();         // firewalls, relays, inspectors, the line
std::vector<Cause> other_causes();        // gateways, UDP, the client, names
std::vector<Cause> stream_causes();  // broken PDUs, rewritten ones, brokers; and `control`, which is nothing at all

namespace pairs {
constexpr MstscPair set_up_broken{0x904, 7};
constexpr MstscPair session_lost{0x904, 0};
constexpr MstscPair not_connected{0x204, 0};
}  // namespace pairs

}  // namespace rdpfault::harness
