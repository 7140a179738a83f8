#include "protocol/tls/record_sealer.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "protocol/tls/key_schedule.hpp"
#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

constexpr std::size_t tag_size = 16;
constexpr std::uint8_t application_data = 23;

void put16(Bytes& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}

void put64(Bytes& to, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

struct RecordSealer::State {
    State(const Secrets& secrets, const RecordCipher& the_cipher, TrafficKeys the_keys, const WritePosition& position)
        : version(secrets.version),
          encrypt_then_mac(secrets.encrypt_then_mac),
          cipher(the_cipher),
          keys(std::move(the_keys)),
          sequence(position.sequence) {
        if (version == Version::tls1_0 && position.sequence > 0) chain(position.tail);
        if (cipher.mac) mac = make_hmac(cipher.mac, keys.mac_key);
        if (!cipher.cipher) return;
        encryption.reset(EVP_CIPHER_CTX_new());
        require(encryption && EVP_EncryptInit_ex2(encryption.get(), cipher.cipher, keys.key.data(), nullptr, nullptr) &&
                    EVP_CIPHER_CTX_set_padding(encryption.get(), 0) == 1,
                "cipher");
    }

    void chain(ByteView tail) {
        const auto after = encrypt_then_mac ? keys.mac_key.size() : 0;  // HMAC keys are as long as what they make
        if (tail.size() < after + keys.iv.size()) return;
        const auto block = tail.first(tail.size() - after).last(keys.iv.size());
        keys.iv.assign(block.begin(), block.end());
    }

    bool is_tls_1_3() const { return version == Version::tls1_3; }

    void put_header(std::uint8_t type, std::size_t length, Bytes& to) const {
        to.push_back(type);
        put16(to, is_tls_1_3() ? 0x0303 : static_cast<std::size_t>(version));
        put16(to, length);
    }

    // What the MAC and the AEAD of TLS 1.2 and older cover besides the content.
    Bytes pseudo_header(std::uint8_t type, std::size_t length) const {
        Bytes out;
        put64(out, sequence);
        put_header(type, length, out);
        return out;
    }

    void encrypt(ByteView plain, std::uint8_t* to) {
        int count = 0;
        require(EVP_EncryptUpdate(encryption.get(), to, &count, plain.data(), static_cast<int>(plain.size())) == 1,
                "encryption");
    }

    void seal_aead(std::uint8_t type, ByteView content, Bytes& to) {
        const bool explicit_nonce = cipher.gcm && !is_tls_1_3();
        Bytes nonce = keys.iv;
        if (explicit_nonce) {
            put64(nonce, sequence);
        } else {
            for (std::size_t i = 0; i < 8; ++i)
                nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
        }
        const auto inner = content.size() + (is_tls_1_3() ? 1 : 0);
        const auto start = to.size();
        put_header(is_tls_1_3() ? application_data : type, inner + tag_size + (explicit_nonce ? 8 : 0), to);
        const auto covered = is_tls_1_3() ? Bytes(to.begin() + static_cast<std::ptrdiff_t>(start), to.end())
                                          : pseudo_header(type, content.size());
        if (explicit_nonce) put64(to, sequence);
        auto at = to.size();
        to.resize(at + inner + tag_size);
        int count = 0;
        require(EVP_EncryptInit_ex2(encryption.get(), nullptr, nullptr, nonce.data(), nullptr) == 1 &&
                    EVP_EncryptUpdate(encryption.get(), nullptr, &count, covered.data(),
                                      static_cast<int>(covered.size())) == 1,
                "AEAD");
        if (!content.empty()) encrypt(content, &to[at]);
        at += content.size();
        if (is_tls_1_3()) encrypt(ByteView(&type, 1), &to[at++]);
        require(EVP_EncryptFinal_ex(encryption.get(), &to[at], &count) == 1 &&
                    EVP_CIPHER_CTX_ctrl(encryption.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, &to[at]) == 1,
                "AEAD tag");
    }

    void put_mac(const Bytes& header, ByteView content, Bytes& to) {
        const auto at = to.size();
        std::size_t length = static_cast<std::size_t>(EVP_MD_get_size(cipher.mac));
        to.resize(at + length);
        require(EVP_MAC_init(mac.get(), nullptr, 0, nullptr) == 1 &&
                    EVP_MAC_update(mac.get(), header.data(), header.size()) == 1 &&
                    EVP_MAC_update(mac.get(), content.data(), content.size()) == 1 &&
                    EVP_MAC_final(mac.get(), &to[at], &length, length) == 1,
                "MAC");
    }

    // IV, where there is one in the record, and ciphertext of plain text that is padded to whole blocks here.
    Bytes encrypt_blocks(Bytes plain) {
        const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(cipher.cipher));
        const auto padding = block - plain.size() % block;
        plain.insert(plain.end(), padding, static_cast<std::uint8_t>(padding - 1));
        Bytes out;
        if (version >= Version::tls1_1) {
            keys.iv.resize(block);
            require(RAND_bytes(keys.iv.data(), static_cast<int>(block)) == 1, "random IV");
            out = keys.iv;
        }
        const auto at = out.size();
        out.resize(at + plain.size());
        require(EVP_EncryptInit_ex2(encryption.get(), nullptr, nullptr, keys.iv.data(), nullptr) == 1, "CBC");
        encrypt(plain, &out[at]);
        keys.iv.assign(out.end() - static_cast<std::ptrdiff_t>(block), out.end());
        return out;
    }

    void seal_with_mac(std::uint8_t type, ByteView content, Bytes& to) {
        Bytes fragment(content.begin(), content.end());
        if (!cipher.cipher || !encrypt_then_mac) put_mac(pseudo_header(type, content.size()), content, fragment);
        if (cipher.cipher) fragment = encrypt_blocks(std::move(fragment));
        if (cipher.cipher && encrypt_then_mac) {
            const auto header = pseudo_header(type, fragment.size());
            const Bytes encrypted = fragment;
            put_mac(header, encrypted, fragment);
        }
        put_header(type, fragment.size(), to);
        append(to, fragment);
    }

    Version version;
    bool encrypt_then_mac;
    RecordCipher cipher;
    TrafficKeys keys;
    std::uint64_t sequence;
    CipherContextPtr encryption;
    MacContextPtr mac;
};

RecordSealer::RecordSealer(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordSealer::~RecordSealer() = default;
RecordSealer::RecordSealer(RecordSealer&&) noexcept = default;
RecordSealer& RecordSealer::operator=(RecordSealer&&) noexcept = default;

boost::system::result<RecordSealer, std::string> RecordSealer::make(const Secrets& secrets, Side sender,
                                                                    const WritePosition& position) {
    const auto cipher = record_cipher(secrets.cipher_suite);
    if (!cipher) return cipher.error();
    auto keys = traffic_keys(*cipher, secrets, sender, position.epoch, position.key_updates);
    if (!keys) return keys.error();
    return RecordSealer(std::make_unique<State>(secrets, *cipher, std::move(*keys), position));
}

bool RecordSealer::seal(std::uint8_t content_type, ByteView content, Bytes& to) {
    if (content.size() > max_content) return false;
    if (state_->cipher.mac)
        state_->seal_with_mac(content_type, content, to);
    else
        state_->seal_aead(content_type, content, to);
    ++state_->sequence;
    return true;
}

std::uint64_t RecordSealer::sequence() const {
    return state_->sequence;
}

}  // namespace rdpfault::tls
