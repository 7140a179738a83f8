// What a client sees: the updates it gets make up the test card, whatever its depth and path.
#include <gmock/gmock.h>

#include "protocol/bitmap_update.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/finalization.hpp"
#include "protocol/input.hpp"
#include "protocol/output_control.hpp"
#include "server/display.hpp"
#include "server/test_card.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

// The rectangles in the units that came; everything else is passed over.
std::vector<protocol::BitmapRectangle> rectangles(const std::vector<Bytes>& units) {
    std::vector<protocol::BitmapRectangle> out;
    const auto take = [&](const protocol::BitmapUpdate& update) {
        out.insert(out.end(), update.rectangles.begin(), update.rectangles.end());
    };
    for (const auto& unit : units) {
        if (protocol::is_fast_path(unit[0])) {
            const auto pdu = protocol::FastPathOutput::decode(unit);
            if (!pdu) continue;
            for (const auto& part : pdu->updates)
                if (const auto update = protocol::BitmapUpdate::decode(part.data)) take(*update);
        } else if (const auto mcs = protocol::data_payload(unit); mcs) {
            const auto data = protocol::SendDataIndication::decode(*mcs);
            if (!data) continue;
            if (const auto pdu = protocol::SlowPathBitmapUpdate::decode(data->payload)) take(pdu->update);
        }
    }
    return out;
}

// A frame buffer of raw pixels, as a client would fill it from uncompressed, bottom-up rectangles.
class Screen {
  public:
    Screen(int width, int height, int depth)
        : width_(width), bytes_((depth + 7) / 8), pixels_(static_cast<std::size_t>(width * height * bytes_)) {}

    void draw(const protocol::BitmapRectangle& part) {
        const auto row = static_cast<std::size_t>(part.width * bytes_);
        for (int y = 0; y < part.height; ++y) {
            const auto from = part.data.begin() + static_cast<std::ptrdiff_t>(row) * (part.height - 1 - y);
            std::copy(from, from + static_cast<std::ptrdiff_t>(row), pixels_.begin() + at(part.left, part.top + y));
        }
    }
    Bytes pixel(int x, int y) const { return {pixels_.begin() + at(x, y), pixels_.begin() + at(x, y) + bytes_}; }

  private:
    std::ptrdiff_t at(int x, int y) const { return (static_cast<std::ptrdiff_t>(y) * width_ + x) * bytes_; }
    int width_;
    int bytes_;
    Bytes pixels_;
};

int differences(const Screen& screen, const TestCard& card, std::uint16_t depth) {
    int count = 0;
    for (int y = 0; y < card.height(); ++y)
        for (int x = 0; x < card.width(); ++x) {
            Bytes expected;
            append_pixel(expected, card.pixel(x, y), depth);
            if (screen.pixel(x, y) != expected) ++count;
        }
    return count;
}

Traits traits_of(std::uint16_t depth, bool fast_path) {
    Traits traits;
    if (depth != 32) traits.core.early_capability_flags = protocol::client_early::error_info;
    traits.core.high_color_depth = std::min<std::uint16_t>(depth, 24);
    if (!fast_path) traits.extra_flags = 0;
    return traits;
}

class EveryPath : public testing::TestWithParam<std::tuple<std::uint16_t, bool>> {};

TEST_P(EveryPath, UpdatesMakeUpTheTestCard) {
    const auto [depth, fast_path] = GetParam();
    ScriptedClient client({}, traits_of(depth, fast_path));
    client.go_to(Stage::rdp_active);
    Screen screen(320, 200, depth);
    const auto parts = rectangles(client.units);
    ASSERT_FALSE(parts.empty());
    for (const auto& part : parts) {
        EXPECT_EQ(part.bits_per_pixel, depth);
        screen.draw(part);
    }
    EXPECT_EQ(differences(screen, TestCard(320, 200), depth), 0);
    EXPECT_EQ(protocol::is_fast_path(client.units.back()[0]), fast_path);
}

INSTANTIATE_TEST_SUITE_P(Picture, EveryPath, testing::Combine(testing::Values(15, 16, 24, 32), testing::Bool()));

