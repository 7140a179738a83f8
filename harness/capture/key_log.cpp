#include "harness/capture/key_log.hpp"

namespace rdpfault::capture {

void KeyLog::take(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        take_line(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

void KeyLog::take_line(std::string_view line) {
    constexpr std::size_t longest = 512;
    tls::Secrets alone;
    if (line.size() > longest || !tls::take_key_log_line(line, alone)) return;
    const auto known = secrets_.find(alone.client_random);
    if (known != secrets_.end())
        tls::take_key_log_line(line, known->second);
    else if (secrets_.size() < max_connections)
        secrets_.emplace(alone.client_random, alone);
}

const tls::Secrets* KeyLog::find(ByteView client_random) const {
    const auto found = secrets_.find(Bytes(client_random.begin(), client_random.end()));
    return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace rdpfault::capture
