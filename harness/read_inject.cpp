#include "harness/readers.hpp"
#include "protocol/tls_record.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::harness {

namespace {

using proxy::action::Inject;

namespace injected = proxy::injected;

constexpr std::string_view sources =
    "'negotiation_failure:', 'tls_alert:', 'banner:', 'hex:', 'error_info:', 'disconnect:', 'license_error:', "
    "'renegotiation:', 'deactivate_all:', 'redirection:', 'credssp_error:', 'auto_reconnect_status:' or "
    "'shutdown_denied:'";
constexpr std::uint64_t most = 0xffffffff;

constexpr std::array then_words_or_nothing{
    Word<std::optional<proxy::action::Then>>{"close", proxy::action::Then::close},
    Word<std::optional<proxy::action::Then>>{"reset", proxy::action::Then::reset},
    Word<std::optional<proxy::action::Then>>{"stall", proxy::action::Then::stall},
    Word<std::optional<proxy::action::Then>>{"nothing", std::nullopt}};

void negotiation_failure(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    protocol::NegotiationFailure failure;
    read_into(failure.code, &value, 0, 0xffffffff, diagnostics);
    protocol::ConnectionConfirm confirm;
    confirm.failure = failure;
    inject.bytes = protocol::encoded(confirm);
    inject.name = "negotiation_failure " + std::to_string(failure.code);
}

void tls_alert(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    protocol::TlsAlert alert;
    if (value.is_map()) {
        MapReader map(value, "tls_alert", diagnostics);
        read_into(alert.description, map.require("code"), 0, 255, diagnostics);
        read_into(alert.level, map.find("level"), 0, 255, diagnostics);
        map.finish();
    } else {
        read_into(alert.description, &value, 0, 255, diagnostics);
    }
    inject.bytes = protocol::tls_alert_record(alert);
    inject.alert = true;
    inject.name = "tls_alert " + std::to_string(alert.description);
}

void renegotiation(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    if (!read_bool(value, diagnostics).value_or(true)) expected(value, "true", diagnostics);
    inject.renegotiation = true;
    inject.name = "renegotiation";
}

void banner(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    inject.bytes = to_bytes(read_text(value, "the text of a banner", diagnostics).value_or(""));
    inject.name = "banner";
}

void hex(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    // Digits alone would be read as a number by some and as text by others; in quotes they are text for all.
    const auto text = read_text(value, "hexadecimal bytes in quotes", diagnostics);
    if (text && (!from_hex(*text, inject.bytes) || inject.bytes.empty()))
        diagnostics.error(value.place, "expected pairs of hexadecimal digits, such as '03 00 00 0b'");
    inject.name = "hex";
}

void error_info(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    injected::ErrorInfo pdu;
    read_into(pdu.code, &value, 0, most, diagnostics);
    inject.name = "error_info " + std::to_string(pdu.code);
    inject.pdu = pdu;
}

void disconnect(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    constexpr std::uint64_t most_reason = 7;  // three bits
    injected::Disconnect pdu;
    if (value.is_scalar() && value.text == "user-requested")
        pdu.reason = 3;
    else if (value.is_scalar() && value.text == "provider-initiated")
        pdu.reason = 1;
    else if (const auto number = value.is_scalar() && !value.quoted ? number_from_string(value.text) : std::nullopt;
             number && *number <= most_reason)
        pdu.reason = static_cast<std::uint8_t>(*number);
    else
        expected(value, "user-requested, provider-initiated or a number from 0 to 7", diagnostics);
    inject.name = "disconnect " + std::to_string(pdu.reason);
    inject.pdu = pdu;
}

void license_error(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    injected::LicenseError pdu;
    if (value.is_map()) {
        MapReader map(value, "license_error", diagnostics);
        read_into(pdu.code, map.require("code"), 0, most, diagnostics);
        read_into(pdu.transition, map.find("transition"), 0, most, diagnostics);
        map.finish();
    } else {
        read_into(pdu.code, &value, 0, most, diagnostics);
    }
    inject.name = "license_error " + std::to_string(pdu.code);
    inject.pdu = pdu;
}

void deactivate_all(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    constexpr std::array forms{Word<bool>{"long", true}, Word<bool>{"short", false}};
    injected::DeactivateAll pdu;
    read_into(pdu.whole, &value, "form", forms, diagnostics);
    inject.name = "deactivate_all";
    inject.pdu = pdu;
}

void redirection(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    injected::Redirection pdu;
    if (value.is_map()) {
        MapReader map(value, "redirection", diagnostics);
        const auto* target = map.require("target");
        if (target) pdu.target = read_text(*target, "an address", diagnostics).value_or("");
        if (pdu.target.size() > proxy::max_redirection_target)
            diagnostics.error(target->place, "an address of at most 255 characters");
        map.finish();
    } else if (!value.is_scalar() || value.quoted || value.text != "true") {
        expected(value, "true, or { target: ADDRESS }", diagnostics);
    }
    inject.name = "redirection";
    inject.pdu = std::move(pdu);
}

void credssp_error(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    injected::CredsspError pdu;
    if (value.is_map()) {
        MapReader map(value, "credssp_error", diagnostics);
        read_into(pdu.status, map.require("status"), 0, most, diagnostics);
        read_into(pdu.version, map.find("version"), 0, most, diagnostics);
        map.finish();
    } else {
        read_into(pdu.status, &value, 0, most, diagnostics);
    }
    inject.name = "credssp_error " + std::to_string(pdu.status);
    inject.pdu = pdu;
}

void auto_reconnect_status(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    injected::AutoReconnectStatus pdu;
    read_into(pdu.status, &value, 0, most, diagnostics);
    inject.name = "auto_reconnect_status " + std::to_string(pdu.status);
    inject.pdu = pdu;
}

void shutdown_denied(const Value& value, Inject& inject, Diagnostics& diagnostics) {
    if (!value.is_scalar() || value.quoted || value.text != "true") expected(value, "true", diagnostics);
    inject.name = "shutdown_denied";
    inject.pdu = injected::ShutdownDenied{};
}

}  // namespace

std::optional<proxy::Action> read_inject(const Value& value, Diagnostics& diagnostics) {
    Inject inject;
    MapReader map(value, "inject", diagnostics);
    int given = 0;
    const auto source = [&](std::string_view key, auto read) {
        if (const auto* v = map.find(key)) ++given, read(*v, inject, diagnostics);
    };
    source("negotiation_failure", negotiation_failure);
    source("tls_alert", tls_alert);
    source("renegotiation", renegotiation);
    source("banner", banner);
    source("hex", hex);
    source("error_info", error_info);
    source("disconnect", disconnect);
    source("license_error", license_error);
    source("deactivate_all", deactivate_all);
    source("redirection", redirection);
    source("credssp_error", credssp_error);
    source("auto_reconnect_status", auto_reconnect_status);
    source("shutdown_denied", shutdown_denied);
    if (value.is_map() && given != 1) diagnostics.error(value.place, "inject needs one of " + std::string(sources));
    read_into(inject.to, map.find("to"), "side", side_words, diagnostics);
    if (const auto* v = map.find("replace")) inject.replace = read_bool(*v, diagnostics).value_or(true);
    inject.then = proxy::action::Then::close;
    read_into(inject.then, map.find("then"), "end", then_words_or_nothing, diagnostics);
    map.finish();
    return inject;
}

}  // namespace rdpfault::harness
