#include "protocol/tls/record_opener.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "protocol/tls/key_schedule.hpp"
#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

using Opened = boost::system::result<OpenedRecord, std::string>;

constexpr std::size_t header_size = 5;
constexpr std::size_t tag_size = 16;

// Sequence number, type, version and length: what is authenticated besides the content up to TLS 1.2.
Bytes pseudo_header(std::uint64_t sequence, ByteView header, std::size_t length) {
    Bytes out;
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(sequence >> shift));
    append(out, header.first(3));
    out.push_back(static_cast<std::uint8_t>(length >> 8));
    out.push_back(static_cast<std::uint8_t>(length));
    return out;
}

}  // namespace

struct RecordOpener::State {
    State(const Secrets& secrets, const RecordCipher& the_cipher, TrafficKeys the_keys, std::uint64_t first)
        : version(secrets.version),
          encrypt_then_mac(secrets.encrypt_then_mac),
          cipher(the_cipher),
          keys(std::move(the_keys)),
          sequence(first) {
        if (cipher.mac) mac = make_hmac(cipher.mac, keys.mac_key);
        if (!cipher.cipher) return;
        decryption.reset(EVP_CIPHER_CTX_new());
        require(decryption && EVP_DecryptInit_ex2(decryption.get(), cipher.cipher, keys.key.data(), nullptr, nullptr) &&
                    EVP_CIPHER_CTX_set_padding(decryption.get(), 0) == 1,
                "cipher");
    }

    bool is_tls_1_3() const { return version == Version::tls1_3; }

