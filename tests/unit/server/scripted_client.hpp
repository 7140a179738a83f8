// A client that talks to an Acceptor in memory, one step at a time, under a clock of the test.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/client_info.hpp"
#include "protocol/gcc_client.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/share.hpp"
#include "protocol/writer.hpp"
#include "server/acceptor.hpp"

namespace rdpfault::server::test {

std::shared_ptr<const tls::Credential> credential();

// A configuration with something changed.
template <class Change>
Config with(Change change) {
    Config config;
    change(config);
    return config;
}

struct Traits {
    Traits() {
        core.desktop_width = 320;  // small: a whole picture is sent in most tests
        core.desktop_height = 200;
    }
    std::uint32_t protocols = 1;
    protocol::ClientCoreData core;
    std::vector<protocol::ChannelDefinition> channels = {{"rdpdr", 0}, {"cliprdr", 0}};
    std::uint16_t extra_flags = 0x0001;  // of the General capability: fast-path output
    std::uint32_t info_flags = protocol::ClientInfo{}.flags;
};

class ScriptedClient {
  public:
    explicit ScriptedClient(Config the_config = {}, Traits traits = {});

    // Takes the steps of a proper client until it has said the last thing before the server would reach `stage` and the
    // server did (or would not).
    void go_to(Stage stage);

    // Puts bytes on the wire, and takes what the server says to them.
    void wire(ByteView bytes);
    // Says something inside TLS: a whole unit, an MCS domain PDU, a PDU on the I/O channel.
    void unit(ByteView bytes);
    template <class Pdu>
    void mcs(const Pdu& pdu) {
        unit(protocol::data_unit(protocol::encoded(pdu)));
    }
    template <class Pdu>
    void pdu(const Pdu& pdu) {
        unit(protocol::send_data_request(user(), 1003, protocol::encoded(pdu)));
    }
    // Takes what the server has to say, without saying anything.
    void listen();

    bool reached(Stage stage) const;
    std::vector<std::string> stages() const;
    std::uint16_t user() const { return static_cast<std::uint16_t>(1004 + traits.channels.size()); }
    protocol::ShareOrigin origin() const { return {0x10000u + user(), user()}; }
    const Ending& ending() const { return acceptor.report().ending; }

    Config config;
    Traits traits;
    Acceptor acceptor;
    Time now{0};
    std::size_t step = 1 << 20;  // bytes put on the wire at once
    std::unique_ptr<tls::Engine> tls;
    Bytes clear;               // what came before TLS
    std::vector<Bytes> units;  // what came inside TLS, cut
    std::vector<Event> events;
    std::uint64_t received = 0;  // on the wire

  private:
    void hear(ByteView bytes);
    void negotiate();
    void shake_hands();
    void connect();
    void join();
    void inform();
    void confirm();
    void finalize();

    Bytes plain_;
};

}  // namespace rdpfault::server::test
