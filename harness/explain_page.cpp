#include "harness/explain_page.hpp"

#include <string_view>

namespace rdpfault::harness {

namespace {

constexpr std::size_t columns = 100;

// Appends `text` word by word; every line starts with `indent` blanks, the first one is begun already.
void wrap(std::string& out, std::size_t column, std::string_view text, std::size_t indent) {
    bool first = true;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (!first && column + 1 + word.size() > columns) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        first = false;
    }
    out += '\n';
}

}  // namespace

std::string text_of(const Page& page) {
    auto out = page.title + '\n';
    for (const auto& section : page.sections) {
        if (section.items.empty()) continue;
        out += '\n' + section.heading + '\n';
        for (const auto& item : section.items) {
            constexpr std::string_view bullet = "  - ";  // what follows it is indented likewise
            out += bullet;
            const auto term = item.term.empty() ? std::string() : item.term + ": ";
            wrap(out, bullet.size(), term + item.text, bullet.size() + 2);
        }
    }
    return out;
}

std::string markdown_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '*' || c == '<' || c == '\\' || c == '`' || c == '_') out += '\\';
        out += c;
    }
    return out;
}

std::string markdown_of(const Page& page) {
    auto out = "# " + markdown_escaped(page.title) + '\n';
    for (const auto& section : page.sections) {
        if (section.items.empty()) continue;
        out += "\n## " + markdown_escaped(section.heading) + "\n\n";
        for (const auto& item : section.items) {
            out += "- ";
            if (!item.term.empty()) out += "**" + markdown_escaped(item.term) + "**: ";
            out += markdown_escaped(item.text) + '\n';
        }
    }
    return out;
}

}  // namespace rdpfault::harness
