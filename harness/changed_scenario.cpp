#include "harness/changed_scenario.hpp"

#include "harness/loader.hpp"
#include "harness/runner.hpp"
#include "harness/yaml_path.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::string_view of_variant = "fault:";

std::string names_of(const Value& variants) {
    std::string text;
    for (const auto& member : variants.members)
        text += (text.empty() ? "" : ", ") + std::string(of_variant) + member.key;
    return text;
}

}  // namespace

Value valid_document(const std::string& path) {
    std::vector<LoadError> errors;
    auto document = load_document(path, errors);
    if (!document) throw CallError(errors.empty() ? path + ": empty" : to_string(errors.front()));
    std::string text;
    for (const auto& error : load_tree(*document, path).errors)
        text += (text.empty() ? "" : "\n") + to_string(error);
    if (!text.empty()) throw CallError(text);
    return std::move(*document);
}

std::variant<Value, std::string> document_for(Value document, const std::string& arm) {
    const auto* found = find_path(document, "variants");
    const bool names_variant = arm.starts_with(of_variant);
    if (!found) {
        if (names_variant) return "there is no arm '" + arm + "': the scenario has no variants";
        return document;
    }
    const auto variants = *found;
    if (arm == "fault") return "the scenario has variants; name one of " + names_of(variants);
    remove_path(document, "variants");
    if (!names_variant) return document;
    const auto* changes = find_path(variants, arm.substr(of_variant.size()));
    if (!changes) return "there is no arm '" + arm + "'; there are " + names_of(variants);
    for (const auto& change : changes->members)
        if (const auto wrong = set_path(document, change.key, change.value)) return change.key + ": " + *wrong;
    return document;
}

std::variant<ChosenArm, std::string> arm_in(const Value& document, const std::string& path, const std::string& arm) {
    auto loaded = load_tree(document, path);
    std::string errors;
    for (const auto& error : loaded.errors)
        errors += (errors.empty() ? "" : "\n") + to_string(error);
    if (!errors.empty()) return errors;
    ChosenArm chosen{std::move(loaded.scenarios.front()), {}};
    if (arm == "fault" || arm.starts_with(of_variant)) {
        chosen.arm = fault_arm(chosen.scenario);
        chosen.arm.name = arm;
        return chosen;
    }
    auto arms = selected_arms(chosen.scenario, {arm});
    if (arms.size() == 1) {
        chosen.arm = std::move(arms.front());
        return chosen;
    }
    auto wrong = "there is no arm '" + arm + "'; there are";
    for (const auto& one : arms_of(chosen.scenario))
        wrong += " " + one.name;
    return wrong;
}

}  // namespace rdpfault::harness
