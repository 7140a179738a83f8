#include "proxy/link/port.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace rdpfault::link {

namespace {

// A slot holds the largest super-packet (helper.cpp: gso_limit) with the ring's own header before it.
constexpr std::size_t slot_size = 16'384;
constexpr std::size_t slots = 768;
constexpr std::size_t ring_size = slot_size * slots;
constexpr std::size_t batch = 64;

// struct virtio_net_hdr; <linux/virtio_net.h> has fields that are keywords of C++.
struct VirtioHeader {
    std::uint8_t flags = 0;
    std::uint8_t segmentation = 0;
    std::uint16_t header_length = 0;
    std::uint16_t segment_size = 0;
    std::uint16_t checksum_start = 0;
    std::uint16_t checksum_offset = 0;
};
static_assert(sizeof(VirtioHeader) == 10);
constexpr std::uint8_t needs_checksum = 1;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Port::Port(Descriptor socket, const std::string& interface) : socket_(std::move(socket)) {
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    if (::ioctl(socket_.get(), SIOCGIFINDEX, &request) != 0) fail("no such interface");
    const auto set = [&](int option, const auto& value, const char* what) {
        if (::setsockopt(socket_.get(), SOL_PACKET, option, &value, sizeof value) != 0) fail(what);
    };
    set(PACKET_VERSION, int{TPACKET_V2}, "PACKET_VERSION");
    set(PACKET_VNET_HDR, 1, "PACKET_VNET_HDR");
    set(PACKET_IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
    tpacket_req ring{};
    ring.tp_block_size = slot_size;
    ring.tp_block_nr = slots;
    ring.tp_frame_size = slot_size;
    ring.tp_frame_nr = slots;
    set(PACKET_RX_RING, ring, "PACKET_RX_RING");
    void* memory = ::mmap(nullptr, ring_size, PROT_READ | PROT_WRITE, MAP_SHARED, socket_.get(), 0);
    if (memory == MAP_FAILED) fail("mmap of the ring");
    ring_ = static_cast<std::uint8_t*>(memory);
    ::madvise(memory, ring_size, MADV_DONTFORK);  // the helper of another link must not keep this one alive

    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = request.ifr_ifindex;
    if (::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::munmap(ring_, ring_size);
        fail("bind");
    }
}

Port::~Port() {
    ::munmap(ring_, ring_size);
}

std::size_t Port::receive(std::vector<PacketPtr>& packets, std::size_t limit) {
    std::size_t taken = 0;
    for (; taken < limit; ++taken) {
        auto* slot = ring_ + next_ * slot_size;
        auto* header = reinterpret_cast<tpacket2_hdr*>(slot);
        const std::atomic_ref<__u32> status(header->tp_status);
        if (!(status.load(std::memory_order_acquire) & TP_STATUS_USER)) break;
        const std::size_t at = header->tp_mac;
        const std::size_t size = header->tp_snaplen;
        VirtioHeader offload;
        if (at >= sizeof offload && at + size <= slot_size && size == header->tp_len) {
            std::memcpy(&offload, slot + at - sizeof offload, sizeof offload);
            cut({slot + at, size},
                {.segment_size = offload.segmentation == 0 ? std::uint16_t{0} : offload.segment_size,
                 .open_checksum = (offload.flags & needs_checksum) != 0},
                packets);
        }
        status.store(TP_STATUS_KERNEL, std::memory_order_release);
        next_ = (next_ + 1) % slots;
    }
    return taken;
}

std::size_t Port::send(const std::vector<PacketPtr>& packets, const std::uint8_t (&destination)[6]) {
    static VirtioHeader plain;
    std::size_t refused = 0;
    for (std::size_t begin = 0; begin < packets.size(); begin += batch) {
        const auto count = std::min(batch, packets.size() - begin);
        mmsghdr messages[batch] = {};
        iovec parts[batch][2];
        for (std::size_t i = 0; i < count; ++i) {
            auto& packet = *packets[begin + i];
            std::memcpy(packet.bytes.data(), destination, sizeof destination);
            parts[i][0] = {&plain, sizeof plain};
            parts[i][1] = {packet.bytes.data(), packet.size};
            messages[i].msg_hdr.msg_iov = parts[i];
            messages[i].msg_hdr.msg_iovlen = 2;
        }
        for (std::size_t sent = 0; sent < count;) {
            const int n = ::sendmmsg(socket_.get(), messages + sent, static_cast<unsigned>(count - sent), 0);
            if (n > 0) {
                sent += static_cast<std::size_t>(n);
            } else if (errno != EINTR) {
                ++refused;  // this one; the others may still go
                ++sent;
            }
        }
    }
    return refused;
}

std::uint64_t Port::overruns() {
    tpacket_stats stats{};
    socklen_t size = sizeof stats;
    return ::getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0 ? stats.tp_drops : 0;
}

}  // namespace rdpfault::link
