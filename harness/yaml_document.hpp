// A YAML document as a tree of our own, with the place of everything. The only door to yaml-cpp; what the language does
// not need is refused here: anchors, aliases, tags, several documents, deep nesting, keys that are not plain words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rdpfault::harness {

struct Place {
    int line = 0;    // from 1; 0: the file as a whole
    int column = 0;  // from 1
};

struct Member;

struct Value {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    Place place;
    std::string text;             // scalar
    bool quoted = false;          // scalar: in quotes, so it is text whatever it looks like
    std::vector<Value> items;     // list
    std::vector<Member> members;  // map, in the order of the file; keys may repeat (MapReader refuses that)

    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }
};

struct Member {
    std::string key;
    Place place;
    Value value;
};

// "a list", "a map", "nothing", ...: for error messages.
std::string_view kind_name(const Value& value);

// Thrown by parse_yaml for the first thing it cannot take.
struct YamlError {
    Place place;
    std::string message;
};

constexpr int max_yaml_depth = 32;

Value parse_yaml(std::string_view text);

}  // namespace rdpfault::harness
