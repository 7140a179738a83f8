// Licensing PDUs (MS-RDPBCGR 2.2.1.12, MS-RDPELE 2.2.2), on the I/O channel, with their security header.
// decode() takes the payload of the Send Data PDU. Only what ends licensing at once is spoken: the error alert both
// ways, the server's request, and the client's request for a new licence.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

enum class LicenseMessage : std::uint8_t {
    license_request = 0x01,
    platform_challenge = 0x02,
    new_license = 0x03,
    upgrade_license = 0x04,
    license_info = 0x12,
    new_license_request = 0x13,
    platform_challenge_response = 0x15,
    error_alert = 0xFF,
};

namespace license_error {
inline constexpr std::uint32_t invalid_server_certificate = 0x1;
inline constexpr std::uint32_t no_license = 0x2;
inline constexpr std::uint32_t invalid_mac = 0x3;
inline constexpr std::uint32_t invalid_scope = 0x4;
inline constexpr std::uint32_t no_license_server = 0x6;
inline constexpr std::uint32_t status_valid_client = 0x7;
inline constexpr std::uint32_t invalid_client = 0x8;
inline constexpr std::uint32_t invalid_product_id = 0xB;
inline constexpr std::uint32_t invalid_message_length = 0xC;
}  // namespace license_error

namespace license_transition {
inline constexpr std::uint32_t total_abort = 1;
inline constexpr std::uint32_t no_transition = 2;
inline constexpr std::uint32_t reset_phase_to_start = 3;
inline constexpr std::uint32_t resend_last_message = 4;
}  // namespace license_transition

// Preamble flags: the low four bits are the version (2 RDP 4, 3 RDP 5 and later), 0x80 extended errors supported.
inline constexpr std::uint8_t license_version_3 = 0x03;

// Whether a payload on the I/O channel is a licensing PDU at all (its security header says so).
bool is_licensing(ByteView payload);
// Which one; `unsupported` for a type that is not listed above.
Result<LicenseMessage> license_message(ByteView payload);

// LICENSE_BINARY_BLOB (2.2.1.12.1.2).
struct LicenseBlob {
    std::uint16_t type = 0;
    Bytes data{};
    bool operator==(const LicenseBlob&) const = default;
};

// LICENSE_ERROR_MESSAGE (2.2.1.12.1.3), either direction. The default is "valid client": licensing is over.
struct LicenseErrorAlert {
    std::uint8_t flags = license_version_3;  // xrdp sends 2
    std::uint32_t error_code = license_error::status_valid_client;
    std::uint32_t state_transition = license_transition::no_transition;
    LicenseBlob error_info{4, {}};  // BB_ERROR_BLOB; the type of an empty one says nothing (xrdp: 0x1428)

    bool valid_client() const {
        return error_code == license_error::status_valid_client &&
               state_transition == license_transition::no_transition;
    }
    // What a client without a licence store answers to a License Request.
    static LicenseErrorAlert no_license() {
        return {0x83, license_error::no_license, license_transition::total_abort, {4, {}}};
    }

    static Result<LicenseErrorAlert> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const LicenseErrorAlert&) const = default;
};

// SERVER_LICENSE_REQUEST (MS-RDPELE 2.2.2.1).
struct LicenseRequest {
    std::uint8_t flags = license_version_3;
    std::array<std::uint8_t, 32> server_random{};
    std::uint32_t product_version = 0x00060000;
    std::string company_name{};
    std::string product_id{};
    LicenseBlob key_exchange_list{0x000D, {1, 0, 0, 0}};  // RSA
    LicenseBlob server_certificate{0x0003, {}};
    std::vector<LicenseBlob> scopes{};  // at most 64 are read

    static Result<LicenseRequest> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const LicenseRequest&) const = default;
};

// CLIENT_NEW_LICENSE_REQUEST (MS-RDPELE 2.2.2.2).
struct NewLicenseRequest {
    std::uint8_t flags = license_version_3;
    std::uint32_t key_exchange_algorithm = 1;  // RSA
    std::uint32_t platform_id = 0x04000000;    // client OS in the high byte, maker in the next
    std::array<std::uint8_t, 32> client_random{};
    LicenseBlob encrypted_premaster_secret{0x0002, {}};
    LicenseBlob client_user_name{0x000F, {}};
    LicenseBlob client_machine_name{0x0010, {}};

    static Result<NewLicenseRequest> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const NewLicenseRequest&) const = default;
};

}  // namespace rdpfault::protocol
