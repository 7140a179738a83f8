#include "proxy/link/mtu.hpp"

#include "proxy/link/answers.hpp"

namespace rdpfault::link {

// Nothing is fragmented here: what TCP sends says "don't fragment", and IPv6 routers never do.
void MtuEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    const auto& h = packet->headers;
    if (mtu_.bytes == 0 || std::uint32_t{h.end} - h.network <= mtu_.bytes) return outlet.pass(std::move(packet), now);
    ++dropped_;
    if (mtu_.black_hole) return;
    if (auto answer = make_too_big(*packet, mtu_.bytes)) outlet.answer(std::move(answer), now);
}

}  // namespace rdpfault::link
