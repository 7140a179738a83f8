// TS_UD_CS_CORE alone: it has as many fields as all the other blocks together.
#include "protocol/gcc_client.hpp"
#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t client_name_size = 32;
constexpr std::size_t ime_file_name_size = 64;
constexpr std::size_t digital_product_id_size = 64;

// Visits the optional fields in the order of the wire, each with its size, until visit() says that one is absent.
template <class Core, class Visit>
void visit_optional_fields(Core& core, Visit visit) {
    visit(core.post_beta2_color_depth, 2) && visit(core.client_product_id, 2) && visit(core.serial_number, 4) &&
        visit(core.high_color_depth, 2) && visit(core.supported_color_depths, 2) &&
        visit(core.early_capability_flags, 2) && visit(core.digital_product_id, digital_product_id_size) &&
        visit(core.connection_type, 1) && visit(core.pad, 1) && visit(core.server_selected_protocol, 4) &&
        visit(core.desktop_physical_width, 4) && visit(core.desktop_physical_height, 4) &&
        visit(core.desktop_orientation, 2) && visit(core.desktop_scale_factor, 4) && visit(core.device_scale_factor, 4);
}

void read_value(Reader& reader, std::uint8_t& value) {
    value = reader.u8("optional client core field");
}
void read_value(Reader& reader, std::uint16_t& value) {
    value = reader.u16le("optional client core field");
}
void read_value(Reader& reader, std::uint32_t& value) {
    value = reader.u32le("optional client core field");
}
void read_value(Reader& reader, std::string& value) {
    value = read_fixed_utf16(reader, digital_product_id_size, "clientDigProductId");
}

void write_value(Writer& writer, std::uint8_t value) {
    writer.u8(value);
}
void write_value(Writer& writer, std::uint16_t value) {
    writer.u16le(value);
}
void write_value(Writer& writer, std::uint32_t value) {
    writer.u32le(value);
}
void write_value(Writer& writer, const std::string& value) {
    write_fixed_utf16(writer, value, digital_product_id_size);
}

}  // namespace

ClientCoreData ClientCoreData::read(Reader& reader) {
    ClientCoreData core;
    core.version = reader.u32le("client version");
    core.desktop_width = reader.u16le("desktopWidth");
    core.desktop_height = reader.u16le("desktopHeight");
    core.color_depth = reader.u16le("colorDepth");
    core.sas_sequence = reader.u16le("SASSequence");
    core.keyboard_layout = reader.u32le("keyboardLayout");
    core.client_build = reader.u32le("clientBuild");
    core.client_name = read_fixed_utf16(reader, client_name_size, "clientName");
    core.keyboard_type = reader.u32le("keyboardType");
    core.keyboard_subtype = reader.u32le("keyboardSubType");
    core.keyboard_function_keys = reader.u32le("keyboardFunctionKey");
    core.ime_file_name = read_fixed_utf16(reader, ime_file_name_size, "imeFileName");
    visit_optional_fields(core, [](auto& field, std::size_t) {
        field.reset();
        return true;
    });
    visit_optional_fields(core, [&](auto& field, std::size_t size) {
        if (reader.remaining() < size) return false;
        read_value(reader, field.emplace());
        return true;
    });
    return core;
}

void ClientCoreData::encode(Writer& writer) const {
    writer.u32le(version);
    writer.u16le(desktop_width);
    writer.u16le(desktop_height);
    writer.u16le(color_depth);
    writer.u16le(sas_sequence);
    writer.u32le(keyboard_layout);
    writer.u32le(client_build);
    write_fixed_utf16(writer, client_name, client_name_size);
    writer.u32le(keyboard_type);
    writer.u32le(keyboard_subtype);
    writer.u32le(keyboard_function_keys);
    write_fixed_utf16(writer, ime_file_name, ime_file_name_size);
    visit_optional_fields(*this, [&](const auto& field, std::size_t) {
        if (field) write_value(writer, *field);
        return field.has_value();
    });
}

}  // namespace rdpfault::protocol
