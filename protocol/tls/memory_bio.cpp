#include "protocol/tls/memory_bio.hpp"

#include <openssl/bio.h>

#include <algorithm>
#include <cstring>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

MemoryEnds& ends_of(BIO* bio) {
    return *static_cast<MemoryEnds*>(BIO_get_data(bio));
}

int write(BIO* bio, const char* data, std::size_t length, std::size_t* written) {
    auto& ends = ends_of(bio);
    BIO_clear_retry_flags(bio);
    if (!ends.discards) append(ends.output, ByteView(reinterpret_cast<const std::uint8_t*>(data), length));
    *written = length;
    return 1;
}

int read(BIO* bio, char* data, std::size_t length, std::size_t* count) {
    auto& input = ends_of(bio).input;
    BIO_clear_retry_flags(bio);
    *count = std::min(length, input.size());
    if (*count == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    std::memcpy(data, input.data(), *count);
    input = input.subspan(*count);
    return 1;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

using MethodPtr = std::unique_ptr<BIO_METHOD, Releaser<BIO_meth_free>>;

MethodPtr make_method() {
    MethodPtr method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "memory of the caller"));
    require(method && BIO_meth_set_write_ex(method.get(), write) == 1 &&
                BIO_meth_set_read_ex(method.get(), read) == 1 && BIO_meth_set_ctrl(method.get(), control) == 1,
            "BIO method");
    return method;
}

}  // namespace

BIO* new_memory_bio(MemoryEnds& ends) {
    static const MethodPtr method = make_method();
    BIO* bio = BIO_new(method.get());
    require(bio != nullptr, "BIO");
    BIO_set_data(bio, &ends);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace rdpfault::tls
