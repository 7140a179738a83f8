// What is read is written the shortest way and read again as the same; readers never leave the input.
#include "protocol/ber.hpp"
#include "protocol/per.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

namespace {
template <class Read, class Write>
void check(ByteView input, Read read, Write write) {
    Reader reader(input);
    const auto value = read(reader);
    if (!reader.ok()) return require(reader.error().offset <= input.size());
    Writer writer;
    write(writer, value);
    Reader again(writer.view());
    require(read(again) == value && again.ok() && again.at_end());
}

// Walks a tree of elements as far as it goes.
void walk(Reader reader, int depth) {
    while (depth > 0 && reader.ok() && !reader.at_end()) {
        const auto before = reader.remaining();
        walk(ber::enter(reader, ber::peek_tag(reader), "element"), depth - 1);
        require(!reader.ok() || reader.remaining() < before);
    }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView input(bytes, size);
    walk(Reader(input), 8);
    check(
        input, [](Reader& r) { return ber::read_length(r, "length"); }, ber::write_length);
    check(
        input, [](Reader& r) { return ber::read_integer(r, "integer"); }, ber::write_integer);
    check(
        input, [](Reader& r) { return ber::read_boolean(r, "boolean"); }, ber::write_boolean);
    check(
        input, [](Reader& r) { return per::read_length(r, "length"); }, per::write_length);
    check(
        input, [](Reader& r) { return per::read_integer(r, "integer"); }, per::write_integer);
    check(
        input, [](Reader& r) { return per::read_integer16(r, 1001, "user"); },
        [](Writer& w, std::uint16_t value) { per::write_integer16(w, value, 1001); });
    check(
        input,
        [](Reader& r) {
            const auto content = per::read_octet_string(r, 4, "octets");
            return Bytes(content.begin(), content.end());
        },
        [](Writer& w, const Bytes& value) { per::write_octet_string(w, value, 4); });
    return 0;
}
