// "Did you mean ...?": the words of a vocabulary that are most like a mistyped one.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace rdpfault {

// At most `most` of `candidates`, best first: those `word` is a part of, and those a few edits away (a third of the
// longer word's length). Upper and lower case, '_', '-' and '.' do not count. Words over 128 characters match nothing.
std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates,
                                      std::size_t most = 3);

}  // namespace rdpfault
