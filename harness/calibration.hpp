// What mstsc was seen to show for an ending: measured codes come before predicted ones. Made by `rdpfault calibrate`
// from the events of a Windows client and the proxy's account of the same connections; a JSON file that people can
// read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/ending.hpp"
#include "protocol/prediction.hpp"

namespace rdpfault::harness {

// How a connection ended, as the proxy sees it: what a code is measured for.
struct EndKey {
    Stage stage{};
    bool session_up = false;
    EndKind ending{};
    std::uint32_t code = 0;
    bool operator==(const EndKey&) const = default;
};

struct CalibrationRow {
    EndKey end;
    std::string scenario;                   // in which it was measured, and
    std::string arm;                        // in which arm
    std::uint32_t code = 0;                 // of mstsc
    std::optional<std::uint32_t> extended;  // nullopt: nobody wrote it down
    std::uint32_t seen = 1;                 // times
    std::vector<std::string> failures;      // what event 226 said, once each
    bool same(const CalibrationRow& that) const {
        return end == that.end && scenario == that.scenario && arm == that.arm && code == that.code &&
               extended == that.extended;
    }
};

class Calibration {
  public:
    // Rows that say the same are counted together.
    void add(const CalibrationRow& row);
    const std::vector<CalibrationRow>& rows() const { return rows_; }

    // What was measured for this ending: in this very arm, or anywhere, where the stage tells all. Where different
    // codes were measured, the most frequent one. nullopt: nothing.
    std::optional<Prediction> find(const EndKey& end, const std::string& scenario, const std::string& arm,
                                   const Prediction& predicted) const;

    std::string text() const;  // the file
    // Throws ReportError that names the file and the key.
    static Calibration parse(const std::string& text, const std::string& file);
    static Calibration read(const std::string& path);

  private:
    std::vector<CalibrationRow> rows_;
};

}  // namespace rdpfault::harness
