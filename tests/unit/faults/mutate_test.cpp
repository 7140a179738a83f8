#include "proxy/faults/mutate.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <map>
#include <optional>

#include "protocol/x224.hpp"

namespace rdpfault::proxy {
namespace {

using protocol::ConnectionConfirm;
using protocol::ConnectionRequest;

using protocol::encoded;

ConnectionRequest request() {
    ConnectionRequest request;
    request.negotiation.emplace().protocols = 0x0b;
    return request;
}
ConnectionRequest with_cookie() {
    auto cookie = request();
    cookie.cookie = "administrator";
    return cookie;
}
ConnectionRequest with_correlation() {
    auto correlated = with_cookie();
    correlated.negotiation->flags = protocol::NegotiationRequest::correlation_info_present;
    correlated.correlation.emplace().id.fill(0x5a);
    return correlated;
}
ConnectionConfirm confirm() {
    ConnectionConfirm confirm;
    confirm.response.emplace().selected = 1;
    return confirm;
}
ConnectionConfirm refusal() {
    ConnectionConfirm refusal;
    refusal.failure.emplace().code = 5;
    return refusal;
}

// Where a field lies: from the front, or from the negotiation data.
struct Place {
    bool negotiation;
    std::size_t offset;
    std::size_t size;
    bool big_endian;
};
const std::map<std::string_view, Place> places{
    {"tpkt_version", {false, 0, 1, true}},       {"tpkt_length", {false, 2, 2, true}},
    {"length_indicator", {false, 4, 1, true}},   {"code", {false, 5, 1, true}},
    {"negotiation_type", {true, 0, 1, false}},   {"negotiation_flags", {true, 1, 1, false}},
    {"negotiation_length", {true, 2, 2, false}}, {"requested_protocols", {true, 4, 4, false}},
    {"selected_protocol", {true, 4, 4, false}},
};

Bytes expected(Bytes unit, const Place& place, std::uint64_t value, std::size_t negotiation) {
    const auto at = place.offset + (place.negotiation ? negotiation : 0);
    for (std::size_t i = 0; i < place.size; ++i)
        unit.at(at + i) = static_cast<std::uint8_t>(value >> (8 * (place.big_endian ? place.size - 1 - i : i)));
    return unit;
}

struct Unit {
    std::string_view what;
    Stage stage;
    Bytes bytes;
    std::optional<std::size_t> negotiation;
};

std::vector<Unit> units() {
    const auto plain = encoded(request()), cookie = encoded(with_cookie()), correlated = encoded(with_correlation());
    const auto yes = encoded(confirm()), no = encoded(refusal());
    const auto bare_request = encoded(ConnectionRequest{}), bare_confirm = encoded(ConnectionConfirm{});
    return {{"request", Stage::x224_request, plain, plain.size() - 8},
            {"request with a cookie", Stage::x224_request, cookie, cookie.size() - 8},
            {"request with correlation data", Stage::x224_request, correlated, correlated.size() - 44},
            {"request without negotiation data", Stage::x224_request, bare_request, std::nullopt},
            {"confirm", Stage::x224_confirm, yes, yes.size() - 8},
            {"refusal", Stage::x224_confirm, no, no.size() - 8},
            {"confirm without negotiation data", Stage::x224_confirm, bare_confirm, std::nullopt}};
}

TEST(Mutate, SetsEveryFieldOfTheTableAndNothingElse) {
    for (const auto& row : mutation_table())
        for (const auto& unit : units()) {
            if (unit.stage != row.stage) continue;
            SCOPED_TRACE(std::string(row.name) + " of a " + std::string(unit.what));
            const auto& place = places.at(row.name.substr(row.name.find('.') + 1));
            constexpr std::uint64_t value = 0x0102030405060708;
            Bytes mutated = unit.bytes;
            const std::vector mutations{action::Mutation{std::string(row.name), value}};
            const bool has = !place.negotiation || unit.negotiation;
            EXPECT_EQ(mutate(mutated, mutations), has ? 1U : 0U);
            EXPECT_EQ(to_hex(mutated),
                      to_hex(has ? expected(unit.bytes, place, value, unit.negotiation.value_or(0)) : unit.bytes));
        }
}

TEST(Mutate, TableNamesAreUniqueAndBelongToTheirUnit) {
    std::map<std::string_view, int> seen;
    for (const auto& row : mutation_table()) {
        EXPECT_EQ(++seen[row.name], 1) << row.name;
        EXPECT_TRUE(row.stage > Stage::x224_confirm ||
                    row.name.starts_with(row.stage == Stage::x224_request ? "request." : "confirm."))
            << row.name;
        EXPECT_FALSE(row.summary.empty());
    }
    EXPECT_GT(seen.size(), 60U);
}

TEST(Mutate, GivesTheDecoderWhatWasAskedFor) {
    auto bytes = encoded(confirm());
    EXPECT_EQ(mutate(bytes, std::vector<action::Mutation>{{"confirm.selected_protocol", 2}}), 1U);
    EXPECT_EQ(ConnectionConfirm::decode(bytes).value().response.value().selected, 2U);

    bytes = encoded(with_correlation());
    EXPECT_EQ(mutate(bytes, std::vector<action::Mutation>{{"request.requested_protocols", 1}}), 1U);
    auto wanted = with_correlation();
    wanted.negotiation->protocols = 1;
    EXPECT_EQ(ConnectionRequest::decode(bytes).value(), wanted);
}

// The first mutation makes the negotiation data unrecognisable; the second still finds it.
TEST(Mutate, AppliesAllToTheUnitAsItCame) {
    auto bytes = encoded(confirm());
    EXPECT_EQ(mutate(bytes, std::vector<action::Mutation>{{"confirm.negotiation_length", 0x7777},
                                                          {"confirm.selected_protocol", 8}}),
              2U);
    EXPECT_EQ(to_hex(ByteView(bytes).last(8)), "0200777708000000");
}

TEST(Mutate, LeavesShortAndUnknownAlone) {
    Bytes bytes{3, 0};
    const auto before = bytes;
    EXPECT_EQ(mutate(bytes, std::vector<action::Mutation>{{"request.code", 1}, {"request.tpkt_length", 1}}), 0U);
    EXPECT_EQ(mutate(bytes, std::vector<action::Mutation>{{"no.such_field", 1}}), 0U);
    EXPECT_EQ(bytes, before);
}

const DrawKey key{1, "s", 1, Direction::server_to_client, "f", 0};

std::size_t distance(ByteView a, ByteView b) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        bits += static_cast<std::size_t>(std::popcount(static_cast<unsigned>(a[i] ^ b[i])));
    return bits;
}

TEST(Corrupt, FlipsExactlySoManyBitsBehindTheSkippedBytes) {
    const Bytes unit(100, 0xa5);
    for (const std::uint32_t bits : {1U, 2U, 17U, 400U, 760U})
        for (std::uint64_t unit_number = 0; unit_number < 20; ++unit_number) {
            auto draw_key = key;
            draw_key.unit = unit_number;
            auto bytes = unit;
            const auto positions = corrupt(bytes, {bits, 5}, Draws(draw_key));
            ASSERT_EQ(positions.size(), bits);
            ASSERT_EQ(distance(bytes, unit), bits);
            ASSERT_EQ(to_hex(ByteView(bytes).first(5)), to_hex(ByteView(unit).first(5)));
            for (const auto position : positions) {
                const auto flipped = bytes[position / 8] ^ unit[position / 8];
                ASSERT_TRUE(flipped & (0x80 >> (position % 8))) << "bit " << position << " is as it was";
            }
        }
}

TEST(Corrupt, FlipsAllWhenThereAreFewer) {
    Bytes bytes(4, 0x0f);
    EXPECT_EQ(corrupt(bytes, {1000, 1}, Draws(key)).size(), 24U);
    EXPECT_EQ(to_hex(bytes), "0ff0f0f0");
    EXPECT_TRUE(corrupt(bytes, {1, 4}, Draws(key)).empty());
    EXPECT_TRUE(corrupt(bytes, {1, 4000}, Draws(key)).empty());
    EXPECT_EQ(to_hex(bytes), "0ff0f0f0");
}

TEST(Corrupt, IsBounded) {
    Bytes bytes(64 * 1024);
    EXPECT_EQ(corrupt(bytes, {1'000'000, 0}, Draws(key)).size(), max_corrupt_bits);
    EXPECT_EQ(distance(bytes, Bytes(64 * 1024)), max_corrupt_bits);
}

TEST(Corrupt, DrawsByKey) {
    const auto flipped = [](std::uint64_t seed) {
        auto draw_key = key;
        draw_key.seed = seed;
        Bytes bytes(1000);
        return corrupt(bytes, {8, 0}, Draws(draw_key));
    };
    EXPECT_EQ(flipped(1), flipped(1));
    EXPECT_NE(flipped(1), flipped(2));
}

TEST(DropBytes, DeletesWhatThereIs) {
    const Bytes unit{0, 1, 2, 3, 4, 5, 6, 7};
    auto bytes = unit;
    EXPECT_EQ(drop_bytes(bytes, {2, 3}), 3U);
    EXPECT_EQ(to_hex(bytes), "0001050607");
    bytes = unit;
    EXPECT_EQ(drop_bytes(bytes, {6, 100}), 2U);
    EXPECT_EQ(to_hex(bytes), "000102030405");
    bytes = unit;
    EXPECT_EQ(drop_bytes(bytes, {0, 8}), 8U);
    EXPECT_TRUE(bytes.empty());
    bytes = unit;
    EXPECT_EQ(drop_bytes(bytes, {8, 1}), 0U);
    EXPECT_EQ(drop_bytes(bytes, {~0ULL, ~0ULL}), 0U);
    EXPECT_EQ(bytes, unit);
}

TEST(ActionTable, NamesEveryActionOnce) {
    std::map<std::string_view, int> seen;
    for (const auto& row : action_table()) {
        EXPECT_EQ(++seen[row.name], 1) << row.name;
        EXPECT_TRUE(row.fidelity == "wire" || row.fidelity == "modelled") << row.name;
    }
    EXPECT_EQ(seen.size(), std::variant_size_v<Action>);
    EXPECT_EQ(name(Action{action::Reset{}}), "reset");
    EXPECT_EQ(name(Action{action::HalfClose{}}), "half_close");
    EXPECT_EQ(name(Action{action::Throttle{}}), "throttle");
    EXPECT_EQ(name(Action{action::Inject{}}), "inject");
    EXPECT_EQ(name(Action{action::MaxConnections{}}), "max_connections");
    EXPECT_TRUE(needs_unit(action::Truncate{}) && needs_unit(action::Corrupt{}) && needs_unit(action::DropBytes{}) &&
                needs_unit(action::Mutate{}));
    EXPECT_FALSE(needs_unit(action::Reset{}) || needs_unit(action::Inject{}) || needs_unit(action::Stall{}));
    EXPECT_TRUE(acts_at_accept(action::Refuse{}) && acts_at_accept(action::HoldAccept{}) &&
                acts_at_accept(action::AcceptThenClose{}) && acts_at_accept(action::MaxConnections{}));
    EXPECT_FALSE(acts_at_accept(action::Reset{}) || acts_at_accept(action::Stall{}));
}

}  // namespace
}  // namespace rdpfault::proxy
