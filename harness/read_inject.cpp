#include "harness/readers.hpp"
#include "protocol/tls_record.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::harness {

namespace {

using proxy::action::Inject;

constexpr std::string_view sources = "'negotiation_failure:', 'tls_alert:', 'banner:' or 'hex:'";

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
    source("banner", banner);
    source("hex", hex);
    if (value.is_map() && given != 1) diagnostics.error(value.place, "inject needs one of " + std::string(sources));
    read_into(inject.to, map.find("to"), "side", side_words, diagnostics);
    if (const auto* v = map.find("replace")) inject.replace = read_bool(*v, diagnostics).value_or(true);
    inject.then = proxy::action::Then::close;
    read_into(inject.then, map.find("then"), "end", then_words_or_nothing, diagnostics);
    map.finish();
    return inject;
}

}  // namespace rdpfault::harness
