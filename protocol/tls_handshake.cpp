#include "protocol/tls_handshake.hpp"

#include <algorithm>

#include "protocol/reader.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t max_session_id = 32;

// SHA-256 of "HelloRetryRequest".
constexpr std::array<std::uint8_t, 32> retry_random{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                                    0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                                    0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

TlsHandshakeHeader read_header(Reader& reader) {
    TlsHandshakeHeader header;
    header.type = static_cast<TlsHandshakeType>(reader.u8("handshake type"));
    header.length = reader.u24be("handshake length");
    return header;
}

Reader open_message(ByteView message, TlsHandshakeType expected) {
    Reader reader(message);
    const auto header = read_header(reader);
    if (header.type != expected) reader.fail_at(0, Errc::bad_value, "handshake type");
    if (header.length > reader.remaining()) reader.fail_at(message.size(), Errc::truncated, "handshake body");
    if (header.length < reader.remaining()) reader.fail_at(1, Errc::bad_length, "handshake length");
    return reader;
}

std::size_t begin_message(Writer& writer, TlsHandshakeType type) {
    const auto start = writer.size();
    TlsHandshakeHeader{type, 0}.encode(writer);
    return start;
}

void end_message(Writer& writer, std::size_t start) {
    const auto length = writer.size() - start - tls_handshake_header_size;
    writer.patch_u8(start + 1, length >> 16);
    writer.patch_u16be(start + 2, length & 0xffff);
}

std::array<std::uint8_t, 32> read_random(Reader& reader) {
    std::array<std::uint8_t, 32> random{};
    std::ranges::copy(reader.take(random.size(), "random"), random.begin());
    return random;
}

Bytes read_session_id(Reader& reader) {
    const auto length = reader.u8("session id length");
    reader.expect(length <= max_session_id, Errc::bad_length, "session id length");
    const auto id = reader.take(length, "session id");
    return {id.begin(), id.end()};
}

void write_vector8(Writer& writer, ByteView content) {
    writer.u8(content.size());
    writer.bytes(content);
}

// The rest of `reader` as numbers of two bytes.
std::vector<std::uint16_t> read_numbers(Reader reader) {
    std::vector<std::uint16_t> numbers;
    numbers.reserve(reader.remaining() / 2);
    while (reader.remaining() >= 2)
        numbers.push_back(reader.u16be("list"));
    return numbers;
}

// A list of two-byte numbers behind its length; the length must be even and the list not empty.
std::vector<std::uint16_t> read_list(Reader& reader, std::size_t length, std::string_view what) {
    reader.expect(length > 0 && length % 2 == 0, Errc::bad_length, what);
    return read_numbers(reader.sub(length, what));
}

std::optional<TlsExtensions> read_extensions(Reader& reader) {
    if (!reader.ok() || reader.at_end()) return std::nullopt;
    auto block = reader.sub(reader.u16be("extensions length"), "extensions");
    TlsExtensions extensions;
    while (block.ok() && !block.at_end()) {
        TlsExtension extension;
        extension.type = block.u16be("extension type");
        const auto data = block.take(block.u16be("extension length"), "extension data");
        extension.data.assign(data.begin(), data.end());
        extensions.push_back(std::move(extension));
    }
    if (!block.ok()) reader.adopt(block.error());
    return extensions;
}

void write(Writer& writer, const std::optional<TlsExtensions>& extensions) {
    if (!extensions) return;
    const auto at = writer.size();
    writer.zeros(2);
    for (const auto& extension : *extensions) {
        writer.u16be(extension.type);
        writer.u16be(extension.data.size());
        writer.bytes(extension.data);
    }
    writer.patch_u16be(at, writer.size() - at - 2);
}

const TlsExtension* find(const std::optional<TlsExtensions>& extensions, std::uint16_t type) {
    if (!extensions) return nullptr;
    const auto found = std::ranges::find(*extensions, type, &TlsExtension::type);
    return found == extensions->end() ? nullptr : &*found;
}

// The first host_name of RFC 6066 3. The name is compared and shown, never used as a path or a command.
std::string read_server_name(Reader& reader) {
    auto list = reader.sub(reader.u16be("server name list"), "server name list");
    list.expect(list.u8("server name type") == 0, Errc::unsupported, "server name type");
    const auto name = list.take(list.u16be("server name length"), "server name");
    if (!list.ok()) reader.adopt(list.error());
    return {name.begin(), name.end()};
}

std::vector<std::uint16_t> read_list8(Reader& reader) {
    return read_list(reader, reader.u8("versions"), "versions");
}
std::vector<std::uint16_t> read_list16(Reader& reader) {
    return read_list(reader, reader.u16be("list"), "list");
}

// Reads one extension with `read`; nothing when it is absent or malformed. `failure` takes what is wrong with it.
template <class Read>
auto parse(const std::optional<TlsExtensions>& extensions, std::uint16_t type, Read read, Reader* failure = nullptr) {
    std::optional<std::invoke_result_t<Read, Reader&>> value;
    const auto* extension = find(extensions, type);
    if (!extension) return value;
    Reader reader(extension->data);
    value = read(reader);
    reader.expect_end("bytes after the extension");
    if (reader.ok()) return value;
    if (failure) failure->fail(reader.error().code, reader.error().what);
    value.reset();
    return value;
}

void check_extensions(Reader& reader, const ClientHello& hello) {
    parse(hello.extensions, TlsExtension::server_name, read_server_name, &reader);
    parse(hello.extensions, TlsExtension::supported_versions, read_list8, &reader);
    parse(hello.extensions, TlsExtension::supported_groups, read_list16, &reader);
    parse(hello.extensions, TlsExtension::signature_algorithms, read_list16, &reader);
}

std::uint16_t read_version(Reader& reader) {
    return reader.u16be("selected version");
}

}  // namespace

