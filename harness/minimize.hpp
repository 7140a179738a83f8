// Leaves out what a fault arm does not need to end as it does, a part at a time, until every part that is left is
// needed. Pure: what a document does is asked of the caller.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/removable.hpp"

namespace rdpfault::harness {

// What the runs of one document gave: each ending ("tls.client_hello, reset, by the proxy") and how often.
struct Endings {
    std::map<std::string, std::uint32_t> counts;
    std::map<std::string, std::uint32_t> expected;  // the same for the runs that gave what the arm expects
    std::string obstacle;  // why there are none: the document is no scenario, the arm cannot be run

    std::uint32_t runs() const;
    // The ending that matters: the commonest of those that are expected, or of all when none is; empty: none.
    std::string main() const;
    std::string text() const;  // for people
};

// Whether the runs without a part still give the ending that matters in the whole, and with no shown difference in how
// often (wilson.hpp, 95 %).
bool same(const Endings& whole, const Endings& rest);

struct Minimal {
    struct Kept {
        Part part;
        std::string without;  // what happened when it was left out
    };
    Value document;
    std::vector<std::string> dropped;  // labels, in the order of dropping
    std::vector<Kept> kept;            // in the order of the file
};

// `whole`: what `document` gives. `run` gives that of another document; nullopt: stop, and take what is known.
Minimal minimize(const Value& document, const Endings& whole,
                 const std::function<std::optional<Endings>(const Value&, const Part&)>& run);

}  // namespace rdpfault::harness
