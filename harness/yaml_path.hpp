// Values within a document by a dotted path: `faults.0.at.record`, `network.towards_client.latency`. A number is the
// index in a list, from 0. A key with a dot in it is written as it is: `faults.0.do.mutate.confirm.code`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

// nullptr: there is none.
const Value* find_path(const Value& root, std::string_view path);

// Puts `value` there; maps on the way, and the last key, are made where they are missing. Else what is wrong: an index
// that the list does not have, a step into something that has no parts.
std::optional<std::string> set_path(Value& root, std::string_view path, Value value);

// Takes it out; false: there was none.
bool remove_path(Value& root, std::string_view path);

// A plain scalar, as if it stood at `place`.
Value scalar(std::string text, Place place = {});

}  // namespace rdpfault::harness
