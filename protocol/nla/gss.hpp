// GSS-API's handles as objects that release themselves. Internal to this room.
#pragma once

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <string>
#include <utility>

#include "protocol/bytes.hpp"

namespace rdpfault::nla::gss {

inline constexpr char ntlmssp_bytes[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
inline constexpr char spnego_bytes[] = "\x2b\x06\x01\x05\x05\x02";
inline constexpr char kerberos_bytes[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";

// The library takes its constants through pointers that are not const, and does not write there.
template <std::size_t size>
gss_OID_desc oid(const char (&bytes)[size]) {
    return {static_cast<OM_uint32>(size - 1), const_cast<char*>(bytes)};  // NOLINT(*-const-cast)
}
inline gss_buffer_desc view(ByteView bytes) {
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};  // NOLINT(*-const-cast)
}
inline gss_buffer_desc view(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};  // NOLINT(*-const-cast)
}

template <class Handle, auto release>
class Owned {
  public:
    Owned() = default;
    ~Owned() {
        OM_uint32 minor = 0;
        if (handle_) release(&minor, &handle_);
    }
    Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }

    Handle get() const { return handle_; }
    Handle* out() { return &handle_; }
    explicit operator bool() const { return handle_ != nullptr; }

  private:
    Handle handle_ = nullptr;
};

inline OM_uint32 delete_context(OM_uint32* minor, gss_ctx_id_t* context) {
    return gss_delete_sec_context(minor, context, GSS_C_NO_BUFFER);
}

using Name = Owned<gss_name_t, gss_release_name>;
using Credential = Owned<gss_cred_id_t, gss_release_cred>;
using Context = Owned<gss_ctx_id_t, delete_context>;

// Memory that the library allocated.
class Buffer {
  public:
    Buffer() = default;
    ~Buffer() {
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &buffer_);
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    gss_buffer_t out() { return &buffer_; }
    Bytes bytes() const {
        const auto* data = static_cast<const std::uint8_t*>(buffer_.value);
        return data ? Bytes(data, data + buffer_.length) : Bytes{};
    }
    std::string text() const {
        if (!buffer_.value) return {};
        std::string text(static_cast<const char*>(buffer_.value), buffer_.length);
        while (text.ends_with('\0'))  // some mechanisms count the terminator
            text.pop_back();
        return text;
    }

  private:
    gss_buffer_desc buffer_ = GSS_C_EMPTY_BUFFER;
};

// The status in the library's words. `mechanism`: whose minor status it is; nullptr: unknown.
std::string error_text(OM_uint32 major, OM_uint32 minor, gss_OID mechanism);

Name import_name(const std::string& text, gss_OID type);

// gss_acquire_cred_from for one mechanism; where it is SPNEGO, it will negotiate `inner` only. Throws
// std::runtime_error.
Credential acquire(const Name& name, gss_OID mechanism, gss_OID inner, gss_cred_usage_t usage,
                   gss_const_key_value_set_t store);

}  // namespace rdpfault::nla::gss
