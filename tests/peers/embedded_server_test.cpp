// Real clients on the embedded server. What they show is compared with what the server drew, pixel by pixel.
#include <gmock/gmock.h>

#include <csignal>

#include "server/test_card.hpp"
#include "tests/peers/support/clients.hpp"
#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

// How many pixels of the screen are not as drawn.
std::size_t differences(const Picture& screen, const server::TestCard& card) {
    std::size_t count = 0;
    for (int y = 0; y < screen.height; ++y) {
        for (int x = 0; x < screen.width; ++x) {
            const auto drawn = card.pixel(x, y);
            const auto& shown = screen.at(x, y);
            if (drawn != (std::uint32_t{shown.red} << 16 | std::uint32_t{shown.green} << 8 | shown.blue)) ++count;
        }
    }
    return count;
}

// The screen of a client, once it shows this card or when it did not in time.
std::size_t differences_in_the_end(Client& client, const server::TestCard& card) {
    std::size_t count = 0;
    wait_until([&] { return (count = differences(client.screenshot(), card)) == 0; }, seconds(30));
    return count;
}

struct EmbeddedServer : testing::Test {
    Serve serve;
    server::TestCard card{client_width, client_height};
    TempDir folder;
};

TEST_F(EmbeddedServer, XfreerdpShowsTheTestCard) {
    Xfreerdp client(serve.port());
    EXPECT_EQ(differences_in_the_end(client, card), 0U) << client.log() << serve.log();
    EXPECT_TRUE(client.process().running()) << client.log();
}

TEST_F(EmbeddedServer, RdesktopShowsTheTestCard) {
    Rdesktop client(serve.port());
    EXPECT_EQ(differences_in_the_end(client, card), 0U) << client.log() << serve.log();
    EXPECT_TRUE(client.process().running()) << client.log();
}

TEST_F(EmbeddedServer, XfreerdpSeesItsInputAnswered) {
    Xfreerdp client(serve.port());
    ASSERT_EQ(differences_in_the_end(client, card), 0U) << client.log() << serve.log();
    run({"xdotool", "mousemove", "310", "220", "click", "1", "key", "a"}, folder / "xdotool.log",
        {{"DISPLAY", client.display()}});
    card.press(310, 220);
    card.key();
    EXPECT_EQ(differences_in_the_end(client, card), 0U) << client.log() << serve.log();
}

TEST_F(EmbeddedServer, StoppingItEndsTheSessionInOrder) {
    Xfreerdp client(serve.port());
    ASSERT_EQ(differences_in_the_end(client, card), 0U) << client.log() << serve.log();
    serve.process().signal(SIGTERM);
    EXPECT_EQ(serve.process().wait(seconds(10)), (Exit{0, std::nullopt})) << serve.log();
    // An end the server announces (its error info), not a connection that is lost (131, ERRCONNECT).
    const auto exit = client.process().wait(seconds(10));
    ASSERT_TRUE(exit && exit->code) << to_string(exit);
    EXPECT_LT(*exit->code, 32) << client.log();
}

}  // namespace
}  // namespace rdpfault::peers
