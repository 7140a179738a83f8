#include "protocol/gcc_block.hpp"

namespace rdpfault::protocol {

DataBlock read_data_block(Reader& reader) {
    constexpr std::size_t header_size = 4;
    DataBlock block;
    block.type = reader.u16le("data block type");
    const auto length_at = reader.offset();
    const std::size_t length = reader.u16le("data block length");
    if (length < header_size) reader.fail_at(length_at, Errc::bad_length, "data block length");
    block.body = reader.sub(reader.ok() ? length - header_size : 0, "data block");
    return block;
}

void write_data_block(Writer& writer, const RawDataBlock& block) {
    writer.u16le(block.type);
    writer.u16le(block.body.size() + 4);
    writer.bytes(block.body);
}

}  // namespace rdpfault::protocol
