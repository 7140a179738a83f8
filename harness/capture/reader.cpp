#include "harness/capture/reader.hpp"

#include <pcap/pcap.h>

#include <array>
#include <fstream>
#include <memory>

#include "harness/capture/secrets_reader.hpp"

namespace rdpfault::capture {

namespace {

struct CloseCapture {
    void operator()(pcap_t* capture) const { pcap_close(capture); }
};
using CapturePtr = std::unique_ptr<pcap_t, CloseCapture>;

std::optional<LinkType> link_type(int value) {
    constexpr int raw_elsewhere = 14;  // LINKTYPE_RAW as OpenBSD numbers it
    switch (value) {
        case DLT_NULL:
        case DLT_LOOP: return LinkType::loopback;
        case DLT_EN10MB: return LinkType::ethernet;
        case raw_elsewhere:
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6: return LinkType::raw_ip;
        case DLT_LINUX_SLL: return LinkType::linux_sll;
        case DLT_LINUX_SLL2: return LinkType::linux_sll2;
        default: return std::nullopt;
    }
}

// "eth.pcap: ...", where libpcap does not name the file itself.
std::string named(const std::string& path, const std::string& what) {
    return what.find(path) == std::string::npos ? path + ": " + what : what;
}

}  // namespace

bool is_capture(const std::string& path) {
    std::array<unsigned char, 4> magic{};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(magic.data()), magic.size())) return false;
    using Magic = std::array<unsigned char, 4>;
    for (const auto& known :
         {Magic{0xA1, 0xB2, 0xC3, 0xD4}, Magic{0xD4, 0xC3, 0xB2, 0xA1}, Magic{0xA1, 0xB2, 0x3C, 0x4D},
          Magic{0x4D, 0x3C, 0xB2, 0xA1}, Magic{0x0A, 0x0D, 0x0D, 0x0A}})
        if (magic == known) return true;
    return false;
}

ReadResult read_capture(const std::string& path, const OnPacket& on_packet) {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    const CapturePtr capture(pcap_open_offline(path.c_str(), error.data()));
    if (!capture) return {named(path, error.data()), {}};
    const auto link = link_type(pcap_datalink(capture.get()));
    if (!link) {
        const auto* name = pcap_datalink_val_to_name(pcap_datalink(capture.get()));
        return {path + ": the link type " + (name != nullptr ? name : std::to_string(pcap_datalink(capture.get()))) +
                    " is not known here; known are Ethernet, Linux cooked, raw IP and loopback",
                {}};
    }
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(capture.get(), &header, &bytes)) == 1) {
        const auto at = Time(std::chrono::seconds(header->ts.tv_sec) + std::chrono::microseconds(header->ts.tv_usec));
        on_packet(*link, ByteView(bytes, header->caplen), at);
    }
    if (status == PCAP_ERROR_BREAK) return {};
    return {{}, named(path, pcap_geterr(capture.get()))};
}

std::string embedded_secrets(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    SecretsReader reader;
    std::array<char, 65536> piece{};
    while (file && reader.readable()) {
        if (const auto count = reader.ignorable(); count > piece.size()) {
            file.seekg(static_cast<std::streamoff>(count), std::ios::cur);
            reader.skip(count);
            continue;
        }
        file.read(piece.data(), piece.size());
        reader.feed(
            ByteView(reinterpret_cast<const std::uint8_t*>(piece.data()), static_cast<std::size_t>(file.gcount())));
    }
    return reader.key_log();
}

}  // namespace rdpfault::capture
