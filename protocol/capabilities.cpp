// The list of capability sets; the bodies of the sets are in capability_bodies.cpp.
#include "protocol/capabilities.hpp"

#include <stdexcept>
#include <utility>

namespace rdpfault::protocol {

namespace {

constexpr std::size_t header_size = 4;

// T if the type is T's and the body is exactly one T.
template <class T>
bool try_typed(std::uint16_t type, ByteView bytes, Capability& to) {
    if (type != T::type) return false;
    Reader body(bytes);
    auto value = T::read(body);
    if (body.ok() && body.at_end()) to = std::move(value);
    return true;
}

template <std::size_t... index>
Capability typed_or_raw(std::uint16_t type, ByteView bytes, std::index_sequence<index...>) {
    Capability capability = RawCapability{type, {bytes.begin(), bytes.end()}};
    // Alternative 0 is RawCapability.
    (try_typed<std::variant_alternative_t<index + 1, Capability>>(type, bytes, capability) || ...);
    return capability;
}

Capability read_capability(Reader& reader) {
    const auto type = reader.u16le("capabilitySetType");
    const auto length_at = reader.offset();
    const std::size_t length = reader.u16le("lengthCapability");
    if (length < header_size) reader.fail_at(length_at, Errc::bad_length, "lengthCapability");
    const auto body = reader.take(reader.ok() ? length - header_size : 0, "capability set");
    return typed_or_raw(type, body, std::make_index_sequence<std::variant_size_v<Capability> - 1>());
}

void write_body(Writer& writer, const RawCapability& raw) {
    writer.bytes(raw.body);
}
template <class T>
void write_body(Writer& writer, const T& capability) {
    capability.encode(writer);
}

}  // namespace

std::uint16_t capability_type(const Capability& capability) {
    return std::visit([](const auto& set) { return set.type; }, capability);
}

Capabilities read_capabilities(Reader& reader) {
    Capabilities capabilities;
    const auto count = reader.u16le("numberCapabilities");
    reader.skip(2, "capabilities pad");
    for (std::uint16_t i = 0; i < count && reader.ok(); ++i)
        capabilities.push_back(read_capability(reader));
    return capabilities;
}

void write_capabilities(Writer& writer, const Capabilities& capabilities) {
    writer.u16le(capabilities.size());
    writer.u16le(0);
    for (const auto& capability : capabilities) {
        const auto start = writer.size();
        writer.u16le(capability_type(capability));
        writer.u16le(0);
        std::visit([&](const auto& set) { write_body(writer, set); }, capability);
        const auto length = writer.size() - start;
        if (length > 0xFFFF) throw std::length_error("a capability set is too long");
        writer.patch_u16le(start + 2, length);
    }
}

}  // namespace rdpfault::protocol
