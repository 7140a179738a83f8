// delay, jitter and throttle under the virtual clock.
#include <cmath>

#include "playbook.hpp"

namespace rdpfault::proxy {
namespace {

using action::Delay;
using action::Throttle;

constexpr auto downstream = Directions::server_to_client;

Bytes numbered(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 131 + i / 251);
    return bytes;
}

TEST(DelayFault, PassesEveryByteOnThatMuchLater) {
    Playbook book(plan_of(fault(AtStart{}, Delay{downstream, milliseconds(200), {}, {}})));
    book.open();
    book.says(Side::server, to_bytes("a"));
    book.expect({say::wake(milliseconds(200))});
    book.pass(milliseconds(150));
    book.says(Side::server, to_bytes("b"));
    book.expect_nothing();
    book.pass(milliseconds(50));
    book.expect({say::send(Side::client, to_bytes("a")), say::wake(milliseconds(350))});
    book.carries(Side::client, to_bytes("the other direction is as fast as ever"));
    book.pass(milliseconds(150));
    book.expect({say::send(Side::client, to_bytes("b"))});
    EXPECT_EQ(book.sent()[0].time, epoch + milliseconds(200));
    EXPECT_EQ(book.sent().back().time, epoch + milliseconds(350));
}

TEST(DelayFault, BeginsWhereItIsTriggered) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), Delay{Directions::both, milliseconds(50), {}, {}})));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls + to_bytes("x"));
    book.expect({say::send(Side::client, confirm_tls), say::wake(milliseconds(50))});
    book.says(Side::client, client_hello);
    book.expect_nothing();
    book.pass(milliseconds(50));
    book.expect({say::send(Side::server, client_hello), say::send(Side::client, to_bytes("x"))});
}

TEST(DelayFault, DelaysTheFinToo) {
    Playbook book(plan_of(fault(AtStart{}, Delay{downstream, milliseconds(200), {}, {}})));
    book.open();
    book.says(Side::server, to_bytes("a"));
    book.expect({say::wake(milliseconds(200))});
    book.fin(Side::server);
    book.expect_nothing();
    book.pass(milliseconds(200));
    book.expect({say::send(Side::client, to_bytes("a")), say::finish(Side::client)});
}

// Sends blocks of one segment and returns how long each took, in milliseconds.
std::vector<double> delays(const Delay& delay, int blocks) {
    Playbook book(plan_of(fault(AtStart{}, delay)));
    book.open();
    std::vector<Time> said_at;
    for (int i = 0; i < blocks; ++i) {
        book.says(Side::server, Bytes(Shaper::block, static_cast<std::uint8_t>(i)));
        said_at.push_back(book.now);
        book.pass(seconds(10));  // longer than any of them: none waits for the one before
        book.expect_but_wakes({say::send(Side::client, Bytes(Shaper::block, static_cast<std::uint8_t>(i)))});
    }
    std::vector<double> result;
    for (int i = 0; i < blocks; ++i)
        result.push_back(std::chrono::duration<double, std::milli>(book.sent()[static_cast<std::size_t>(i)].time -
                                                                   said_at[static_cast<std::size_t>(i)])
                             .count());
    return result;
}

struct Moments {
    double mean = 0, deviation = 0, least = 1e9, most = 0;
};
Moments moments(const std::vector<double>& values) {
    Moments m;
    for (const double v : values) {
        m.mean += v / static_cast<double>(values.size());
        m.least = std::min(m.least, v);
        m.most = std::max(m.most, v);
    }
    for (const double v : values)
        m.deviation += (v - m.mean) * (v - m.mean) / static_cast<double>(values.size());
    m.deviation = std::sqrt(m.deviation);
    return m;
}

TEST(JitterFault, IsUniformAroundTheTime) {
    const auto m = moments(delays({downstream, milliseconds(500), milliseconds(100), Jitter::uniform}, 2000));
    EXPECT_GE(m.least, 400);
    EXPECT_LE(m.most, 600);
    EXPECT_LT(m.least, 405);
    EXPECT_GT(m.most, 595);
    EXPECT_NEAR(m.mean, 500, 4 * 57.7 / std::sqrt(2000));
    EXPECT_NEAR(m.deviation, 57.7, 3);
}

TEST(JitterFault, IsNormalWithThatDeviation) {
    const auto m = moments(delays({downstream, milliseconds(500), milliseconds(50), Jitter::normal}, 2000));
    EXPECT_NEAR(m.mean, 500, 4 * 50 / std::sqrt(2000));
    EXPECT_NEAR(m.deviation, 50, 4);
}

TEST(JitterFault, HasATail) {
    const auto m = moments(delays({downstream, milliseconds(100), milliseconds(40), Jitter::pareto}, 2000));
    EXPECT_GE(m.least, 100);
    EXPECT_NEAR(m.mean, 100 + 40 * 0.5, 4 * 40 * 0.87 / std::sqrt(2000));
    EXPECT_GT(m.most, 250);
    EXPECT_LE(m.most, 100 + 40 * 50);
}

