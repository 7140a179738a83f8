// The transport OpenSSL sees: reads come out of the caller's bytes, writes go to the end of the caller's vector.
// Nothing is copied in between, and nothing can pile up.
#pragma once

#include <openssl/types.h>

#include "protocol/bytes.hpp"

namespace rdpfault::tls {

struct MemoryEnds {
    ByteView input;         // what is left to read; a read of nothing asks to be tried again later
    Bytes output;           // what was written
    bool discards = false;  // writes are taken and forgotten
};

// A BIO over `ends`, which must outlive it and stay where it is. Throws std::runtime_error when OpenSSL has no memory.
BIO* new_memory_bio(MemoryEnds& ends);

}  // namespace rdpfault::tls
