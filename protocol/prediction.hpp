// What mstsc would show. mstsc's code follows from the stage and the kind of ending, not from the cause; every
// prediction says how sure it is and where it comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/ending.hpp"
#include "protocol/stage.hpp"

namespace rdpfault {

// `measured`: mstsc was seen to do so; no prediction of ours has it.
enum class Confidence : std::uint8_t { measured, documented, reported, inferred, unknown };
std::string_view to_string(Confidence confidence);

// The pair that mstsc's dialog prints: "Error code: 0x904, Extended error code: 0x7".
struct MstscPair {
    std::uint32_t code = 0;
    std::uint32_t extended = 0;
    bool operator==(const MstscPair&) const = default;
};
std::string to_string(const MstscPair& pair);                            // "0x904/0x7"
std::optional<MstscPair> mstsc_pair_from_string(std::string_view text);  // the inverse; also "2308/7"

struct Prediction {
    std::optional<MstscPair> pair;  // nullopt: no source names a code for this ending
    Confidence confidence = Confidence::unknown;
    std::string_view source;  // keys for source_text() of catalogue.hpp, separated by blanks
    std::string_view why;     // one sentence in our words
};

// `furthest` is the last stage completed; `session_up` says whether the session was active before the end.
Prediction predict(Stage furthest, bool session_up, const Ending& ending);

}  // namespace rdpfault
