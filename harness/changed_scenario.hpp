// One arm of a scenario file with some of its values changed: what bisect and minimize run.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

#include "harness/arm.hpp"
#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

struct ChosenArm {
    Scenario scenario;
    Arm arm;
};

// What is wrong with a call or the file it names.
struct CallError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A file with one scenario that is valid as it is: else each change would be blamed for what is wrong anyway. Throws
// CallError with the errors, a line each.
Value valid_document(const std::string& path);

// The document of the arm `fault:NAME`, with the changes of that variant made and `variants:` taken out; the document
// as it is for other arms. An error when there is no such variant, or when the name `fault` could be any of several.
std::variant<Value, std::string> document_for(Value document, const std::string& arm);

// The arm of a document that document_for() gave, read through the loader with all its checks; or the errors, a line
// each. `path` is the file's.
std::variant<ChosenArm, std::string> arm_in(const Value& document, const std::string& path, const std::string& arm);

}  // namespace rdpfault::harness
