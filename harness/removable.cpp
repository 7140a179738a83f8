#include "harness/removable.hpp"

#include <algorithm>

#include "harness/yaml_path.hpp"
#include "harness/yaml_text.hpp"

namespace rdpfault::harness {

namespace {

// In one line, as it stands in the file.
std::string label_of(const std::string& path, const Value& value) {
    Value wrapped;
    wrapped.kind = Value::Kind::map;
    wrapped.members.push_back({path, {}, value});
    auto text = yaml_text(wrapped);
    std::string line;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        if (!space || (!line.empty() && line.back() != ' ')) line += space ? ' ' : c;
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    constexpr std::size_t longest = 100;
    return line.size() <= longest ? line : line.substr(0, longest - 3) + "...";
}

void add_items(const Value& list, const std::string& path, std::vector<Part>& parts) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const auto item = path + "." + std::to_string(i);
        parts.push_back({item, list.items[i].place, label_of(item, list.items[i])});
    }
}

void add_members(const Value& map, const std::string& path, std::vector<Part>& parts) {
    for (const auto& [key, place, value] : map.members) {
        const auto member = path + "." + key;
        const bool direction = key == "towards_server" || key == "towards_client";
        if (path == "network" && direction && value.is_map())
            add_members(value, member, parts);
        else if (path == "network" && key == "timeline" && value.is_list())
            add_items(value, member, parts);
        else
            parts.push_back({member, place, label_of(member, value)});
    }
}

bool is_empty(const Value* value) {
    return value && ((value->is_map() && value->members.empty()) || (value->is_list() && value->items.empty()));
}

}  // namespace

std::vector<Part> removable_parts(const Value& document) {
    std::vector<Part> parts;
    for (const auto& member : document.members) {
        if (member.key == "faults") add_items(member.value, "faults", parts);
        for (const auto* map : {"network", "server", "client", "proxy"})
            if (member.key == map) add_members(member.value, map, parts);
    }
    return parts;
}

Value without(Value document, const Part& part) {
    remove_path(document, part.path);
    // From the inside to the outside.
    for (const auto* path : {"network.towards_server", "network.towards_client", "network.timeline", "network",
                             "faults", "server", "client", "proxy"})
        if (is_empty(find_path(document, path))) remove_path(document, path);
    return document;
}

}  // namespace rdpfault::harness