    Bytes nonce(ByteView explicit_part) const {
        Bytes out = keys.iv;
        append(out, explicit_part);
        if (explicit_part.empty())
            for (std::size_t i = 0; i < 8; ++i)
                out[out.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
        return out;
    }

    Opened open_aead(ByteView record) {
        const std::size_t explicit_size = cipher.gcm && !is_tls_1_3() ? 8 : 0;
        auto body = record.subspan(header_size);
        if (body.size() < explicit_size + tag_size) return std::string("the record is too short");
        const auto iv = nonce(body.first(explicit_size));
        body = body.subspan(explicit_size);
        const auto sealed = body.first(body.size() - tag_size);
        Bytes tag(body.end() - tag_size, body.end());
        const auto covered = is_tls_1_3() ? Bytes(record.begin(), record.begin() + header_size)
                                          : pseudo_header(sequence, record, sealed.size());
        Bytes plain(sealed.size());
        int count = 0;
        auto* context = decryption.get();
        std::uint8_t nothing = 0;
        const bool good =
            EVP_DecryptInit_ex2(context, nullptr, nullptr, iv.data(), nullptr) == 1 &&
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
            EVP_DecryptUpdate(context, nullptr, &count, covered.data(), static_cast<int>(covered.size())) == 1 &&
            (sealed.empty() ||
             EVP_DecryptUpdate(context, plain.data(), &count, sealed.data(), static_cast<int>(sealed.size())) == 1) &&
            EVP_DecryptFinal_ex(context, &nothing, &count) == 1;
        if (!good) return std::string("the record is not of these keys");
        return is_tls_1_3() ? inner(std::move(plain)) : Opened(OpenedRecord{record[0], std::move(plain)});
    }

    // TLS 1.3: content, type, and zeros to hide the length.
    static Opened inner(Bytes plain) {
        while (!plain.empty() && plain.back() == 0)
            plain.pop_back();
        if (plain.empty()) return std::string("the record has no content type");
        OpenedRecord out;
        out.type = plain.back();
        plain.pop_back();
        out.content = std::move(plain);
        return out;
    }

    bool authentic(const Bytes& header, ByteView content, ByteView expected) {
        std::array<std::uint8_t, EVP_MAX_MD_SIZE> made{};
        std::size_t length = made.size();
        require(EVP_MAC_init(mac.get(), nullptr, 0, nullptr) == 1 &&
                    EVP_MAC_update(mac.get(), header.data(), header.size()) == 1 &&
                    EVP_MAC_update(mac.get(), content.data(), content.size()) == 1 &&
                    EVP_MAC_final(mac.get(), made.data(), &length, made.size()) == 1,
                "MAC");
        return length == expected.size() && CRYPTO_memcmp(made.data(), expected.data(), length) == 0;
    }

    Opened open_with_mac(ByteView record) {
        const auto size = static_cast<std::size_t>(EVP_MD_get_size(cipher.mac));
        auto body = record.subspan(header_size);
        const bool outside = cipher.cipher && encrypt_then_mac;
        if (body.size() < size) return std::string("the record is too short");
        if (outside) {
            const auto tag = body.last(size);
            body = body.first(body.size() - size);
            if (!authentic(pseudo_header(sequence, record, body.size()), body, tag))
                return std::string("the record is not of these keys");
        }
        Bytes plain(body.begin(), body.end());
        Bytes next_iv = keys.iv;
        if (cipher.cipher && !decrypt_blocks(body, plain, next_iv))
            return std::string("the record is not whole blocks");
        if (!outside) {
            if (plain.size() < size) return std::string("the record is not of these keys");
            const auto content = ByteView(plain).first(plain.size() - size);
            if (!authentic(pseudo_header(sequence, record, content.size()), content, ByteView(plain).last(size)))
                return std::string("the record is not of these keys");
            plain.resize(content.size());
        }
        keys.iv = std::move(next_iv);
        return OpenedRecord{record[0], std::move(plain)};
    }

    // Takes off IV and padding. TLS 1.0 chains records: the IV is the last block of the one before.
    bool decrypt_blocks(ByteView body, Bytes& plain, Bytes& iv) {
        const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(cipher.cipher));
        if (body.size() % block != 0) return false;
        if (version >= Version::tls1_1) {
            if (body.size() < block) return false;
            iv.assign(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(block));
            body = body.subspan(block);
        }
        if (body.empty()) return false;
        plain.resize(body.size());
        int count = 0;
        require(EVP_DecryptInit_ex2(decryption.get(), nullptr, nullptr, iv.data(), nullptr) == 1 &&
                    EVP_DecryptUpdate(decryption.get(), plain.data(), &count, body.data(),
                                      static_cast<int>(body.size())) == 1,
                "CBC");
        const std::size_t padding = plain.back() + std::size_t{1};
        if (padding > plain.size()) return false;
        plain.resize(plain.size() - padding);
        iv.assign(body.end() - static_cast<std::ptrdiff_t>(block), body.end());
        return true;
    }

    Version version;
    bool encrypt_then_mac;
    RecordCipher cipher;
    TrafficKeys keys;
    std::uint64_t sequence;
    CipherContextPtr decryption;
    MacContextPtr mac;
};

RecordOpener::RecordOpener(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordOpener::~RecordOpener() = default;
RecordOpener::RecordOpener(RecordOpener&&) noexcept = default;
RecordOpener& RecordOpener::operator=(RecordOpener&&) noexcept = default;

boost::system::result<RecordOpener, std::string> RecordOpener::make(const Secrets& secrets, Side sender,
                                                                    const WritePosition& position) {
    const auto cipher = record_cipher(secrets.cipher_suite);
    if (!cipher) return cipher.error();
    auto keys = traffic_keys(*cipher, secrets, sender, position.epoch, position.key_updates);
    if (!keys) return keys.error();
    return RecordOpener(std::make_unique<State>(secrets, *cipher, std::move(*keys), position.sequence));
}

boost::system::result<OpenedRecord, std::string> RecordOpener::open(ByteView record) {
    if (record.size() < header_size) return std::string("the record is too short");
    auto opened = state_->cipher.mac ? state_->open_with_mac(record) : state_->open_aead(record);
    if (opened) ++state_->sequence;
    return opened;
}

std::uint64_t RecordOpener::sequence() const {
    return state_->sequence;
}

}  // namespace rdpfault::tls
