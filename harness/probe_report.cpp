#include <cstdio>
#include <nlohmann/json.hpp>

#include "harness/probe_command.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/prediction.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;

std::string milliseconds(std::chrono::microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f ms", static_cast<double>(time.count()) / 1000);
    return text;
}

std::string_view protocol_name(std::uint32_t selected) {
    switch (selected) {
        case protocol::protocol_rdp: return "standard RDP security";
        case protocol::protocol_ssl: return "TLS";
        case protocol::protocol_hybrid: return "NLA (CredSSP)";
        case protocol::protocol_hybrid_ex: return "NLA (CredSSP, early user authorization)";
        default: return "unknown";
    }
}

bool negotiated(const client::ConnectionReport& connection) {
    return connection.furthest >= Stage::x224_confirm && connection.ending.kind != EndKind::negotiation_failure;
}

bool worked(const client::ConnectionReport& connection) {
    return connection.session_up && connection.ending.kind == EndKind::orderly;
}

class Page {
  public:
    explicit Page(bool color) : color_(color) {}

    void line(const std::string& text) { text_ += text + "\n"; }
    void fact(std::string_view name, const std::string& value) {
        std::string label(name);
        label.resize(13, ' ');
        line("  " + label + value);
    }
    std::string painted(const std::string& text, bool good) const {
        return color_ ? (good ? "\x1b[32m" : "\x1b[31m") + text + "\x1b[0m" : text;
    }
    std::string take() { return std::move(text_); }

  private:
    bool color_;
    std::string text_;
};

void write_stages(Page& page, const client::ConnectionReport& connection) {
    for (const auto& entry : connection.stages) {
        const auto time = milliseconds(entry.at);
        page.line(std::string(time.size() < 14 ? 14 - time.size() : 0, ' ') + time + "  " +
                  std::string(to_string(entry.stage)));
    }
}

void write_tls(Page& page, const tls::NegotiatedTls& tls) {
    page.fact("TLS", std::string(to_string(tls.version)) + ", " + tls.cipher +
                         (tls.group.empty() ? "" : ", group " + tls.group));
    if (!tls.peer_certificate) return;
    const auto& certificate = *tls.peer_certificate;
    const bool self_signed = certificate.subject == certificate.issuer;
    page.fact("certificate",
              certificate.subject + (self_signed ? ", self-signed" : ", issued by " + certificate.issuer));
    page.fact("", "valid from " + certificate.not_before + " to " + certificate.not_after);
    page.fact("", certificate.key_type + ", " + certificate.signature_algorithm);
    std::string names;
    for (const auto& name : certificate.names)
        names += (names.empty() ? "" : ", ") + name;
    page.fact("", names.empty() ? "no alternative names" : "for " + names);
    page.fact("", "SHA-256 " + certificate.sha256);
}

void write_nla(Page& page, const client::NlaFacts& nla) {
    page.fact("NLA", std::string(nla.accepted ? "accepted" : "not accepted") + ", CredSSP " +
                         std::to_string(nla.version) + ", " + std::string(nla::to_string(nla.package)));
}

void write_end(Page& page, const client::ConnectionReport& connection) {
    const auto& ending = connection.ending;
    const bool good = worked(connection);
    page.fact("session", page.painted(connection.session_up ? "up" : "not reached", connection.session_up));
    page.fact("ended", page.painted(to_string(ending), good) +
                           (good ? "" : " while waiting for " + std::string(to_string(connection.ended_in))) +
                           ", after " + milliseconds(connection.duration));
    if (!ending.detail.empty()) page.fact("", ending.detail);
    page.fact("bytes", std::to_string(connection.bytes_sent) + " sent, " + std::to_string(connection.bytes_received) +
                           " received");
    if (good || ending.kind == EndKind::none) return;
    const auto prediction = predict(connection.furthest, connection.session_up, ending);
    page.fact("mstsc", prediction.pair
                           ? to_string(*prediction.pair) + " (" + std::string(to_string(prediction.confidence)) + ")"
                           : std::string("no source names a code for this"));
    if (!prediction.why.empty()) page.fact("", std::string(prediction.why));
    for (const auto key : source_keys(prediction.source))
        page.fact("", std::string(source_text(key)));
}

