#include "protocol/per.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

// Writes and compares with the golden bytes, reads them back to the value, and fails on every shorter piece.
template <class Write, class Read, class Value>
void expect_same(std::string_view golden_text, Write write, Read read, const Value& value) {
    Writer writer;
    write(writer);
    EXPECT_EQ(to_hex(writer.view()), golden_text);
    const auto golden = hex(golden_text);
    Reader reader(golden);
    EXPECT_EQ(read(reader), value);
    EXPECT_TRUE(reader.ok() && reader.at_end());
    for (std::size_t size = 0; size < golden.size(); ++size) {
        Reader cut(ByteView(golden).first(size));
        read(cut);
        EXPECT_FALSE(cut.ok()) << golden_text << " cut to " << size;
    }
}

TEST(Per, Lengths) {
    const std::vector<std::pair<std::size_t, std::string>> table{{0, "00"},     {127, "7f"},      {128, "8080"},
                                                                 {258, "8102"}, {0x3fff, "bfff"}, {0x7fff, "ffff"}};
    for (const auto& [length, bytes] : table)
        expect_same(
            bytes, [length = length](Writer& writer) { per::write_length(writer, length); },
            [](Reader& reader) { return per::read_length(reader, "length"); }, length);
}

TEST(Per, Integer16CountsFromItsMinimum) {
    expect_same(
        "0006", [](Writer& writer) { per::write_integer16(writer, 1007, 1001); },
        [](Reader& reader) { return per::read_integer16(reader, 1001, "user"); }, 1007);
    const auto golden = hex("ffff");
    Reader reader(golden);
    per::read_integer16(reader, 1001, "user");
    EXPECT_EQ(reader.error().code, Errc::bad_value);
}

TEST(Per, Integers) {
    for (const auto& [value, bytes] : std::vector<std::pair<std::uint32_t, std::string>>{
             {0, "0100"}, {255, "01ff"}, {256, "020100"}, {0x10000, "03010000"}, {0xffffffff, "04ffffffff"}})
        expect_same(
            bytes, [value = value](Writer& writer) { per::write_integer(writer, value); },
            [](Reader& reader) { return per::read_integer(reader, "integer"); }, value);
    for (const auto* bytes : {"00", "050000000001"}) {
        const auto golden = hex(bytes);
        Reader reader(golden);
        per::read_integer(reader, "integer");
        EXPECT_EQ(reader.error().code, Errc::bad_length);
    }
}

TEST(Per, EnumerationsStayInTheirRange) {
    const auto golden = hex("0f10");
    Reader reader(golden);
    EXPECT_EQ(per::read_enumerated(reader, 16, "result"), 15);
    EXPECT_TRUE(reader.ok());
    per::read_enumerated(reader, 16, "result");
    EXPECT_EQ(reader.error(), (DecodeError{Errc::bad_value, 1, "result"}));
}

TEST(Per, OctetStringCountsFromItsMinimum) {
    expect_same(
        "0044756361", [](Writer& writer) { per::write_octet_string(writer, to_bytes("Duca"), 4); },
        [](Reader& reader) { return to_hex(per::read_octet_string(reader, 4, "h221 key")); }, "44756361");
}

TEST(Per, NumericString) {
    const auto read = [](Reader& reader) {
        per::skip_numeric_string(reader, 1, "conference name");
        return true;
    };
    expect_same(
        "0010", [](Writer& writer) { per::write_numeric_string(writer, "1", 1); }, read, true);
    expect_same(
        "021230", [](Writer& writer) { per::write_numeric_string(writer, "123", 1); }, read, true);
}

TEST(Per, ObjectIdentifier) {
    expect_same(
        "0500147c0001", [](Writer& writer) { per::write_object_identifier(writer, per::t124_identifier); },
        [](Reader& reader) {
            per::expect_object_identifier(reader, per::t124_identifier, "t124Identifier");
            return true;
        },
        true);
    const auto golden = hex("0500147c0002");
    Reader reader(golden);
    per::expect_object_identifier(reader, per::t124_identifier, "t124Identifier");
    EXPECT_EQ(reader.error(), (DecodeError{Errc::bad_value, 0, "t124Identifier"}));
}

}  // namespace
}  // namespace rdpfault::protocol
