// The table behind predict(): which ending at which stage mstsc is expected to show as what. The first rule that
// matches decides. The only place of the program that ties a way of ending to a number of mstsc's.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "protocol/prediction.hpp"

namespace rdpfault {

// Which pair a rule gives.
enum class PairOf : std::uint8_t {
    nothing,     // no source names one
    rule,        // `pair`
    status,      // the mstsc code of the same name as the NTSTATUS; matches only statuses that have one
    error_info,  // `pair` with the ERRINFO as the extended code
};

struct PredictionRule {
    EndKind first_kind;  // kinds from first to last, in the order of the enum
    EndKind last_kind;
    Stage first_stage;  // the furthest stage, from first to last, in the order of the wire
    Stage last_stage;
    std::optional<bool> session_up;        // nullopt: either
    std::span<const std::uint32_t> codes;  // of the ending; empty: any
    PairOf pair_of;
    MstscPair pair;
    Confidence confidence;
    std::string_view source;
    std::string_view why;
};

std::span<const PredictionRule> prediction_rules();

// The rule that decides. There always is one: the last rule of each kind takes what is left.
const PredictionRule* prediction_rule(Stage furthest, bool session_up, const Ending& ending);

}  // namespace rdpfault
