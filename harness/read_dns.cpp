// The `dns:` part.
#include <boost/asio/ip/address_v4.hpp>

#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

using server::NameAnswer;

constexpr std::array answer_words{Word<NameAnswer>{"right", NameAnswer::right},
                                  Word<NameAnswer>{"no-such-name", NameAnswer::no_such_name},
                                  Word<NameAnswer>{"no-address", NameAnswer::no_address},
                                  Word<NameAnswer>{"server-failure", NameAnswer::server_failure},
                                  Word<NameAnswer>{"refused", NameAnswer::refused},
                                  Word<NameAnswer>{"silence", NameAnswer::silence}};

}  // namespace

void read_dns(const Value& value, std::optional<server::DnsConfig>& dns, Diagnostics& diagnostics) {
    if (value.is_scalar() && value.text == "none") {
        dns.reset();
        return;
    }
    auto& config = dns ? *dns : dns.emplace();
    MapReader map(value, "dns", diagnostics);
    if (const auto* v = map.find("answer")) {
        read_into(config.answer, v, "answer of a name server", answer_words, diagnostics);
        config.address.reset();  // what is answered is said anew
    }
    if (const auto* v = map.find("address")) {
        boost::system::error_code wrong;
        config.address = boost::asio::ip::make_address_v4(v->is_scalar() ? v->text : "", wrong).to_bytes();
        if (wrong) expected(*v, "an IPv4 address", diagnostics);
        if (map.has("answer"))
            diagnostics.error(map.place_of("address"), "'address:' is an answer; leave out 'answer:'");
    }
    if (const auto* v = map.find("delay")) config.delay = read_milliseconds(*v, diagnostics).value_or(config.delay);
    read_into(config.first, map.find("first"), 0, 1'000'000, diagnostics);
    map.finish();
}

}  // namespace rdpfault::harness
