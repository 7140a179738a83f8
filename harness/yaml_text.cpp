#include "harness/yaml_text.hpp"

#include <algorithm>

namespace rdpfault::harness {

namespace {

constexpr std::size_t line_length = 110;

std::string in_quotes(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            constexpr std::string_view digits = "0123456789ABCDEF";
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        } else {
            out += c;
        }
    }
    return out + "\"";
}

enum class Where : std::uint8_t { behind_key, between_braces };

// What needs no quotes there.
bool is_plain(const Value& value, Where where) {
    if (value.quoted) return false;
    constexpr std::string_view never_first = "!&*-?|>@`\"'%#:,[]{}";
    const auto& text = value.text;
    return !text.empty() && never_first.find(text.front()) == std::string_view::npos && text.back() != ':' &&
           text.find_first_of(where == Where::between_braces ? ",[]{}\n\t" : "\n\t") == std::string::npos &&
           text.find(": ") == std::string::npos && text.find(" #") == std::string::npos && text.front() != ' ' &&
           text.back() != ' ';
}

// A word may stand without quotes though it had some; a number or a truth value would become another thing.
bool is_words(const std::string& text, Where where) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const Value bare{Value::Kind::scalar, {}, text, false, {}, {}};
    return is_plain(bare, where) && letter(text.front()) && text.find(' ') != std::string::npos;
}

std::string scalar_text(const Value& value, Where where) {
    if (value.kind == Value::Kind::null) return "null";
    return is_plain(value, where) || is_words(value.text, where) ? value.text : in_quotes(value.text);
}

std::string flow(const Value& value) {
    std::string text;
    for (const auto& item : value.items)
        text += (text.empty() ? "" : ", ") + flow(item);
    for (const auto& member : value.members)
        text += (text.empty() ? "" : ", ") + member.key + ": " + flow(member.value);
    if (value.is_list()) return "[" + text + "]";
    if (value.is_map()) return text.empty() ? "{}" : "{ " + text + " }";
    return scalar_text(value, Where::between_braces);
}

// A list of maps, and a map with such within, is easier to read line by line.
bool fits_a_line(const Value& value, std::size_t indent) {
    if (value.is_list() && std::any_of(value.items.begin(), value.items.end(), [](auto& i) { return i.is_map(); }))
        return false;
    return indent + flow(value).size() <= line_length;
}

// Words, one space between any two: a fold takes nothing from them.
bool can_be_folded(const std::string& text) {
    return !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find("  ") == std::string::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

std::string folded(const std::string& text, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string out = ">-\n", line;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        if (!line.empty() && indent + line.size() + 1 + word.size() > line_length) {
            out += margin + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        at = end + 1;
    }
    return out + margin + line + "\n";
}

void write(const Value& value, std::size_t indent, std::string& out);

// What stands behind "key:".
void write_behind_key(const Value& value, std::size_t indent, std::size_t used, std::string& out) {
    const bool parts = value.is_map() || value.is_list();
    if (!parts && used + scalar_text(value, Where::behind_key).size() > line_length && can_be_folded(value.text)) {
        out += " " + folded(value.text, indent + 2);
    } else if (!parts || fits_a_line(value, used)) {
        out += " " + (parts ? flow(value) : scalar_text(value, Where::behind_key)) + "\n";
    } else {
        out += "\n";
        write(value, indent + 2, out);
    }
}

void write_member(const Member& member, std::size_t indent, std::string& out) {
    out += member.key + ":";
    write_behind_key(member.value, indent, indent + member.key.size() + 2, out);
}

void write(const Value& value, std::size_t indent, std::string& out) {
    const std::string margin(indent, ' ');
    for (const auto& member : value.members) {
        out += margin;
        write_member(member, indent, out);
    }
    for (const auto& item : value.items) {
        out += margin + "- ";
        // The first key stands behind the dash, the others under it.
        for (std::size_t i = 0; i < item.members.size(); ++i) {
            if (i > 0) out += margin + "  ";
            write_member(item.members[i], indent + 2, out);
        }
        if (item.members.empty()) out += flow(item) + "\n";
    }
}

}  // namespace

std::string yaml_text(const Value& document) {
    std::string out;
    if (!document.is_map() || document.members.empty()) return flow(document) + "\n";
    // A part at the top that holds fixes or variants stands line by line however short it is.
    for (const auto& member : document.members) {
        const bool by_name = member.key == "fixes" || member.key == "variants";
        if (!by_name || member.value.members.empty()) {
            write_member(member, 0, out);
            continue;
        }
        out += member.key + ":\n";
        for (const auto& part : member.value.members) {
            out += "  " + part.key + ":\n";
            write(part.value, 4, out);
        }
    }
    return out;
}

}  // namespace rdpfault::harness
