#include "harness/yaml_path.hpp"

#include <algorithm>

#include "harness/diagnostics.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

// The child that the path begins with, and how much of the path that took.
struct Step {
    std::size_t index = 0;  // in items or members
    std::size_t length = 0;
};

std::string_view first_word(std::string_view path) {
    return path.substr(0, path.find('.'));
}

// The path goes on behind `length` characters, or ends there.
bool ends_a_word(std::string_view path, std::size_t length) {
    return path.size() == length || path[length] == '.';
}

std::optional<Step> step_into(const Value& value, std::string_view path) {
    if (value.is_list()) {
        const auto word = first_word(path);
        const auto index = number_from_string(word);
        if (!index || *index >= value.items.size()) return std::nullopt;
        return Step{static_cast<std::size_t>(*index), word.size()};
    }
    // Keys may hold dots, so the longest that fits is meant.
    std::optional<Step> best;
    for (std::size_t i = 0; i < value.members.size(); ++i) {
        const auto& key = value.members[i].key;
        if (path.starts_with(key) && ends_a_word(path, key.size()) && (!best || key.size() > best->length))
            best = Step{i, key.size()};
    }
    return best;
}

Value& child_of(Value& value, const Step& step) {
    return value.is_list() ? value.items[step.index] : value.members[step.index].value;
}

std::string_view behind(std::string_view path, std::size_t length) {
    return path.size() == length ? std::string_view() : path.substr(length + 1);
}

std::string why_not(const Value& value, std::string_view path) {
    const auto word = std::string(first_word(path));
    if (!value.is_list()) return std::string("there is no '") + word + "' in " + std::string(kind_name(value));
    if (value.items.empty()) return "there is no item '" + word + "': the list is empty";
    return "there is no item '" + word + "': the list has 0 to " + std::to_string(value.items.size() - 1);
}

// Keys of mutations hold a dot; they are the only ones that do, and stand at the end.
std::size_t new_key_length(std::string_view path, std::string_view parent) {
    return parent == "mutate" ? path.size() : first_word(path).size();
}

std::optional<std::string> set_in(Value& root, std::string_view path, std::string_view parent, Value value) {
    if (path.empty()) {
        root = std::move(value);
        return std::nullopt;
    }
    if (const auto step = step_into(root, path)) {
        auto& child = child_of(root, *step);
        return set_in(child, behind(path, step->length), path.substr(0, step->length), std::move(value));
    }
    if (root.kind == Value::Kind::null) root.kind = Value::Kind::map;
    if (!root.is_map()) return why_not(root, path);
    const auto length = new_key_length(path, parent);
    const auto key = path.substr(0, length);
    Member made{std::string(key), value.place, {}};
    made.value.place = value.place;
    if (auto wrong = set_in(made.value, behind(path, length), key, std::move(value))) return wrong;
    root.members.push_back(std::move(made));
    return std::nullopt;
}

bool well_formed(std::string_view path) {
    return !path.empty() && path.front() != '.' && path.back() != '.' && path.find("..") == path.npos;
}

}  // namespace

const Value* find_path(const Value& root, std::string_view path) {
    const auto* value = &root;
    while (!path.empty()) {
        const auto step = step_into(*value, path);
        if (!step) return nullptr;
        value = &child_of(const_cast<Value&>(*value), *step);
        path = behind(path, step->length);
    }
    return value;
}

std::optional<std::string> set_path(Value& root, std::string_view path, Value value) {
    if (!well_formed(path)) return "a path is made of keys and numbers with dots between them";
    return set_in(root, path, {}, std::move(value));
}

bool remove_path(Value& root, std::string_view path) {
    const auto step = path.empty() ? std::nullopt : step_into(root, path);
    if (!step) return false;
    const auto rest = behind(path, step->length);
    if (!rest.empty()) return remove_path(child_of(root, *step), rest);
    const auto at = static_cast<std::ptrdiff_t>(step->index);
    if (root.is_list())
        root.items.erase(root.items.begin() + at);
    else
        root.members.erase(root.members.begin() + at);
    return true;
}

Value scalar(std::string text, Place place) {
    Value value;
    value.kind = Value::Kind::scalar;
    value.place = place;
    value.text = std::move(text);
    return value;
}

}  // namespace rdpfault::harness
