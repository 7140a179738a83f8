#include "proxy/faults/mutate.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocol/tls_record.hpp"
#include "proxy/faults/mutation_rows.hpp"

namespace rdpfault::proxy {

namespace {

const MutationRow* find_row(std::string_view name) {
    for (const auto rows : {x224_rows(), conference_rows(), domain_rows(), session_rows()})
        for (const auto& row : rows)
            if (row.info.name == name) return &row;
    return nullptr;
}

}  // namespace

std::span<const MutationInfo> mutation_table() {
    static const auto table = [] {
        std::vector<MutationInfo> infos;
        for (const auto rows : {x224_rows(), conference_rows(), domain_rows(), session_rows()})
            for (const auto& row : rows)
                infos.push_back(row.info);
        return infos;
    }();
    return table;
}

std::size_t mutate(Bytes& unit, std::span<const action::Mutation> mutations) {
    std::size_t applied = 0;
    // First what moves bytes, which repairs lengths; then all values are looked for, before one of them can hide
    // another; then they are written.
    for (const auto& mutation : mutations) {
        const auto* row = find_row(mutation.field);
        if (row == nullptr) continue;
        if (row->reshape != nullptr)
            applied += row->reshape(unit, mutation.value) ? 1U : 0U;
        else
            make_room(unit, row->find(unit), mutation.value);
    }
    std::vector<std::pair<Field, std::uint64_t>> writes;
    for (const auto& mutation : mutations) {
        const auto* row = find_row(mutation.field);
        if (row == nullptr || row->find == nullptr) continue;
        if (const auto path = row->find(unit); !path.empty()) writes.emplace_back(path.back(), mutation.value);
    }
    for (const auto& [field, value] : writes)
        applied += write_field(unit, field, value) ? 1U : 0U;
    return applied;
}

std::vector<std::uint64_t> corrupt(Bytes& unit, const action::Corrupt& how, Draws draws) {
    std::vector<std::uint64_t> positions;
    if (how.skip >= unit.size()) return positions;
    const std::uint64_t first = how.skip * 8;
    const std::uint64_t available = unit.size() * 8 - first;
    const auto wanted = std::min<std::uint64_t>({how.bits, available, max_corrupt_bits});
    while (positions.size() < wanted) {
        const auto position = first + draws.below(available);
        if (std::find(positions.begin(), positions.end(), position) != positions.end()) continue;
        positions.push_back(position);
        unit[position / 8] = static_cast<std::uint8_t>(unit[position / 8] ^ (0x80U >> (position % 8)));
    }
    return positions;
}

std::uint64_t drop_bytes(Bytes& unit, const action::DropBytes& how) {
    if (how.offset >= unit.size()) return 0;
    const auto count = std::min<std::uint64_t>(how.count, unit.size() - how.offset);
    const auto first = unit.begin() + static_cast<std::ptrdiff_t>(how.offset);
    unit.erase(first, first + static_cast<std::ptrdiff_t>(count));
    return count;
}

Bytes split_records(ByteView records, const action::Split& how) {
    Bytes out;
    while (how.size > 0 && records.size() >= protocol::tls_record_header_size) {
        const auto header = protocol::TlsRecordHeader::decode(records);
        if (!header || header->length > records.size() - protocol::tls_record_header_size) break;
        const auto record = records.first(protocol::tls_record_header_size + header->length);
        auto content = record.subspan(protocol::tls_record_header_size);
        if (header->type != protocol::TlsContentType::handshake) content = {};
        if (content.empty()) append(out, record);  // an encrypted record is one, or none
        while (!content.empty()) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(how.size, content.size()));
            protocol::Writer writer;
            protocol::TlsRecord{header->type, header->version, content.first(size)}.encode(writer);
            append(out, writer.view());
            content = content.subspan(size);
        }
        records = records.subspan(record.size());
    }
    append(out, records);
    return out;
}

std::vector<ByteView> split_unit(ByteView unit, const action::Split& how) {
    std::vector<ByteView> pieces;
    while (!unit.empty()) {
        const auto size = how.size == 0 ? unit.size() : std::min<std::uint64_t>(how.size, unit.size());
        pieces.push_back(unit.first(static_cast<std::size_t>(size)));
        unit = unit.subspan(pieces.back().size());
    }
    return pieces;
}

}  // namespace rdpfault::proxy
