// What a session holds is bounded: a source is paused before it holds too much, and resumed when there is room.
#include "playbook.hpp"

namespace rdpfault::proxy {
namespace {

const Limits small{1000, 200, seconds(5)};

// Bytes that the tracker has given up on.
Playbook& opaque(Playbook& book, Side side) {
    book.carries(side, to_bytes("no RDP"));
    return book;
}

TEST(BackPressure, PausesTheSourceOfASlowReader) {
    for (const auto side : {Side::client, Side::server}) {
        Playbook book({}, small);
        book.open();
        opaque(book, side);
        book.kernel_takes = false;
        book.says(side, Bytes(1000, 'a'));
        book.expect({say::send(other(side), Bytes(1000, 'a'))});
        book.says(side, Bytes(1, 'b'));
        book.expect({say::send(other(side), Bytes(1, 'b')), say::pause(side)});
        book.took(other(side), 800);
        book.expect_nothing();
        book.took(other(side), 1);
        book.expect({say::resume(side)});
        book.says(side, Bytes(900, 'c'));
        book.expect({say::send(other(side), Bytes(900, 'c')), say::pause(side)});
        book.took(other(side), 1100);
        book.expect({say::resume(side)});
    }
}

TEST(BackPressure, LeavesTheOtherDirectionAlone) {
    Playbook book({}, small);
    book.open();
    opaque(book, Side::server);
    opaque(book, Side::client);
    book.kernel_takes = false;
    book.says(Side::server, Bytes(2000, 'a'));
    book.expect({say::send(Side::client, Bytes(2000, 'a')), say::pause(Side::server)});
    book.says(Side::client, Bytes(10, 'b'));
    book.expect({say::send(Side::server, Bytes(10, 'b'))});
}

TEST(BackPressure, PausesAClientWhoseServerIsNotThereYet) {
    Playbook book({}, small);
    book.accept();
    book.expect({say::connect()});
    book.says(Side::client, Bytes(1001, 'x'));
    book.expect({say::pause(Side::client)});
    book.connect();
    book.expect_but_wakes({say::send(Side::server, Bytes(1001, 'x')), say::resume(Side::client)});
}

TEST(BackPressure, PausesTheSourcesOfAStall) {
    Playbook book(plan_of(fault(AtStart{}, action::Stall{Directions::both, seconds(9)})), small);
    book.open();
    book.says(Side::client, Bytes(1001, 'x'));
    book.expect({say::pause(Side::client)});
    book.says(Side::server, Bytes(1001, 'y'));
    book.expect({say::pause(Side::server)});
    book.pass(seconds(9));
    book.expect({say::send(Side::server, Bytes(1001, 'x')), say::send(Side::client, Bytes(1001, 'y')),
                 say::resume(Side::client), say::resume(Side::server)});
}

TEST(BackPressure, PausesTheSourceOfASlowLine) {
    Playbook book(plan_of(fault(AtStart{}, action::Throttle{Directions::server_to_client, 1000})), small);
    book.open();
    book.says(Side::server, Bytes(1100, 'x'));
    book.expect_but_wakes({say::pause(Side::server)});
    book.pass(milliseconds(1200));
    book.expect_but_wakes(
        {say::send(Side::client, Bytes(1, 'x')), say::send(Side::client, Bytes(1099, 'x')), say::resume(Side::server)});
}

TEST(BackPressure, IsOffForWhatIsThrownAway) {
    Playbook book(plan_of(fault(AtStart{}, action::HalfClose{Sides::client})), small);
    book.accept();
    book.expect({say::connect(), say::finish(Side::client)});
    book.connect();
    for (int i = 0; i < 100; ++i)
        book.says(Side::server, Bytes(1000, 'x'));
    book.expect_nothing();
}

// A handshake message over many records is held back whole while a fault may want it. The slow reader of what came
// before it must not keep its rest away for ever.
TEST(BackPressure, NeverKeepsTheRestOfAHeldUnitAway) {
    Playbook book(plan_of(fault(after(Stage::tls_certificate), action::Reset{Sides::client})));
    book.open();
    book.carries(Side::client, request_tls);
    book.carries(Side::server, confirm_tls);
    book.carries(Side::client, client_hello);
    const Bytes server_hello = first(server_flight, 70);
    book.carries(Side::server, server_hello);

    constexpr std::size_t size = 100'000;  // of the certificate message
    Bytes message = hex("0b 0186a0");
    message.resize(4 + size, 0xcc);
    Bytes records;
    for (std::size_t at = 0; at < message.size(); at += 10'000) {
        const auto count = std::min<std::size_t>(10'000, message.size() - at);
        append(records, hex("16 0303"));
        records.push_back(static_cast<std::uint8_t>(count >> 8));
        records.push_back(static_cast<std::uint8_t>(count & 0xff));
        records.insert(records.end(), message.begin() + static_cast<std::ptrdiff_t>(at),
                       message.begin() + static_cast<std::ptrdiff_t>(at + count));
    }
    // Much that the client is slow to take, and then most of the message.
    Bytes warnings;
    while (warnings.size() < 200'000)
        append(warnings, hex("15 0303 0002 015a"));
    book.kernel_takes = false;
    book.says(Side::server, warnings);
    book.expect({say::send(Side::client, warnings)});
    book.says(Side::server, first(records, 90'000));
    book.expect({say::pause(Side::server)});
    book.took(Side::client, warnings.size());
    book.expect({say::resume(Side::server)});
    book.says(Side::server, behind(records, 90'000));
    book.expect({say::send(Side::client, records), say::reset(Side::client), say::close(Side::server)});
}

TEST(BackPressure, DefaultsLeaveRoomForAnyUnit) {
    EXPECT_GE(Limits{}.low_water, StageTracker::max_held());
    EXPECT_GT(Limits{}.high_water, Limits{}.low_water);
}

// Whatever comes, and however slowly it is taken, no more is held than the mark and one read.
TEST(BackPressure, BoundsMemory) {
    Playbook book(plan_of({fault(AtStart{}, action::Delay{Directions::both, milliseconds(50), milliseconds(50), {}})}));
    book.open();
    book.kernel_takes = false;
    constexpr std::uint64_t read = 64 * 1024;
    std::uint64_t taken = 0, said = 0;
    bool paused = false;
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        if (!paused && random() % 2 == 0) {
            const auto size = 1 + random() % read;
            book.says(Side::server, Bytes(size, 'x'));
            said += size;
        } else if (const auto sent = book.sent_bytes(Side::client); sent > taken) {
            const auto size = std::min<std::uint64_t>(sent - taken, 1 + random() % 50'000);
            book.took(Side::client, size);
            taken += size;
        }
        book.pass(milliseconds(random() % 20));
        paused = book.follow_pause(Side::server, paused);
        ASSERT_LE(said - taken, Limits{}.high_water + read);
    }
    EXPECT_GT(taken, 10'000'000U);
}

}  // namespace
}  // namespace rdpfault::proxy
