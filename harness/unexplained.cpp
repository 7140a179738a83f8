#include "harness/unexplained.hpp"

#include <algorithm>

namespace rdpfault::harness {

namespace {

constexpr Unexplained table[] = {
    {0x4, "reported with a sleeping virtual machine and with xrdp; no report says what the wire did: measure it",
     "S41"},
    {0x207, "macOS users meet it with gateways and NLA, nobody says what leads there: measure it", "memory"},
    {0x208, "a lookup that finds no host; which lookup gives this and which 0x104 is not known", "S1"},
    {0x304, "a reset that a write meets before Winsock's notification would fit; the race was never measured", "S1"},
    {0x404, "a reset that a read meets before Winsock's notification would fit; the race was never measured", "S1"},
    {0x604, "an old way to look names up; when it is still used is not known", "S1"},
    {0x607, "macOS users meet it with log-on and certificate trouble, nobody says what leads there: measure it",
     "memory"},
    {0x704, "a wait inside the client; which wait ends in this and which in 0x108 is not known: measure it", "S1 S3"},
    {0x706, "a proprietary certificate, of RDP's own security layer, which this program does not speak", "S41"},
    {0x708, "after the log-on, by the state of the server's sessions: nothing of it is on the wire", "S3"},
    {0x906, "RDP's own security layer, which this program does not speak", "S1"},
    {0x907, "the client refuses a certificate; which flaw gives this code is not known: measure it", "S3"},
    {0xA06, "RDP's own security layer, which this program does not speak", "S1"},
    {0xB08, "one report, while a TLS session ended; what came before it is not told: measure it", "S41"},
    {0xC06, "RDP's own security layer, or a bad record; which was never measured", "S1"},
    {0xC08, "bulk data that cannot be decompressed; the embedded server compresses nothing", "S1"},
    {0x1104, "a protocol error beside 0xD06; what gives which is not known: measure it", "S41"},
    {0x1608, "Azure Virtual Desktop's broker, before there is a connection to the server", "S41"},
    {0x1B07, "an expired certificate in a strict client; mstsc mostly asks its user instead: measure it", "S1"},
    {0x1F07, "no text was ever published; the low byte 07 points to TLS or CredSSP: measure it", "inferred"},
    {0x2104, "macOS client and a bad certificate of xrdp; what is bad about it is not told: measure it", "S41"},
    {0x2107, "the server wants newly typed credentials; which status says so is not documented", "S1"},
    {0x2407, "no text was ever published; the low byte 07 points to TLS or CredSSP: measure it", "inferred"},
};

}  // namespace

std::span<const Unexplained> unexplained_codes() {
    return table;
}

const Unexplained* find_unexplained(std::uint32_t code) {
    const auto row = std::ranges::find(table, code, &Unexplained::code);
    return row == std::end(table) ? nullptr : row;
}

}  // namespace rdpfault::harness
