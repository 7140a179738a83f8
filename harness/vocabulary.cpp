#include "harness/vocabulary.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/causes.hpp"
#include "protocol/stage.hpp"
#include "proxy/faults/fault.hpp"

namespace rdpfault::harness {

namespace {

std::string as_table(const Listing& listing) {
    std::vector<std::size_t> widths(listing.heading.size());
    const auto measure = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    };
    measure(listing.heading);
    std::for_each(listing.rows.begin(), listing.rows.end(), measure);
    std::string text;
    const auto write = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            text += i + 1 < row.size() ? row[i] + std::string(widths[i] - row[i].size() + 2, ' ') : row[i] + '\n';
    };
    write(listing.heading);
    std::for_each(listing.rows.begin(), listing.rows.end(), write);
    return text;
}

std::string as_lines(const Listing& listing) {
    std::string text;
    for (const auto& row : listing.rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            text += row[i] + (i + 1 < row.size() ? '\t' : '\n');
    return text;
}

std::string as_json(const Listing& listing) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& row : listing.rows) {
        auto& object = list.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i)
            object[listing.heading[i]] = row[i];
    }
    return list.dump(2) + "\n";
}

}  // namespace

Listing stage_listing() {
    Listing listing{{"stage", "sent_by", "visible", "unit", "specification"}, {}};
    for (const auto& row : stages())
        listing.rows.push_back(
            {std::string(row.name), row.direction ? std::string(to_string(source(*row.direction))) : "both",
             row.visible ? "yes" : "inside TLS", std::string(row.unit), std::string(row.specification)});
    return listing;
}

Listing cause_listing() {
    Listing listing{{"cause", "evidence", "title"}, {}};
    for (const auto& row : causes())
        listing.rows.push_back({std::string(row.id), std::string(to_string(row.grade)), std::string(row.title)});
    return listing;
}

Listing fault_listing() {
    Listing listing{{"fault", "fidelity", "summary"}, {}};
    for (const auto& row : proxy::action_table())
        listing.rows.push_back({std::string(row.name), std::string(row.fidelity), std::string(row.summary)});
    return listing;
}

Listing mutation_listing() {
    Listing listing{{"mutation", "stage", "summary"}, {}};
    for (const auto& row : proxy::mutation_table())
        listing.rows.push_back({std::string(row.name), std::string(to_string(row.stage)), std::string(row.summary)});
    return listing;
}

std::string formatted(const Listing& listing, Format format) {
    switch (format) {
        case Format::table: return as_table(listing);
        case Format::plain: return as_lines(listing);
        case Format::json: return as_json(listing);
    }
    return {};
}

Format chosen_format(const OutputOptions& output) {
    return output.format.value_or(isatty(STDOUT_FILENO) == 1 ? Format::table : Format::plain);
}

bool wants_color(const OutputOptions& output) {
    if (output.color != Color::automatic) return output.color == Color::always;
    // https://no-color.org
    const auto* no_color = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) == 1 && (!no_color || *no_color == '\0');
}

}  // namespace rdpfault::harness
