// `variants:`, and the paths and the text that changes of a document are made of.
#include <filesystem>

#include "harness/changed_scenario.hpp"
#include "harness/runner.hpp"
#include "harness/yaml_path.hpp"
#include "harness/yaml_text.hpp"
#include "loading.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names_of(const std::vector<Arm>& arms) {
    std::vector<std::string> names;
    for (const auto& arm : arms)
        names.push_back(arm.name);
    return names;
}

const std::string two_variants =
    "faults: [ { at: tls.client_hello, do: { stall: 1s } } ]\n"
    "variants:\n  short: { faults.0.do.stall: 2s }\n  cut: { faults.0.do: { reset: client }, expect.ended_by: reset }\n"
    "fixes: { mended: { action: a, faults: [] } }\n";

std::string with_end(const std::string& lines) {
    return "name: x\nsummary: s\ncause: control\nexpect: { ended_by: timeout }\n" + lines;
}

TEST(Variants, EachIsAFaultArm) {
    const auto scenario = scenario_of(with_end(two_variants));
    const auto arms = arms_of(scenario);
    ASSERT_THAT(names_of(arms), ElementsAre("control", "fault:short", "fault:cut", "fix:mended"));
    EXPECT_EQ(std::get<proxy::action::Stall>(arms[1].faults.at(0).action).time, std::chrono::seconds(2));
    EXPECT_TRUE(std::holds_alternative<proxy::action::Reset>(arms[2].faults.at(0).action));
    EXPECT_EQ(arms[1].expect.any_of.at(0).ended_by, EndKind::timeout);
    EXPECT_EQ(arms[2].expect.any_of.at(0).ended_by, EndKind::reset);
}

TEST(Variants, AreChosenByNameOrAllTogether) {
    const auto scenario = scenario_of(with_end(two_variants));
    EXPECT_THAT(names_of(selected_arms(scenario, {"fault:cut"})), ElementsAre("fault:cut"));
    EXPECT_THAT(names_of(selected_arms(scenario, {"fault"})), ElementsAre("fault:short", "fault:cut"));
}

TEST(Variants, ErrorsNameTheVariantAndItsLine) {
    const auto wrong = [](const std::string& variant, const std::string& part) {
        expect_error(
            with_end("faults: [ { at: tls.client_hello, do: { stall: 1s } } ]\nvariants:\n  v: " + variant + "\n"),
            part);
    };
    wrong("{ faults.0.do.stall: 2 }", "x.yaml:7:27: in variant 'v': expected a duration");
    wrong("{ faults.0.nht: 2 }", "in variant 'v': unknown key 'nht' in a fault (did you mean 'nth'?)");
    wrong("{ faults.1.nth: 2 }", "'faults.1.nth': there is no item '1': the list has 0 to 0");
    wrong("{ expect.ended_by.x.y: 2 }", "there is no 'x' in text");
    wrong("{ fault.0.nth: 2 }", "unknown part of a fault arm 'fault' (did you mean 'faults'?)");
    wrong("{ timeout: 5s }", "unknown part of a fault arm 'timeout'");
    wrong("{ faults..nth: 5s }", "keys and numbers with dots between them");
    wrong("{}", "a variant that changes nothing");
    expect_error(with_end("variants: { V: { client.linger: 1s } }\n"), "the name of a variant");
    expect_error(with_end("variants: [ v ]\n"), "expected a map of variants, found a list");
}

// What is wrong with the file anyway is said once, and not once for each variant.
TEST(Variants, DoNotRepeatTheErrorsOfTheFile) {
    EXPECT_EQ(errors_of(with_end(two_variants + "seed: x\n")).size(), 1U);
}

Value tree(const std::string& text) {
    return parse_yaml(text);
}