Result<TlsHandshakeHeader> TlsHandshakeHeader::decode(ByteView bytes) {
    Reader reader(bytes);
    const auto header = read_header(reader);
    return finish(reader, header);
}

void TlsHandshakeHeader::encode(Writer& writer) const {
    writer.u8(static_cast<std::uint8_t>(type));
    writer.u24be(length);
}

Result<ClientHello> ClientHello::decode(ByteView message) {
    auto reader = open_message(message, TlsHandshakeType::client_hello);
    ClientHello hello;
    hello.version = reader.u16be("legacy_version");
    hello.random = read_random(reader);
    hello.session_id = read_session_id(reader);
    hello.cipher_suites = read_list(reader, reader.u16be("cipher suites length"), "cipher suites");
    const auto methods = reader.take(reader.u8("compression methods length"), "compression methods");
    reader.expect(!methods.empty(), Errc::bad_length, "compression methods length");
    hello.compression_methods.assign(methods.begin(), methods.end());
    hello.extensions = read_extensions(reader);
    reader.expect_end("bytes after the ClientHello");
    check_extensions(reader, hello);
    return finish(reader, std::move(hello));
}

void ClientHello::encode(Writer& writer) const {
    const auto start = begin_message(writer, TlsHandshakeType::client_hello);
    writer.u16be(version);
    writer.bytes(random);
    write_vector8(writer, session_id);
    writer.u16be(cipher_suites.size() * 2);
    for (const auto suite : cipher_suites)
        writer.u16be(suite);
    write_vector8(writer, compression_methods);
    write(writer, extensions);
    end_message(writer, start);
}

std::optional<std::string> ClientHello::server_name() const {
    return parse(extensions, TlsExtension::server_name, read_server_name);
}

std::vector<std::uint16_t> ClientHello::supported_versions() const {
    return parse(extensions, TlsExtension::supported_versions, read_list8).value_or(std::vector<std::uint16_t>{});
}

std::vector<std::uint16_t> ClientHello::supported_groups() const {
    return parse(extensions, TlsExtension::supported_groups, read_list16).value_or(std::vector<std::uint16_t>{});
}

std::vector<std::uint16_t> ClientHello::signature_algorithms() const {
    return parse(extensions, TlsExtension::signature_algorithms, read_list16).value_or(std::vector<std::uint16_t>{});
}

Result<ServerHello> ServerHello::decode(ByteView message) {
    auto reader = open_message(message, TlsHandshakeType::server_hello);
    ServerHello hello;
    hello.version = reader.u16be("legacy_version");
    hello.random = read_random(reader);
    hello.session_id = read_session_id(reader);
    hello.cipher_suite = reader.u16be("cipher suite");
    hello.compression_method = reader.u8("compression method");
    hello.extensions = read_extensions(reader);
    reader.expect_end("bytes after the ServerHello");
    parse(hello.extensions, TlsExtension::supported_versions, read_version, &reader);
    return finish(reader, std::move(hello));
}

void ServerHello::encode(Writer& writer) const {
    const auto start = begin_message(writer, TlsHandshakeType::server_hello);
    writer.u16be(version);
    writer.bytes(random);
    write_vector8(writer, session_id);
    writer.u16be(cipher_suite);
    writer.u8(compression_method);
    write(writer, extensions);
    end_message(writer, start);
}

std::uint16_t ServerHello::negotiated_version() const {
    return parse(extensions, TlsExtension::supported_versions, read_version).value_or(version);
}

bool ServerHello::is_hello_retry_request() const {
    return random == retry_random;
}

}  // namespace rdpfault::protocol
