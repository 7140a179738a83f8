#include "harness/link_capture.hpp"

#include <stdexcept>

#include "protocol/writer.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::uint32_t microseconds_magic = 0xa1b2c3d4, ethernet = 1;  // draft-ietf-opsawg-pcap, 4 and 8

void write(std::ofstream& file, ByteView bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

LinkCapture::LinkCapture(const std::string& path, const ClockPair& now)
    : file_(path, std::ios::binary | std::ios::trunc), now_(now) {
    protocol::Writer header;
    header.u32le(microseconds_magic);
    header.u16le(2);  // version 2.4
    header.u16le(4);
    header.u64le(0);  // times are UTC
    header.u32le(link::max_frame);
    header.u32le(ethernet);
    write(file_, header.view());
    file_.flush();
    if (!file_) throw std::runtime_error("cannot write '" + path + "'");
}

void LinkCapture::take(Direction direction, bool leaves, const link::Packet& packet, proxy::Time time) {
    if (leaves != (direction == Direction::server_to_client)) return;  // the far end
    using std::chrono::duration_cast, std::chrono::microseconds;
    const auto at = now_.wall + duration_cast<std::chrono::system_clock::duration>(time - now_.steady);
    const auto since_epoch = duration_cast<microseconds>(at.time_since_epoch()).count();
    protocol::Writer header;
    header.u32le(static_cast<std::uint64_t>(since_epoch / 1'000'000));
    header.u32le(static_cast<std::uint64_t>(since_epoch % 1'000'000));
    header.u32le(packet.size);
    header.u32le(packet.size);
    write(file_, header.view());
    write(file_, packet.frame());
}

}  // namespace rdpfault::harness
