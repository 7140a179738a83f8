#include "harness/xml_text.hpp"

namespace rdpfault::harness {

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        switch (c) {
            case '<': out += "&lt;"; continue;
            case '>': out += "&gt;"; continue;
            case '&': out += "&amp;"; continue;
            case '"': out += "&quot;"; continue;
            case '\n': out += "&#10;"; continue;
            case '\t': out += "&#9;"; continue;
            default: break;
        }
        out += c < 0x20 || c >= 0x7f ? '?' : static_cast<char>(c);
    }
    return out;
}

}  // namespace rdpfault::harness
