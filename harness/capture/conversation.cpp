#include "harness/capture/conversation.hpp"

#include <algorithm>

#include "protocol/x224.hpp"

namespace rdpfault::capture {

namespace {

constexpr auto client = Direction::client_to_server;

}  // namespace

void Conversation::bytes(Direction direction, ByteView bytes, Time at) {
    const auto i = index(direction);
    if (talk_.lost[i] > 0 || is_other()) return;
    fed_[i] += bytes.size();
    if (tls_) append(tail_[i], bytes);
    if (direction != client && !talk_.nla) look_at_confirm(bytes);
    std::vector<TrackerEvent> events;
    tracker_.feed(direction, bytes, events);
    take(events, at);
    if (!tls_) return;
    const auto done = tracker_.complete(direction);
    if (done <= tail_begin_[i]) return;
    const auto count = std::min<std::uint64_t>(done - tail_begin_[i], tail_[i].size());
    tail_[i].erase(tail_[i].begin(), tail_[i].begin() + static_cast<std::ptrdiff_t>(count));
    tail_begin_[i] += count;
}

void Conversation::look_at_confirm(ByteView bytes) {
    constexpr std::size_t size = 19;  // of a confirm with a negotiation response
    if (head_.size() >= size) return;
    append(head_, bytes.first(std::min(bytes.size(), size - head_.size())));
    if (head_.size() < size) return;
    const auto confirm = protocol::ConnectionConfirm::decode(head_);
    if (!confirm || !confirm->response) return;
    const auto selected = confirm->response->selected;
    talk_.nla = selected == protocol::protocol_hybrid || selected == protocol::protocol_hybrid_ex;
}

// Behind a gap nobody knows where a unit begins, nor what the keys of the next record are.
void Conversation::gap(Direction direction, std::uint64_t size) {
    talk_.lost[index(direction)] += size;
    tail_[index(direction)].clear();
    if (tls_) tls_->stop(direction);
}

void Conversation::take(const std::vector<TrackerEvent>& events, Time at) {
    for (const auto& event : events)
        take(event, at);
}

void Conversation::take(const TrackerEvent& event, Time at) {
    using Kind = TrackerEvent::Kind;
    const auto by = source(event.direction);
    switch (event.kind) {
        case Kind::stage: return stage(event, at);
        case Kind::record: return open(event, at);
        case Kind::alert:
            if (event.level >= 2) say(by, EndKind::tls_alert, event.code, at);
            return;
        case Kind::negotiation_failure: return say(by, EndKind::negotiation_failure, event.code, at);
        case Kind::error_info:
            if (event.code != 0) say(by, EndKind::error_info, event.code, at);
            return;
        case Kind::disconnect: return say(by, EndKind::disconnect, event.code, at);
        case Kind::license_error: return say(by, EndKind::license_error, event.code, at);
        case Kind::credssp_error: return say(by, EndKind::authentication, event.code, at);
        case Kind::garbage: break;
    }
    if (event.direction == client && event.begin == 0) is_other_ = true;
    // What one direction means depends on the other: with a gap in either, nothing is blamed on the bytes.
    if (!whole()) return;
    auto& malformed = talk_.malformed[index(event.direction)];
    if (malformed) return;
    malformed.emplace();
    malformed->kind = EndKind::malformed;
    malformed->offset = event.begin;
    malformed->detail = event.what;
}

void Conversation::stage(const TrackerEvent& event, Time at) {
    if (event.stage <= Stage::x224_confirm) is_rdp_ = true;
    if (event.stage == Stage::tls_application_data) ++talk_.records[index(event.direction)];
    if (!is_milestone(event.stage)) return;
    if (!talk_.furthest || event.stage > *talk_.furthest) {
        talk_.furthest = event.stage;
        talk_.reached = at;
    }
    const auto known = std::ranges::find(talk_.stages, event.stage, &StageTime::stage);
    if (known == talk_.stages.end()) talk_.stages.push_back({event.stage, at});
}

void Conversation::open(const TrackerEvent& record, Time at) {
    const auto i = index(record.direction);
    if (!tls_ || record.layer != Layer::wire || record.begin < tail_begin_[i]) return;
    const auto begin = record.begin - tail_begin_[i];
    if (record.end - tail_begin_[i] > tail_[i].size()) return;
    const auto inside = tls_->record(record.direction, ByteView(tail_[i]).subspan(begin, record.end - record.begin));
    if (inside.alert && inside.alert->level >= 2 && inside.alert->description != 0)
        say(source(record.direction), EndKind::tls_alert, inside.alert->description, at);
    if (inside.data.empty()) return;
    talk_.opened = true;
    std::vector<TrackerEvent> events;
    tracker_.feed_decrypted(record.direction, inside.data, events);
    take(events, at);
}

void Conversation::say(Side by, EndKind kind, std::uint32_t code, Time at) {
    if (talk_.said.size() == Talk::max_said) return;
    Said said;
    said.by = by;
    said.ending.kind = kind;
    said.ending.code = code;
    said.at = at;
    talk_.said.push_back(std::move(said));
}

std::size_t Conversation::held() const {
    std::size_t sum = tail_[0].size() + tail_[1].size();
    for (const auto direction : {client, Direction::server_to_client})
        if (talk_.lost[index(direction)] == 0)
            sum += fed_[index(direction)] - std::min(fed_[index(direction)], tracker_.complete(direction));
    return sum;
}

Talk Conversation::account() const {
    auto talk = talk_;
    // A hole may have been found only after what stands behind it in the other direction was looked at.
    if (!whole()) talk.malformed = {};
    if (!tls_) return talk;
    talk.tls_version = tls_->version();
    const auto has = tls_->has_secrets();
    if (has && !*has) talk.unopened = "the key log has no secrets of this connection";
    if (!tls_->trouble().empty()) talk.unopened = tls_->trouble();
    return talk;
}

}  // namespace rdpfault::capture
