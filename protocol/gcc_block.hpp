// The header that every GCC data block begins with (TS_UD_HEADER, MS-RDPBCGR 2.2.1.3.1).
#pragma once

#include <optional>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// A block whose type this project does not know; kept as it came.
struct RawDataBlock {
    std::uint16_t type = 0;
    Bytes body{};  // without the four header bytes
    bool operator==(const RawDataBlock&) const = default;
};

// Reads a header and gives the body; length counts the header.
struct DataBlock {
    std::uint16_t type = 0;
    Reader body{{}};
};
DataBlock read_data_block(Reader& reader);

// Header and body of a block that is there.
template <class Block>
void write_data_block(Writer& writer, const std::optional<Block>& block) {
    if (!block) return;
    const auto start = writer.size();
    writer.u16le(Block::type);
    writer.u16le(0);
    block->encode(writer);
    writer.patch_u16le(start + 2, writer.size() - start);
}
void write_data_block(Writer& writer, const RawDataBlock& block);

// Takes a block into `into` if it is of its type; an error in it becomes the outer reader's.
template <class Block>
bool take_data_block(Reader& reader, DataBlock& block, std::optional<Block>& into) {
    if (block.type != Block::type) return false;
    into = Block::read(block.body);
    if (!block.body.ok()) reader.adopt(block.body.error());
    return true;
}

}  // namespace rdpfault::protocol