TEST(YamlPath, FindsSetsAndRemoves) {
    auto root = tree("a: { b: [ { c.d: 1, c: { e: 2 } } ] }\nn: null\n");
    EXPECT_EQ(find_path(root, "a.b.0.c.d")->text, "1") << "a key may hold a dot";
    EXPECT_EQ(find_path(root, "a.b.0.c.e")->text, "2");
    EXPECT_EQ(find_path(root, "a.b.1"), nullptr);
    EXPECT_EQ(find_path(root, "a.b.0.x"), nullptr);
    EXPECT_FALSE(set_path(root, "a.b.0.c.d", scalar("7")));
    EXPECT_FALSE(set_path(root, "a.new.deep", scalar("8")));
    EXPECT_FALSE(set_path(root, "n.m", scalar("9")));
    EXPECT_EQ(find_path(root, "a.new.deep")->text, "8");
    EXPECT_EQ(find_path(root, "n.m")->text, "9");
    EXPECT_THAT(set_path(root, "a.b.x", scalar("1")).value_or(""), HasSubstr("no item 'x'"));
    EXPECT_TRUE(remove_path(root, "a.b.0.c"));
    EXPECT_FALSE(remove_path(root, "a.b.0.c"));
    EXPECT_NE(find_path(root, "a.b.0.c.d"), nullptr);
}

bool same_tree(const Value& a, const Value& b) {
    if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() ||
        a.members.size() != b.members.size())
        return false;
    for (std::size_t i = 0; i < a.items.size(); ++i)
        if (!same_tree(a.items[i], b.items[i])) return false;
    for (std::size_t i = 0; i < a.members.size(); ++i)
        if (a.members[i].key != b.members[i].key || !same_tree(a.members[i].value, b.members[i].value)) return false;
    return true;
}

TEST(YamlText, ReadsBackAsTheSameTree) {
    const auto root = tree(
        "name: x\nnumber: '12'\ntruth: \"true\"\nodd: 'a: b # c'\nempty: ''\nlines: \"a\\nb\\tc\"\nlist: [1, '2', [], "
        "{}]\n"
        "hash: 0x10\nquote: \"say \\\"no\\\" \\\\ \"\nnothing: null\n");
    EXPECT_TRUE(same_tree(tree(yaml_text(root)), root)) << yaml_text(root);
    EXPECT_TRUE(tree(yaml_text(root)).members[1].value.quoted) << "text stays text";
}

TEST(YamlText, TheWholeLibraryReadsBack) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(RDPFAULT_SOURCE_DIR "/scenarios")) {
        if (entry.path().extension() != ".yaml") continue;
        std::vector<LoadError> errors;
        const auto document = load_document(entry.path().string(), errors);
        ASSERT_TRUE(document) << entry.path();
        EXPECT_TRUE(same_tree(tree(yaml_text(*document)), *document)) << yaml_text(*document);
        EXPECT_TRUE(load_text(yaml_text(*document), entry.path().string()).errors.empty()) << entry.path();
        ++count;
    }
    EXPECT_GE(count, 150U);
}

TEST(ChosenArm, OfAVariantHasItsChangesMade) {
    const auto root = tree(with_end(two_variants));
    const auto document = document_for(root, "fault:short");
    ASSERT_TRUE(std::holds_alternative<Value>(document));
    const auto chosen = arm_in(std::get<Value>(document), "x.yaml", "fault:short");
    ASSERT_TRUE(std::holds_alternative<ChosenArm>(chosen)) << std::get<std::string>(chosen);
    EXPECT_EQ(std::get<ChosenArm>(chosen).arm.name, "fault:short");
    EXPECT_THAT(std::get<std::string>(document_for(root, "fault")), HasSubstr("fault:short, fault:cut"));
    EXPECT_THAT(std::get<std::string>(document_for(root, "fault:x")), HasSubstr("there is no arm 'fault:x'"));
    EXPECT_THAT(std::get<std::string>(arm_in(root, "x.yaml", "fix:x")), HasSubstr("control fault:short"));
}

}  // namespace
}  // namespace rdpfault::harness
