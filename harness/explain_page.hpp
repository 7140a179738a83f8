// A page of headings and items, and how it is written.
#pragma once

#include <string>
#include <vector>

namespace rdpfault::harness {

struct Answer;

struct PageItem {
    std::string term;  // empty: the text stands alone
    std::string text;
};

struct PageSection {
    std::string heading;
    std::vector<PageItem> items;  // empty: the section is left out
};

struct Page {
    std::string title;
    std::vector<PageSection> sections;
};

std::string text_of(const Page& page);      // for a terminal, 100 columns
std::string markdown_of(const Page& page);  // a heading and lists
std::string json_of(const Answer& answer);  // the answer as data, one object
std::string causes_json();                  // the cause catalogue as data, an array

// `text` with what Markdown would read as markup or as the end of a table cell escaped.
std::string markdown_escaped(std::string_view text);

}  // namespace rdpfault::harness
