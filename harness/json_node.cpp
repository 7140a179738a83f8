#include "harness/json_node.hpp"

#include <filesystem>
#include <fstream>

namespace rdpfault::harness {

namespace {

constexpr std::uintmax_t most_bytes = 256U << 20;

}  // namespace

void JsonNode::fail(const std::string& message) const {
    throw ReportError(file_ + ": " + (key_.empty() ? "" : key_ + ": ") + message);
}

JsonNode JsonNode::at(const char* name) const {
    if (!json_.is_object()) fail(std::string("expected an object, found ") + json_.type_name());
    const auto found = json_.find(name);
    if (found == json_.end()) fail("has no '" + std::string(name) + "'");
    return {*found, file_, key_.empty() ? name : key_ + "." + name};
}

std::string JsonNode::text() const {
    if (!json_.is_string()) fail(std::string("expected text, found ") + json_.type_name());
    return json_.get<std::string>();
}

bool JsonNode::truth() const {
    if (!json_.is_boolean()) fail(std::string("expected true or false, found ") + json_.type_name());
    return json_.get<bool>();
}

std::uint64_t JsonNode::count() const {
    if (!json_.is_number_unsigned()) fail(std::string("expected a whole number, found ") + json_.type_name());
    return json_.get<std::uint64_t>();
}

std::vector<JsonNode> JsonNode::items() const {
    if (!json_.is_array()) fail(std::string("expected a list, found ") + json_.type_name());
    std::vector<JsonNode> nodes;
    for (std::size_t i = 0; i < json_.size(); ++i)
        nodes.emplace_back(json_[i], file_, key_ + "[" + std::to_string(i) + "]");
    return nodes;
}

nlohmann::json parse_json(const std::string& text, const std::string& file) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        throw ReportError(file + ": not JSON, at byte " + std::to_string(error.byte));
    }
}

std::pair<std::string, std::string> read_report_text(const std::string& given) {
    std::error_code error;
    const auto folder = std::filesystem::is_directory(given, error);
    const auto path = folder ? (std::filesystem::path(given) / "results.json").string() : given;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw ReportError(path + ": " + error.message());
    if (size > most_bytes) throw ReportError(path + ": larger than 256 MiB; this is not a report");
    std::ifstream file(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    if (!file) throw ReportError(path + ": cannot be read");
    return {path, text};
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw ReportError(path + ": cannot be written");
}

}  // namespace rdpfault::harness