class Picture : public testing::Test {
  protected:
    void SetUp() override {
        client_.go_to(Stage::rdp_active);
        for (const auto& part : rectangles(client_.units))
            screen_.draw(part);
        client_.units.clear();
    }
    // The pixels sent since the last call.
    std::size_t update() {
        std::size_t count = 0;
        for (const auto& part : rectangles(std::exchange(client_.units, {}))) {
            screen_.draw(part);
            count += static_cast<std::size_t>(part.width) * part.height;
        }
        return count;
    }

    ScriptedClient client_{{}, traits_of(32, true)};
    Screen screen_{320, 200, 32};
    TestCard card_{320, 200};
};

TEST_F(Picture, FastPathInputIsSeen) {
    client_.unit(protocol::encoded(protocol::FastPathInput{{protocol::MouseEvent{0x9000, 50, 60}}}));
    card_.press(50, 60);
    EXPECT_GT(update(), 0u);
    client_.unit(
        protocol::encoded(protocol::FastPathInput{{protocol::ScancodeEvent{0, 30}, protocol::ScancodeEvent{1, 30}}}));
    card_.key();
    EXPECT_GT(update(), 0u);
    EXPECT_EQ(differences(screen_, card_, 32), 0);
    EXPECT_EQ(client_.acceptor.report().inputs, 3u);
}

TEST_F(Picture, SlowPathInputIsSeen) {
    protocol::InputPdu input{client_.origin(),
                             {{0, protocol::SlowMouse{0xA000, 70, 80}}, {0, protocol::SlowScancode{0, 30}}}};
    client_.pdu(input);
    card_.press(70, 80);
    card_.key();
    EXPECT_GT(update(), 0u);
    EXPECT_EQ(differences(screen_, card_, 32), 0);
}

TEST_F(Picture, MovesAndReleasesDrawNothing) {
    client_.unit(protocol::encoded(protocol::FastPathInput{
        {protocol::MouseEvent{0x0800, 5, 5}, protocol::MouseEvent{0x1000, 5, 5}, protocol::ScancodeEvent{1, 30}}}));
    EXPECT_EQ(update(), 0u);
}

TEST_F(Picture, RefreshRectIsSentAgain) {
    client_.pdu(protocol::RefreshRect{client_.origin(), {{8, 8, 23, 17}}});
    EXPECT_EQ(update(), 16u * 10u);
    client_.pdu(protocol::RefreshRect{client_.origin(), {{0, 0, 65535, 65535}}});
    EXPECT_EQ(update(), 320u * 200u) << "no more than the desktop";
}

TEST_F(Picture, SuppressedOutputWaits) {
    client_.pdu(protocol::SuppressOutput{client_.origin(), std::nullopt});
    client_.unit(protocol::encoded(protocol::FastPathInput{{protocol::MouseEvent{0x9000, 50, 60}}}));
    EXPECT_EQ(update(), 0u);
    client_.pdu(protocol::SuppressOutput{client_.origin(), protocol::InclusiveRectangle{0, 0, 319, 199}});
    EXPECT_GE(update(), 320u * 200u);
    card_.press(50, 60);
    EXPECT_EQ(differences(screen_, card_, 32), 0);
}

// The picture comes in portions, so that it does not pile up for a client that reads slowly.
TEST(PicturePortions, AreBounded) {
    Traits traits;
    traits.core.desktop_width = 1024;
    traits.core.desktop_height = 768;
    ScriptedClient client({}, traits);
    client.go_to(Stage::rdp_confirm_active);
    client.tls->write(protocol::send_data_request(client.user(), 1003,
                                                  protocol::encoded(protocol::FontList{.origin = client.origin()})));
    client.acceptor.receive(client.now, client.tls->take_output());
    EXPECT_LT(client.acceptor.unsent(), 4096u) << "nothing is drawn before it is asked for";
    std::size_t total = 0;
    for (auto bytes = client.acceptor.take_output(); !bytes.empty(); bytes = client.acceptor.take_output()) {
        EXPECT_LT(bytes.size(), 100'000u);
        total += bytes.size();
    }
    EXPECT_GT(total, 1024u * 768u * 4u);
}

}  // namespace
}  // namespace rdpfault::server::test
