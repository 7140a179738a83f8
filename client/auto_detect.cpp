#include "client/auto_detect.hpp"

#include <algorithm>

namespace rdpfault::client {

using namespace protocol;

std::optional<AutoDetectResponse> AutoDetect::answer(const AutoDetectRequest& request, Time now) {
    if (std::holds_alternative<RttRequest>(request.body)) return AutoDetectResponse{request.sequence, RttResponse{}};
    if (std::holds_alternative<BandwidthStart>(request.body)) {
        started_ = now;
        bytes_ = 0;
    } else if (const auto* payload = std::get_if<BandwidthPayload>(&request.body)) {
        bytes_ += payload->payload.size();
    } else if (const auto* stop = std::get_if<BandwidthStop>(&request.body); stop != nullptr && started_) {
        bytes_ += stop->payload.size();
        const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - *started_).count();
        started_.reset();
        BandwidthResults results;
        // A measurement that took no time would make the server divide by zero.
        results.time_delta = static_cast<std::uint32_t>(std::max<std::int64_t>(elapsed, 1));
        results.byte_count = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes_, UINT32_MAX));
        if (stop->type != autodetect::bandwidth_stop_connect_time) {
            results.type = autodetect::bandwidth_results_continuous;
        }
        return AutoDetectResponse{request.sequence, results};
    }
    return std::nullopt;
}

}  // namespace rdpfault::client
