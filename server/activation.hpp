// Capability exchange and finalization as a server does them (MS-RDPBCGR 1.3.1.1, phases 7 and 8).
#pragma once

#include "protocol/activation.hpp"
#include "protocol/gcc_client.hpp"
#include "protocol/share.hpp"
#include "server/outlet.hpp"

namespace rdpfault::server {

struct Desktop {
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::uint16_t bits_per_pixel = 0;
};

// The size the client asks for, else the given one, with a width that is a multiple of four; the best depth of 32, 24,
// 16 and 15 that it can show (16 for a client that names none of them).
Desktop choose_desktop(const protocol::ClientCoreData& client, std::uint16_t width, std::uint16_t height);

// The sets of the embedded server: fast-path output, bitmaps, input; no drawing orders, caches or codecs.
protocol::Capabilities capabilities(const Desktop& desktop);

// Answers the client's finalization PDUs one by one; true when the Font List is answered: the session is up.
// PDUs that do not belong here are ignored.
bool finalize(const protocol::ShareUnit& unit, const protocol::ShareOrigin& origin, std::uint16_t user, Outlet& out);

}  // namespace rdpfault::server
