// The header that every GCC data block begins with (TS_UD_HEADER, MS-RDPBCGR 2.2.1.3.1).
#pragma once

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// A block whose type this project does not know; kept as it came.
struct RawDataBlock {
    std::uint16_t type = 0;
    Bytes body;  // without the four header bytes
    bool operator==(const RawDataBlock&) const = default;
};

// Reads a header and gives the body; length counts the header.
struct DataBlock {
    std::uint16_t type = 0;
    Reader body{{}};
};
DataBlock read_data_block(Reader& reader);

template <class Body>
void write_data_block(Writer& writer, std::uint16_t type, Body body) {
    const auto start = writer.size();
    writer.u16le(type);
    writer.u16le(0);
    body();
    writer.patch_u16le(start + 2, writer.size() - start);
}

}  // namespace rdpfault::protocol
