// Reading JSON that somebody else may have written: every value is looked at before it is used, and a complaint names
// the file and the key.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rdpfault::harness {

// "after.json: arms[3].verdict: expected text, found number".
struct ReportError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A value and where it stands. Throws ReportError when it is not what it is asked for. The document and `file` outlive
// it.
class JsonNode {
  public:
    JsonNode(const nlohmann::json& json, const std::string& file, std::string key)
        : json_(json), file_(file), key_(std::move(key)) {}

    [[noreturn]] void fail(const std::string& message) const;
    JsonNode at(const char* name) const;
    bool has(const char* name) const { return json_.is_object() && json_.contains(name); }
    bool is_null() const { return json_.is_null(); }
    std::string text() const;
    bool truth() const;
    std::uint64_t count() const;
    std::vector<JsonNode> items() const;

  private:
    const nlohmann::json& json_;
    const std::string& file_;
    std::string key_;
};

// Throws ReportError with the byte at which it is none.
nlohmann::json parse_json(const std::string& text, const std::string& file);

// `given`: a file, or the folder that results.json lies in. The path and the text; throws ReportError when it cannot be
// read or is over 256 MiB.
std::pair<std::string, std::string> read_report_text(const std::string& given);
// In place of what is there. Throws ReportError when it cannot be written.
void write_text(const std::string& path, const std::string& text);

}  // namespace rdpfault::harness