TEST(JitterFault, NeverArrivesBeforeItWasSent) {
    const auto m = moments(delays({downstream, milliseconds(10), milliseconds(100), Jitter::normal}, 500));
    EXPECT_EQ(m.least, 0);
}

TEST(JitterFault, IsTheSameOnEveryRun) {
    const Delay delay{downstream, milliseconds(500), milliseconds(100), Jitter::uniform};
    EXPECT_EQ(delays(delay, 50), delays(delay, 50));
}

// Blocks overtake nobody, and the draw is the block's, not the read's: two halves of one are equally late.
TEST(JitterFault, KeepsOrderAndDoesNotDependOnReads) {
    const auto plan = plan_of(fault(AtStart{}, Delay{downstream, milliseconds(50), milliseconds(50), Jitter::uniform}));
    const auto bytes = numbered(40'000);
    const auto last_time = [&](std::size_t read) {
        Playbook book(plan);
        book.open();
        std::vector<Time> arrival;  // of each byte
        for (std::size_t at = 0; at < bytes.size(); at += read) {
            const auto end = std::min(bytes.size(), at + read);
            book.says(Side::server, {bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(end)});
            book.expect_but_wakes({});
        }
        book.pass(seconds(1));
        book.forget();
        EXPECT_EQ(book.sent(Side::client), bytes);
        for (const auto& sent : book.sent())
            arrival.insert(arrival.end(), sent.bytes.size(), sent.time);
        return arrival;
    };
    const auto whole = last_time(bytes.size());
    EXPECT_EQ(last_time(1000), whole);
    EXPECT_EQ(last_time(7), whole);
}

// The time from the first byte in to the last byte out, for `size` bytes that are read `read` bytes at a time.
double seconds_for(std::uint64_t rate, std::size_t size, std::size_t read) {
    Limits limits;
    limits.high_water = size + 1;  // all of it waits in front of the line
    Playbook book(plan_of(fault(AtStart{}, Throttle{downstream, rate})), limits);
    book.open();
    const auto bytes = numbered(size);
    for (std::size_t at = 0; at < size; at += read) {
        const auto end = std::min(size, at + read);
        book.says(Side::server,
                  {bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(end)});
        book.forget();
    }
    book.pass(seconds(3600));
    book.forget();
    EXPECT_EQ(book.sent(Side::client), bytes);
    return std::chrono::duration<double>(book.sent().back().time - epoch).count();
}

TEST(ThrottleFault, KeepsTheRateWithinOnePerCent) {
    for (const std::uint64_t rate : {1'000ULL, 8'000ULL, 300'000ULL, 1'250'000ULL, 3'000'001ULL, 125'000'000ULL})
        for (const std::size_t read : {1, 100, 1460, 100'000}) {
            const std::size_t size = read == 1 ? 10'000 : 100'000;
            const double ideal = static_cast<double>(size) / static_cast<double>(rate);
            EXPECT_NEAR(seconds_for(rate, size, read), ideal, ideal / 100)
                << rate << " bytes a second, read by " << read;
        }
}

TEST(ThrottleFault, SendsAllTheTimeAndNotInOneBurst) {
    Playbook book(plan_of(fault(AtStart{}, Throttle{downstream, 14'600})));
    book.open();
    book.says(Side::server, numbered(14'600));
    book.forget();
    for (int tenth = 1; tenth <= 10; ++tenth) {
        book.pass(milliseconds(100));
        book.forget();
        EXPECT_EQ(book.sent(Side::client).size(), 1460U * static_cast<unsigned>(tenth));
    }
}

// An idle line saves nothing up.
TEST(ThrottleFault, HasNoCredit) {
    Playbook book(plan_of(fault(AtStart{}, Throttle{downstream, 1'000})));
    book.open();
    book.says(Side::server, numbered(1));
    book.pass(seconds(100));
    book.forget();
    book.says(Side::server, numbered(500));
    book.pass(milliseconds(499));
    EXPECT_EQ(book.sent(Side::client).size(), 1U);
    book.pass(milliseconds(1));
    book.forget();
    EXPECT_EQ(book.sent(Side::client).size(), 501U);
}

TEST(ThrottleFault, GoesWithADelay) {
    Playbook book(plan_of({fault(AtStart{}, Throttle{downstream, 1'460'000}),
                           fault(AtStart{}, Delay{downstream, milliseconds(100), {}, {}})}));
    book.open();
    book.says(Side::server, numbered(2920));
    book.forget();
    book.pass(seconds(1));
    book.forget();
    EXPECT_EQ(book.sent(Side::client), numbered(2920));
    EXPECT_GE(book.sent().front().time, epoch + milliseconds(100));
    EXPECT_EQ(book.sent().back().time, epoch + milliseconds(102));
}

}  // namespace
}  // namespace rdpfault::proxy
