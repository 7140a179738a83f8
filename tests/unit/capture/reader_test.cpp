// Files, as libpcap reads them.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/capture/reader.hpp"
#include "tests/unit/capture/frames.hpp"

namespace rdpfault::capture::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Bytes le32(std::uint32_t value) {
    auto bytes = be32(value);
    std::ranges::reverse(bytes);
    return bytes;
}

Bytes pcap(std::uint32_t link, const std::vector<Bytes>& frames) {
    auto file = cat({le32(0xA1B2C3D4), {2, 0, 4, 0}, Bytes(8, 0), le32(65535), le32(link)});
    std::uint32_t second = 100;
    for (const auto& frame : frames) {
        const auto size = static_cast<std::uint32_t>(frame.size());
        append(file, cat({le32(second++), le32(42), le32(size), le32(size), frame}));
    }
    return file;
}

struct Reader : testing::Test {
    Reader() {
        auto pattern = (std::filesystem::temp_directory_path() / "rdpfault-reader-XXXXXX").string();
        folder = mkdtemp(pattern.data());
    }
    ~Reader() override { std::filesystem::remove_all(folder); }

    std::string file(const Bytes& bytes) const {
        const auto path = folder / "x.pcap";
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return path;
    }
    ReadResult read(const std::string& path) {
        return read_capture(path, [this](LinkType link, ByteView frame, Time at) {
            links.push_back(link);
            frames.emplace_back(frame.begin(), frame.end());
            times.push_back(at);
        });
    }

    std::filesystem::path folder;
    std::vector<LinkType> links;
    std::vector<Bytes> frames;
    std::vector<Time> times;
};

TEST_F(Reader, GivesEachPacketWithItsTime) {
    const std::vector<Bytes> sent{Bytes(60, 1), Bytes(70, 2)};
    const auto path = file(pcap(1, sent));
    EXPECT_TRUE(is_capture(path));
    EXPECT_THAT(read(path).error, IsEmpty());
    EXPECT_EQ(frames, sent);
    EXPECT_EQ(times[1], Time(std::chrono::seconds(101) + Duration(42)));
    EXPECT_EQ(links[0], LinkType::ethernet);
    EXPECT_THAT(embedded_secrets(path), IsEmpty());
}

TEST_F(Reader, KnowsTheLinkTypes) {
    using enum LinkType;
    for (const auto& [number, link] : {std::pair{0U, loopback}, std::pair{101U, raw_ip}, std::pair{113U, linux_sll},
                                       std::pair{276U, linux_sll2}, std::pair{108U, loopback}}) {
        links.clear();
        EXPECT_THAT(read(file(pcap(number, {Bytes(60, 1)}))).error, IsEmpty()) << number;
        EXPECT_EQ(links, std::vector{link}) << number;
    }
    EXPECT_THAT(read(file(pcap(147, {}))).error, HasSubstr("x.pcap: the link type "));
}

TEST_F(Reader, WhatCameBeforeTheCutWasRead) {
    auto bytes = pcap(1, {Bytes(60, 1), Bytes(70, 2)});
    bytes.resize(bytes.size() - 10);
    const auto result = read(file(bytes));
    EXPECT_THAT(result.error, IsEmpty());
    EXPECT_THAT(result.trouble, HasSubstr("x.pcap: "));
    EXPECT_EQ(frames.size(), 1U);
}

TEST_F(Reader, SaysWhatIsNoCapture) {
    EXPECT_FALSE(is_capture(file(to_bytes("{\"format\": 1}"))));
    EXPECT_FALSE(is_capture(file({})));
    EXPECT_FALSE(is_capture(folder / "missing"));
    EXPECT_THAT(read(folder / "missing").error, HasSubstr("missing"));
}

}  // namespace
}  // namespace rdpfault::capture::test
