#include "protocol/credssp.hpp"

#include "protocol/ber.hpp"
#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t max_tokens = 8;  // real peers send one

// ber::enter, and the length in its shortest form, as DER wants it (X.690 10.1).
Reader enter(Reader& reader, ber::Tag tag, std::string_view what) {
    const auto start = reader.offset();
    auto inner = ber::enter(reader, tag, what);
    if (!reader.ok()) return inner;
    Writer shortest;
    ber::write_length(shortest, inner.remaining());
    if (reader.offset() - start != 1 + shortest.size() + inner.remaining())
        reader.fail_at(start, Errc::bad_length, what);
    return inner;
}

// Takes over what is wrong inside, and that something is left over there.
void leave(Reader& outer, Reader& inner, std::string_view what) {
    inner.expect_end(what);
    if (!inner.ok()) outer.adopt(inner.error());
}

Bytes read_octets(Reader& reader, unsigned number, std::string_view what) {
    auto field = enter(reader, ber::context(number), what);
    const auto content = enter(field, ber::octet_string, what).rest();
    leave(reader, field, what);
    return {content.begin(), content.end()};
}

std::uint32_t read_integer(Reader& reader, unsigned number, std::string_view what) {
    auto field = enter(reader, ber::context(number), what);
    const auto value = ber::read_integer(field, what);
    leave(reader, field, what);
    return value;
}

std::vector<Bytes> read_tokens(Reader& reader) {
    constexpr std::string_view what = "TSRequest negoTokens";
    std::vector<Bytes> tokens;
    auto field = enter(reader, ber::context(1), what);
    auto list = enter(field, ber::sequence, what);
    while (list.ok() && !list.at_end()) {
        if (tokens.size() == max_tokens) {
            list.fail(Errc::too_long, what);
            break;
        }
        auto element = enter(list, ber::sequence, what);
        tokens.push_back(read_octets(element, 0, what));
        leave(list, element, what);
    }
    if (list.ok() && tokens.empty()) list.fail(Errc::bad_length, what);
    leave(field, list, what);
    leave(reader, field, what);
    return tokens;
}

void write_octets(Writer& writer, unsigned number, ByteView content) {
    Writer inner;
    ber::write_octet_string(inner, content);
    ber::write(writer, ber::context(number), inner.view());
}

void write_integer(Writer& writer, unsigned number, std::uint32_t value) {
    Writer inner;
    ber::write_integer(inner, value);
    ber::write(writer, ber::context(number), inner.view());
}

void write_tokens(Writer& writer, const std::vector<Bytes>& tokens) {
    Writer elements;
    for (const auto& token : tokens) {
        Writer element;
        write_octets(element, 0, token);
        ber::write(elements, ber::sequence, element.view());
    }
    Writer list;
    ber::write(list, ber::sequence, elements.view());
    ber::write(writer, ber::context(1), list.view());
}

// A whole message: nothing behind its SEQUENCE.
Reader open(Reader& reader, std::string_view what) {
    auto sequence = enter(reader, ber::sequence, what);
    reader.expect_end(what);
    if (!reader.ok()) sequence.adopt(reader.error());
    return sequence;
}

template <class T>
Result<T> close(Reader& sequence, T value, std::string_view what) {
    sequence.expect_end(what);
    return finish(sequence, std::move(value));
}

bool next_is(const Reader& reader, unsigned number) {
    return reader.ok() && ber::peek_tag(reader) == ber::context(number);
}

}  // namespace

Result<TsRequest> TsRequest::decode(ByteView bytes) {
    Reader reader(bytes);
    auto sequence = open(reader, "TSRequest");
    TsRequest request;
    request.version = read_integer(sequence, 0, "TSRequest version");
    if (next_is(sequence, 1)) request.tokens = read_tokens(sequence);
    if (next_is(sequence, 2)) request.auth_info = read_octets(sequence, 2, "TSRequest authInfo");
    if (next_is(sequence, 3)) request.public_key = read_octets(sequence, 3, "TSRequest pubKeyAuth");
    if (next_is(sequence, 4)) request.error_code = read_integer(sequence, 4, "TSRequest errorCode");
    if (next_is(sequence, 5)) {
        const auto start = sequence.offset();
        request.nonce = read_octets(sequence, 5, "TSRequest clientNonce");
        if (request.nonce->size() != credssp::nonce_size)
            sequence.fail_at(start, Errc::bad_length, "TSRequest clientNonce");
    }
    return close(sequence, std::move(request), "TSRequest");
}

void TsRequest::encode(Writer& writer) const {
    Writer fields;
    write_integer(fields, 0, version);
    if (!tokens.empty()) write_tokens(fields, tokens);
    if (auth_info) write_octets(fields, 2, *auth_info);
    if (public_key) write_octets(fields, 3, *public_key);
    if (error_code) {
        Writer inner;
        ber::write_integer32(inner, *error_code);
        ber::write(fields, ber::context(4), inner.view());
    }
    if (nonce) write_octets(fields, 5, *nonce);
    ber::write(writer, ber::sequence, fields.view());
}

Result<TsCredentials> TsCredentials::decode(ByteView bytes) {
    Reader reader(bytes);
    auto sequence = open(reader, "TSCredentials");
    TsCredentials out;
    out.type = read_integer(sequence, 0, "TSCredentials credType");
    out.credentials = read_octets(sequence, 1, "TSCredentials credentials");
    return close(sequence, std::move(out), "TSCredentials");
}

void TsCredentials::encode(Writer& writer) const {
    Writer fields;
    write_integer(fields, 0, type);
    write_octets(fields, 1, credentials);
    ber::write(writer, ber::sequence, fields.view());
}

Result<TsPasswordCredentials> TsPasswordCredentials::decode(ByteView bytes) {
    Reader reader(bytes);
    auto sequence = open(reader, "TSPasswordCreds");
    TsPasswordCredentials out;
    out.domain = from_utf16le(read_octets(sequence, 0, "TSPasswordCreds domainName"));
    out.user = from_utf16le(read_octets(sequence, 1, "TSPasswordCreds userName"));
    out.password = from_utf16le(read_octets(sequence, 2, "TSPasswordCreds password"));
    return close(sequence, std::move(out), "TSPasswordCreds");
}

void TsPasswordCredentials::encode(Writer& writer) const {
    Writer fields;
    write_octets(fields, 0, to_utf16le(domain));
    write_octets(fields, 1, to_utf16le(user));
    write_octets(fields, 2, to_utf16le(password));
    ber::write(writer, ber::sequence, fields.view());
}

Result<EarlyUserAuthorization> EarlyUserAuthorization::decode(ByteView bytes) {
    Reader reader(bytes);
    EarlyUserAuthorization out;
    out.result = reader.u32le("Early User Authorization Result");
    reader.expect_end("Early User Authorization Result");
    return finish(reader, out);
}

void EarlyUserAuthorization::encode(Writer& writer) const {
    writer.u32le(result);
}

Bytes binding_hash_input(Direction direction, ByteView nonce, ByteView public_key) {
    using namespace std::string_view_literals;
    // Both magics end in a NUL that is hashed too.
    Bytes input = to_bytes(direction == Direction::client_to_server ? "CredSSP Client-To-Server Binding Hash\0"sv
                                                                    : "CredSSP Server-To-Client Binding Hash\0"sv);
    append(input, nonce);
    append(input, public_key);
    return input;
}

Bytes incremented(ByteView public_key) {
    Bytes out(public_key.begin(), public_key.end());
    for (auto& byte : out)
        if (++byte != 0) break;
    return out;
}

}  // namespace rdpfault::protocol
