// The client's half of network auto-detection (MS-RDPBCGR 1.3.9, 3.2.5.14): what to answer to which request.
#pragma once

#include <chrono>
#include <optional>

#include "protocol/autodetect.hpp"

namespace rdpfault::client {

class AutoDetect {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // nullopt: no answer is due.
    std::optional<protocol::AutoDetectResponse> answer(const protocol::AutoDetectRequest& request, Time now);

  private:
    std::optional<Time> started_;
    std::uint64_t bytes_ = 0;
};

}  // namespace rdpfault::client
