// Demand Active, Confirm Active and the capability sets in them.
#include "protocol/activation.hpp"
#include "tests/unit/protocol/pdu_fixtures.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

std::vector<int> types(const Capabilities& capabilities) {
    std::vector<int> found;
    for (const auto& capability : capabilities)
        found.push_back(capability_type(capability));
    return found;
}

bool raw(const Capability& capability) {
    return std::holds_alternative<RawCapability>(capability);
}

// Header and body of one set.
Bytes set_bytes(const Capability& capability) {
    Writer writer;
    write_capabilities(writer, {capability});
    const auto bytes = writer.view().subspan(4);
    return {bytes.begin(), bytes.end()};
}

Capability read_set(const Bytes& bytes) {
    const auto list = hex("01000000") + bytes;
    Reader reader(list);
    auto capabilities = read_capabilities(reader);
    EXPECT_TRUE(reader.ok() && reader.at_end());
    return capabilities.at(0);
}

template <class T>
void expect_set(const char* golden, const T& value) {
    EXPECT_EQ(to_hex(set_bytes(value)), to_hex(hex(golden)));
    const auto read = read_set(hex(golden));
    ASSERT_TRUE(std::holds_alternative<T>(read)) << golden;
    EXPECT_EQ(std::get<T>(read), value) << golden;
}

TEST(DemandActive, DecodesWhatWindowsSends) {
    const auto bytes = hex(fixtures::windows_demand_active);
    const auto demand = DemandActive::decode(bytes);
    ASSERT_TRUE(demand.has_value()) << to_string(demand.error());
    EXPECT_EQ(demand->origin, (ShareOrigin{0x000103EA, 1002}));
    EXPECT_EQ(demand->source_descriptor, std::string("RDP", 4));
    EXPECT_EQ(demand->session_id, 0u);
    EXPECT_EQ(types(demand->capabilities),
              (std::vector<int>{9, 1, 0x14, 0x16, 0x0E, 2, 3, 0x0A, 0x12, 8, 0x0D, 0x17, 0x18}));
    EXPECT_EQ(find<ShareCapability>(demand->capabilities)->node_id, 1002);
    EXPECT_EQ(find<GeneralCapability>(demand->capabilities)->extra_flags, 0x041D);
    EXPECT_EQ(find<BitmapCapability>(demand->capabilities)->desktop_width, 1280);
    EXPECT_EQ(find<OrderCapability>(demand->capabilities)->desktop_save_size, 1'000'000u);
    EXPECT_EQ(find<InputCapability>(demand->capabilities)->flags, 0x35);
    EXPECT_FALSE(find<FontCapability>(demand->capabilities)->flags);
    EXPECT_FALSE(find<VirtualChannelCapability>(demand->capabilities)->chunk_size);
    EXPECT_EQ(find<GlyphCacheCapability>(demand->capabilities), nullptr);
    EXPECT_TRUE(raw(demand->capabilities[3]));
    EXPECT_EQ(DemandActive::decode(encoded(*demand)).value(), *demand);
    EXPECT_EQ(encoded(*demand).size(), bytes.size());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(DemandActive::decode(ByteView(bytes).first(size)).has_value()) << size;
}

