#include "protocol/ber.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

template <class Write>
std::string written(Write write) {
    Writer writer;
    write(writer);
    return to_hex(writer.view());
}

TEST(Ber, LengthsInTheShortestForm) {
    const std::vector<std::pair<std::size_t, std::string>> table{
        {0, "00"},       {127, "7f"},         {128, "8180"},           {255, "81ff"},
        {256, "820100"}, {65536, "83010000"}, {16777216, "8401000000"}};
    for (const auto& [length, bytes] : table) {
        EXPECT_EQ(written([length = length](Writer& writer) { ber::write_length(writer, length); }), bytes);
        const auto golden = hex(bytes);
        Reader reader(golden);
        EXPECT_EQ(ber::read_length(reader, "length"), length);
        EXPECT_TRUE(reader.ok() && reader.at_end());
    }
}

TEST(Ber, RefusesIndefiniteAndHugeLengths) {
    for (const auto* bytes : {"80", "850000000001", "ff"}) {
        const auto golden = hex(bytes);
        Reader reader(golden);
        ber::read_length(reader, "length");
        EXPECT_EQ(reader.error().code, Errc::bad_length) << bytes;
    }
}

TEST(Ber, Integers) {
    const std::vector<std::pair<std::uint32_t, std::string>> table{{0, "020100"},
                                                                   {34, "020122"},
                                                                   {127, "02017f"},
                                                                   {128, "02020080"},
                                                                   {65535, "020300ffff"},
                                                                   {0x7fffffff, "02047fffffff"},
                                                                   {0xc000005e, "020500c000005e"}};
    for (const auto& [value, bytes] : table) {
        EXPECT_EQ(written([value = value](Writer& writer) { ber::write_integer(writer, value); }), bytes);
        const auto golden = hex(bytes);
        Reader reader(golden);
        EXPECT_EQ(ber::read_integer(reader, "integer"), value);
        EXPECT_TRUE(reader.ok() && reader.at_end());
    }
    EXPECT_EQ(written([](Writer& writer) { ber::write_integer32(writer, 0xc000005e); }), "0204c000005e");
    const auto status = hex("0204c000005e");
    Reader reader(status);
    EXPECT_EQ(ber::read_integer(reader, "errorCode"), 0xc000005e);
}

TEST(Ber, RefusesIntegersThatDoNotFit) {
    for (const auto* bytes : {"0200", "02050100000000", "0401ff"}) {
        const auto golden = hex(bytes);
        Reader reader(golden);
        EXPECT_EQ(ber::read_integer(reader, "integer"), 0u);
        EXPECT_FALSE(reader.ok()) << bytes;
    }
}

TEST(Ber, BooleansAndEnumerations) {
    EXPECT_EQ(written([](Writer& writer) { ber::write_boolean(writer, true); }), "0101ff");
    EXPECT_EQ(written([](Writer& writer) { ber::write_enumerated(writer, 14); }), "0a010e");
    const auto golden = hex("0101ff 010100 0a010e 0102ffff");
    Reader reader(golden);
    EXPECT_TRUE(ber::read_boolean(reader, "flag"));
    EXPECT_FALSE(ber::read_boolean(reader, "flag"));
    EXPECT_EQ(ber::read_enumerated(reader, "result"), 14u);
    EXPECT_TRUE(reader.ok());
    ber::read_boolean(reader, "flag");
    EXPECT_EQ(reader.error(), (DecodeError{Errc::bad_length, 9, "flag"}));
}

TEST(Ber, EntersElementsWithTheirTags) {
    const auto golden = hex("7f6505 0403010203 300501");
    Reader reader(golden);
    EXPECT_EQ(ber::peek_tag(reader), ber::application(101));
    auto inner = ber::enter(reader, ber::application(101), "Connect Initial");
    EXPECT_EQ(to_hex(ber::read_octet_string(inner, "domain")), "010203");
    EXPECT_TRUE(inner.ok() && inner.at_end());
    EXPECT_EQ(ber::peek_tag(reader), ber::sequence);
    auto cut = ber::enter(reader, ber::sequence, "TSRequest");
    EXPECT_EQ(cut.error(), (DecodeError{Errc::truncated, 10, "TSRequest"}));
    EXPECT_FALSE(reader.ok());
}

TEST(Ber, RefusesAnotherTag) {
    const auto golden = hex("7f6600");
    Reader reader(golden);
    ber::enter(reader, ber::application(101), "Connect Initial");
    EXPECT_EQ(reader.error(), (DecodeError{Errc::bad_value, 0, "Connect Initial"}));
}

TEST(Ber, WritesAnElementAroundItsContent) {
    const auto token = written([](Writer& writer) {
        Writer inner;
        ber::write_octet_string(inner, hex("000102"));
        ber::write(writer, ber::context(0), inner.view());
    });
    EXPECT_EQ(token, "a0050403000102");
    EXPECT_EQ(written([](Writer& writer) { ber::write(writer, ber::application(101), {}); }), "7f6500");
}

}  // namespace
}  // namespace rdpfault::protocol
