#include "harness/explain_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace rdpfault::harness {

namespace {

// Words people use for a family beside its own name.
constexpr std::array<std::pair<std::string_view, Family>, 18> aliases{{
    {"errinfo", Family::error_info},
    {"negotiation_failure", Family::negotiation},
    {"neg_failure", Family::negotiation},
    {"alert", Family::tls_alert},
    {"tls", Family::tls_alert},
    {"status", Family::ntstatus},
    {"credssp", Family::ntstatus},
    {"nla", Family::ntstatus},
    {"authentication", Family::ntstatus},
    {"errconnect", Family::freerdp},
    {"client_exit", Family::xfreerdp},
    {"licence", Family::license},
    {"licensing", Family::license},
    {"license_error", Family::license},
    {"mcs", Family::disconnect},
    {"ultimatum", Family::disconnect},
    {"reason", Family::disconnect},
    {"disconnect_reason", Family::mstsc},
}};

// Words that say nothing: "Error code: 0x904, Extended error code: 0x7" is what the dialog prints.
constexpr std::array<std::string_view, 5> fillers{"error", "code", "codes", "exit", "failure"};

}  // namespace

std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::optional<std::uint32_t> number(std::string_view text, int base) {
    std::uint32_t value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint32_t> number(const std::string& word) {
    if (word.starts_with("0x")) return number(std::string_view(word).substr(2), 16);
    return number(word, 10);
}

Query read_query(const std::vector<std::string>& words) {
    Query query;
    std::string all;
    for (const auto& word : words)
        all += word + ' ';
    std::string word;
    for (const char c : all) {
        if (c != ' ' && c != '/' && c != ',' && c != ':' && c != '\t' && c != '\n') {
            word += c;
            continue;
        }
        const auto typed = std::exchange(word, {});
        const auto folded = lower(typed);
        if (const auto value = number(folded)) {
            query.numbers.emplace_back(typed, *value);
        } else if (!typed.empty()) {
            query.raw.push_back(typed);
            if (std::ranges::find(fillers, folded) == fillers.end()) query.words.push_back(folded);
        }
    }
    return query;
}

std::string join(const std::vector<std::string>& words, char between) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : std::string(1, between)) + word;
    return text;
}

std::optional<Family> family_of(const std::vector<std::string>& words) {
    const auto text = join(words, '_');
    for (const auto& family : families())
        if (family.name == text) return family.family;
    for (const auto& [alias, family] : aliases)
        if (alias == text) return family;
    return std::nullopt;
}

}  // namespace rdpfault::harness
