#include "protocol/dns_message.hpp"

#include <arpa/nameser.h>
#include <resolv.h>

#include <array>

#include "protocol/writer.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t response = 0x8000, recursion_desired = 0x0100, recursion_available = 0x0080;

std::size_t address_size(std::uint16_t type) {
    return type == dns_type_aaaa ? 16 : 4;
}

std::optional<Bytes> head(const DnsQuestion& question, std::uint16_t flags, std::uint16_t answers) {
    std::array<std::uint8_t, NS_MAXCDNAME> name{};
    const int size = ::ns_name_compress(question.name.c_str(), name.data(), name.size(), nullptr, nullptr);
    if (size <= 0 || question.name.find('\0') != std::string::npos) return std::nullopt;
    Writer message;
    message.u16be(question.id);
    message.u16be(flags);
    message.u16be(1);  // question
    message.u16be(answers);
    message.u32be(0);  // neither authority nor additional records
    message.bytes(ByteView(name).first(static_cast<std::size_t>(size)));
    message.u16be(question.type);
    message.u16be(class_in);
    return message.take();
}

// The one question of a message that parses; nullopt otherwise.
std::optional<DnsQuestion> question_of(ns_msg& message) {
    ns_rr record{};
    if (ns_msg_count(message, ns_s_qd) != 1 || ::ns_parserr(&message, ns_s_qd, 0, &record) != 0) return std::nullopt;
    if (ns_rr_class(record) != class_in) return std::nullopt;
    return DnsQuestion{static_cast<std::uint16_t>(ns_msg_id(message)), ns_rr_name(record),
                       static_cast<std::uint16_t>(ns_rr_type(record))};
}

bool parse(ByteView bytes, ns_msg& message) {
    return bytes.size() <= 65535 && ::ns_initparse(bytes.data(), static_cast<int>(bytes.size()), &message) == 0;
}

}  // namespace

std::optional<Bytes> write_dns_query(const DnsQuestion& question) {
    return head(question, recursion_desired, 0);
}

std::optional<DnsQuestion> read_dns_query(ByteView bytes) {
    ns_msg message{};
    if (!parse(bytes, message) || ns_msg_getflag(message, ns_f_qr) != 0 ||
        ns_msg_getflag(message, ns_f_opcode) != ns_o_query)
        return std::nullopt;
    return question_of(message);
}

Bytes write_dns_answer(const DnsQuestion& question, DnsStatus status, const std::vector<Bytes>& addresses,
                       std::uint32_t ttl) {
    Writer records;
    std::uint16_t count = 0;
    const auto size = address_size(question.type);
    constexpr std::size_t room = dns_max_message - 12 - NS_MAXCDNAME - 4;
    for (const auto& address : addresses) {
        if (address.size() != size || records.size() + 12 + size > room) continue;
        records.u16be(0xc00c);  // the name of the question, which begins at byte 12
        records.u16be(question.type);
        records.u16be(class_in);
        records.u32be(ttl);
        records.u16be(size);
        records.bytes(address);
        ++count;
    }
    const auto flags = static_cast<std::uint16_t>(response | recursion_desired | recursion_available |
                                                  static_cast<std::uint16_t>(status));
    auto message = head(question, flags, count).value_or(Bytes{});
    append(message, records.view());
    return message;
}

std::optional<DnsAnswer> read_dns_answer(ByteView bytes) {
    ns_msg message{};
    if (!parse(bytes, message) || ns_msg_getflag(message, ns_f_qr) == 0) return std::nullopt;
    const auto question = question_of(message);
    if (!question) return std::nullopt;
    DnsAnswer answer{*question, static_cast<std::uint8_t>(ns_msg_getflag(message, ns_f_rcode)), {}};
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, ns_s_an, i, &record) != 0) return std::nullopt;
        if (ns_rr_type(record) != question->type || ns_rr_rdlen(record) != address_size(question->type)) continue;
        answer.addresses.emplace_back(ns_rr_rdata(record), ns_rr_rdata(record) + ns_rr_rdlen(record));
    }
    return answer;
}

std::string dns_status_text(std::uint8_t status) {
    switch (status) {
        case 0: return "no error";
        case 1: return "format error";
        case 2: return "server failure";
        case 3: return "name does not exist";
        case 4: return "not implemented";
        case 5: return "refused";
        default: return "status " + std::to_string(status);
    }
}

}  // namespace rdpfault::protocol