Json stages_json(const client::ConnectionReport& connection) {
    auto list = Json::array();
    for (const auto& entry : connection.stages) {
        list.push_back({{"stage", to_string(entry.stage)}, {"t_us", entry.at.count()}});
    }
    return list;
}

Json tls_json(const tls::NegotiatedTls& tls) {
    Json json{{"version", to_string(tls.version)}, {"cipher", tls.cipher}, {"group", tls.group}};
    if (!tls.peer_certificate) return json;
    const auto& certificate = *tls.peer_certificate;
    json["certificate"] = {{"subject", certificate.subject},       {"issuer", certificate.issuer},
                           {"not_before", certificate.not_before}, {"not_after", certificate.not_after},
                           {"key", certificate.key_type},          {"signature", certificate.signature_algorithm},
                           {"sha256", certificate.sha256},         {"names", certificate.names}};
    return json;
}

Json nla_json(const client::NlaFacts& nla) {
    return {{"accepted", nla.accepted}, {"version", nla.version}, {"package", nla::to_string(nla.package)}};
}

Json ending_json(const Ending& ending) {
    Json json{{"kind", to_string(ending.kind)}, {"code", ending.code}, {"text", to_string(ending)}};
    if (ending.kind == EndKind::malformed) json["offset"] = ending.offset;
    if (ending.system_error != 0) json["errno"] = ending.system_error;
    if (!ending.detail.empty()) json["detail"] = ending.detail;
    return json;
}

Json prediction_json(const client::ConnectionReport& connection) {
    if (worked(connection) || connection.ending.kind == EndKind::none) return nullptr;
    const auto prediction = predict(connection.furthest, connection.session_up, connection.ending);
    auto sources = Json::array();
    for (const auto key : source_keys(prediction.source))
        sources.push_back(source_text(key));
    return {{"pair", prediction.pair ? Json(to_string(*prediction.pair)) : Json(nullptr)},
            {"confidence", to_string(prediction.confidence)},
            {"why", prediction.why},
            {"sources", std::move(sources)}};
}

Json connection_json(const client::ConnectionReport& connection) {
    Json protocol = nullptr;
    if (negotiated(connection)) protocol = connection.selected_protocol;
    return {{"connected", connection.connected},
            {"session_up", connection.session_up},
            {"stage", to_string(connection.furthest)},
            {"waiting_for", to_string(connection.ended_in)},
            {"ending", ending_json(connection.ending)},
            {"mstsc", prediction_json(connection)},
            {"duration_us", connection.duration.count()},
            {"selected_protocol", std::move(protocol)},
            {"tls", connection.tls ? tls_json(*connection.tls) : Json(nullptr)},
            {"nla", connection.nla ? nla_json(*connection.nla) : Json(nullptr)},
            {"bytes_sent", connection.bytes_sent},
            {"bytes_received", connection.bytes_received},
            {"updates", connection.updates},
            {"stages", stages_json(connection)}};
}

}  // namespace

std::string render_text(const client::ProbeReport& report, bool color) {
    Page page(color);
    const auto count = report.connections.size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto& connection = report.connections[i];
        if (count > 1) page.line("connection " + std::to_string(i + 1) + " of " + std::to_string(count));
        write_stages(page, connection);
        if (negotiated(connection)) page.fact("security", std::string(protocol_name(connection.selected_protocol)));
        if (connection.nla) write_nla(page, *connection.nla);
        if (connection.tls) write_tls(page, *connection.tls);
        write_end(page, connection);
    }
    return page.take();
}

nlohmann::ordered_json to_json(const client::ProbeReport& report) {
    auto connections = Json::array();
    for (const auto& connection : report.connections)
        connections.push_back(connection_json(connection));
    return {{"worked", report.worked()}, {"connections", std::move(connections)}};
}

}  // namespace rdpfault::harness
