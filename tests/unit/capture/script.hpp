// A connection as a script of packets.
#pragma once

#include "tests/unit/capture/frames.hpp"

namespace rdpfault::capture::test {

inline constexpr auto client = Side::client;
inline constexpr auto server = Side::server;

inline Bytes hex(std::string_view text) {
    Bytes bytes;
    EXPECT_TRUE(from_hex(text, bytes));
    return bytes;
}
inline const Bytes request = hex("03000013 0ee00000000000 0100080001000000");
inline const Bytes confirm = hex("03000013 0ed00000123400 0200080001000000");
inline const Bytes refusal = hex("03000013 0ed00000123400 0300080005000000");

// Plays a connection packet by packet into a table; what is not captured is played all the same.
class Script {
  public:
    explicit Script(FlowTable::Settings settings = {}) : table(std::move(settings)) {}

    Script& wait(Duration time) {
        now += time;
        return *this;
    }
    // The next packet is not in the capture.
    Script& unseen() {
        hidden_ = true;
        return *this;
    }
    // The next packet stands in the capture where comes() is.
    Script& late() {
        late_ = true;
        return *this;
    }
    Script& comes() {
        table.packet(LinkType::ethernet, waiting_, now);
        return *this;
    }
    Script& syn() { return send(client, flag::syn); }
    Script& syn_ack() { return send(server, flag::syn | flag::ack); }
    Script& open() { return syn().syn_ack().send(client, flag::ack); }
    Script& data(Side from, const Bytes& bytes) { return send(from, flag::ack, bytes); }
    Script& ack(Side from) { return send(from, flag::ack); }
    Script& fin(Side from) { return send(from, flag::fin | flag::ack); }
    Script& reset(Side from, std::uint8_t hops = 64) { return send(from, flag::rst | flag::ack, {}, hops); }
    // The same bytes once more.
    Script& again(Side from, const Bytes& bytes) {
        sequence[index(from)] -= static_cast<std::uint32_t>(bytes.size());
        return send(from, flag::ack, bytes);
    }
    Script& send(Side from, std::uint8_t flags, const Bytes& bytes = {}, std::uint8_t hops = 64) {
        auto& self = sequence[index(from)];
        // What a side has of the other is what was sent, captured or not.
        Tcp tcp{port, 3389, self, sequence[index(other(from))], flags, bytes, hops, {}};
        if (from == server) std::swap(tcp.source, tcp.destination);
        if ((flags & flag::ack) == 0) tcp.acknowledged = 0;
        self += static_cast<std::uint32_t>(bytes.size()) + ((flags & (flag::syn | flag::fin)) != 0 ? 1 : 0);
        now += std::chrono::milliseconds(1);
        if (std::exchange(late_, false))
            waiting_ = frame(tcp);
        else if (!std::exchange(hidden_, false))
            table.packet(LinkType::ethernet, frame(tcp), now);
        return *this;
    }
    std::vector<Account> all() { return table.finish(); }
    Account one() {
        auto accounts = all();
        EXPECT_THAT(accounts, testing::SizeIs(1));
        return accounts.empty() ? Account{} : accounts.front();
    }

    FlowTable table;
    Time now{std::chrono::seconds(1'700'000'000)};
    std::uint16_t port = 40000;
    std::array<std::uint32_t, 2> sequence{0xFFFFFFF0, 77};  // the client's wraps

  private:
    static std::size_t index(Side side) { return static_cast<std::size_t>(side); }
    bool hidden_ = false;
    bool late_ = false;
    Bytes waiting_;
};

inline void expect_end(const Account& account, Ender who, TcpEnd how) {
    EXPECT_EQ(account.who, who);
    EXPECT_EQ(account.how, how);
}

}  // namespace rdpfault::capture::test
