#include "harness/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <istream>
#include <optional>
#include <streambuf>

namespace rdpfault::harness {

namespace {

Place place_of(const YAML::Mark& mark) {
    return {mark.line + 1, mark.column + 1};
}

Value make(Value::Kind kind, const YAML::Mark& mark) {
    Value value;
    value.kind = kind;
    value.place = place_of(mark);
    return value;
}

// Builds the tree from the parser's events and not from YAML::Node, which resolves aliases before anyone can refuse
// them.
class Builder : public YAML::EventHandler {
  public:
    Value take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(make(Value::Kind::null, mark));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw YamlError{place_of(mark), "aliases (*name) are not part of the scenario language"};
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& text) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        // The parser reports `~` and `null` as plain scalars.
        const bool null = tag == "?" && (text == "~" || text == "null");
        auto value = make(null ? Value::Kind::null : Value::Kind::scalar, mark);
        value.text = text;
        value.quoted = tag == "!";
        add(std::move(value));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Value::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Value::Kind::map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Level {
        Value value;
        std::optional<Member> pending;  // a key that waits for its value
    };

    static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) throw YamlError{place_of(mark), "anchors (&name) are not part of the scenario language"};
    }
    static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!")
            throw YamlError{place_of(mark), "tags (" + tag + ") are not part of the scenario language"};
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Value::Kind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (levels_.size() >= max_yaml_depth) throw YamlError{place_of(mark), "nested too deeply"};
        levels_.push_back({make(kind, mark), std::nullopt});
    }

    void close() {
        Value value = std::move(levels_.back().value);
        levels_.pop_back();
        add(std::move(value));
    }

    void add(Value value) {
        if (levels_.empty()) {
            root_ = std::move(value);
            return;
        }
        auto& level = levels_.back();
        if (level.value.is_list()) {
            level.value.items.push_back(std::move(value));
        } else if (level.pending) {
            level.pending->value = std::move(value);
            level.value.members.push_back(std::move(*level.pending));
            level.pending.reset();
        } else if (value.is_scalar()) {
            level.pending = Member{std::move(value.text), value.place, {}};
        } else {
            throw YamlError{value.place, "a key must be a word, not " + std::string(kind_name(value))};
        }
    }

    Value root_;
    std::vector<Level> levels_;
};

struct ViewBuffer : std::streambuf {
    explicit ViewBuffer(std::string_view text) {
        auto* begin = const_cast<char*>(text.data());
        setg(begin, begin, begin + text.size());
    }
};

}  // namespace

std::string_view kind_name(const Value& value) {
    switch (value.kind) {
        case Value::Kind::null: return "nothing";
        case Value::Kind::scalar: return "text";
        case Value::Kind::list: return "a list";
        case Value::Kind::map: return "a map";
    }
    return "";
}

Value parse_yaml(std::string_view text) {
    if (text.find('\0') != text.npos) throw YamlError{{}, "this is not a text file"};
    ViewBuffer buffer(text);
    std::istream input(&buffer);
    Builder builder;
    try {
        YAML::Parser parser(input);
        if (!parser.HandleNextDocument(builder)) return {};
        Builder second;
        if (parser.HandleNextDocument(second)) throw YamlError{{}, "a file holds one document; this one holds more"};
    } catch (const YAML::Exception& error) {
        throw YamlError{place_of(error.mark), error.msg};
    }
    return builder.take();
}

}  // namespace rdpfault::harness
