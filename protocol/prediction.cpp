#include "protocol/prediction.hpp"

#include <charconv>
#include <cstdio>

namespace rdpfault {

namespace {

std::optional<std::uint32_t> number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    std::uint32_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, hexadecimal ? 16 : 10);
    if (text.empty() || error != std::errc{} || rest != end) return std::nullopt;
    return value;
}

}  // namespace

std::string_view to_string(Confidence confidence) {
    switch (confidence) {
        case Confidence::measured: return "measured";
        case Confidence::documented: return "documented";
        case Confidence::reported: return "reported";
        case Confidence::inferred: return "inferred";
        case Confidence::unknown: break;
    }
    return "unknown";
}

std::string to_string(const MstscPair& pair) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%X/0x%X", pair.code, pair.extended);
    return text;
}

std::optional<MstscPair> mstsc_pair_from_string(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto code = number(text.substr(0, slash));
    const auto extended = number(text.substr(slash + 1));
    if (!code || !extended) return std::nullopt;
    return MstscPair{*code, *extended};
}

}  // namespace rdpfault