TEST(ConfirmActive, DecodesWhatWindowsSends) {
    auto bytes = hex(fixtures::windows_confirm_active);
    const auto confirm = ConfirmActive::decode(bytes);
    ASSERT_TRUE(confirm.has_value()) << to_string(confirm.error());
    EXPECT_EQ(confirm->origin, (ShareOrigin{0x000103EA, 1007}));
    EXPECT_EQ(confirm->originator_id, 1002);
    EXPECT_EQ(confirm->source_descriptor, std::string("MSTSC", 6));
    EXPECT_EQ(confirm->capabilities.size(), 18u);
    EXPECT_EQ(find<PointerCapability>(confirm->capabilities)->pointer_cache_size, 21);
    EXPECT_EQ(find<GlyphCacheCapability>(confirm->capabilities)->fragments.entries, 256);
    EXPECT_EQ(find<OffscreenCapability>(confirm->capabilities)->cache_size, 7680);
    // Only one padding is not zero in the dump, and it is not kept: that of the input set.
    const std::size_t input_pad = 0x106;
    ASSERT_EQ(bytes[input_pad], 0x20);
    bytes[input_pad] = 0;
    EXPECT_EQ(to_hex(encoded(*confirm)), to_hex(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(ConfirmActive::decode(ByteView(bytes).first(size)).has_value()) << size;
}

TEST(DemandActive, Golden) {
    DemandActive demand;
    demand.origin = {0x000103EA, 1002};
    demand.capabilities = {ShareCapability{1002}, RawCapability{0x19, {1, 0}}};
    expect_golden(hex("2800 1100 ea03 ea030100 0400 1200 52445000 0200 0000 09000800ea030000 190006000100 00000000"),
                  demand);
    demand.session_id.reset();
    expect_golden(hex("2400 1100 ea03 ea030100 0400 1200 52445000 0200 0000 09000800ea030000 190006000100"), demand);
}

TEST(CapabilitySets, Golden) {
    expect_set("0100 1800 0100 0300 0002 0000 0000 0104 0000 0000 0000 00 00", GeneralCapability{});
    expect_set("0200 1c00 2000 0100 0100 0100 0004 0003 0000 0100 0100 00 00 0100 0000", BitmapCapability{});
    expect_set("0500 0c00 0000 0000 0200 0200", ControlCapability{});
    expect_set("0700 0c00 0100 0200 0300 0400", ActivationCapability{1, 2, 3, 4});
    expect_set("0800 0a00 0100 1400 1400", PointerCapability{});
    expect_set("0800 0800 0000 1400", PointerCapability{0, 20, std::nullopt});
    expect_set("0900 0800 0000 0000", ShareCapability{});
    expect_set("0a00 0800 0600 0000", ColorCacheCapability{});
    expect_set("0c00 0800 0100 0000", SoundCapability{1});
    expect_set("0e00 0800 0100 0000", FontCapability{});
    expect_set("0e00 0400", FontCapability{std::nullopt});
    expect_set("0f00 0800 01000000", BrushCapability{1});
    expect_set("1100 0c00 01000000 001e 6400", OffscreenCapability{1, 7680, 100});
    expect_set("1400 0c00 00000000 40060000", VirtualChannelCapability{});
    expect_set("1400 0800 02000000", VirtualChannelCapability{2, std::nullopt});
    expect_set("1a00 0800 00000100", MultifragmentCapability{65536});
    expect_set("1b00 0600 0100", LargePointerCapability{1});
    expect_set("1c00 0c00 52000000 00000000", SurfaceCommandsCapability{0x52});
    expect_set("1e00 0800 01000000", RawCapability{0x1E, {1, 0, 0, 0}});
}

TEST(CapabilitySets, GoldenOfTheLongOnes) {
    OrderCapability order;
    order.order_support[31] = 1;
    EXPECT_EQ(set_bytes(order).size(), 88u);
    EXPECT_EQ(read_set(set_bytes(order)), Capability(order));

    BitmapCacheCapability cache;
    cache.caches = {{{600, 768}, {300, 3072}, {100, 12288}}};
    EXPECT_EQ(to_hex(set_bytes(cache)), "04002800" + std::string(48, '0') +
                                            "58020003"
                                            "2c01000c"
                                            "64000030");
    EXPECT_EQ(read_set(set_bytes(cache)), Capability(cache));

    InputCapability input;
    input.ime_file_name = "kana";
    EXPECT_EQ(set_bytes(input).size(), 88u);
    EXPECT_EQ(read_set(set_bytes(input)), Capability(input));

    GlyphCacheCapability glyphs;
    glyphs.caches[9] = {64, 2048};
    glyphs.support_level = 3;
    EXPECT_EQ(set_bytes(glyphs).size(), 52u);
    EXPECT_EQ(read_set(set_bytes(glyphs)), Capability(glyphs));

    BitmapCodecsCapability codecs;
    codecs.codecs = {{{0xB9, 0x1B, 0x8D}, 1, {1, 1, 3}}, {{0x12}, 3, {}}};
    EXPECT_EQ(set_bytes(codecs).size(), 4u + 1 + 22 + 19);
    EXPECT_EQ(read_set(set_bytes(codecs)), Capability(codecs));
}

TEST(CapabilitySets, OfAnotherLengthStayRaw) {
    EXPECT_TRUE(raw(read_set(hex("0100 0800 01000300"))));     // a General set that is too short
    EXPECT_TRUE(raw(read_set(hex("0900 0900 ea030000 00"))));  // a Share set that is too long
    EXPECT_TRUE(raw(read_set(hex("1d00 0500 01"))));           // a codec that is not there
    EXPECT_EQ(to_hex(set_bytes(read_set(hex("0900 0900 ea030000 07")))), "09000900ea03000007");
}

TEST(CapabilitySets, CountsAndLengthsThatLieAreErrors) {
    const auto error = [](std::string_view text) {
        const auto bytes = hex(text);
        Reader reader(bytes);
        read_capabilities(reader);
        return reader.error();
    };
    EXPECT_EQ(error("ffff0000 09000800ea030000").code, Errc::truncated);
    EXPECT_EQ(error("01000000 0900 0300").code, Errc::bad_length);
    EXPECT_EQ(error("01000000 0900 0800 ea03").code, Errc::truncated);
}

}  // namespace
}  // namespace rdpfault::protocol
