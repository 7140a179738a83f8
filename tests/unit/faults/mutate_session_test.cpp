// Mutations of what TLS carries: each changes the bytes it names and no other, lengths around what moved are right, and
// our own decoders notice what a client should notice.
#include <gmock/gmock.h>

#include <map>

#include "proxy/faults/field.hpp"
#include "proxy/faults/mutate.hpp"
#include "session_units.hpp"
#include "tests/unit/protocol/pdu_fixtures.hpp"

namespace rdpfault::proxy {
namespace {

using namespace protocol;
using testing::IsEmpty;

// "2: 0009>ffff": where bytes differ, as runs. Units of different sizes differ as a whole.
std::string difference(ByteView before, ByteView after) {
    if (before.size() != after.size()) return to_hex(before) + ">" + to_hex(after);
    std::string text;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == after[i]) continue;
        auto end = i;
        while (end < before.size() && before[end] != after[end])
            ++end;
        text += (text.empty() ? "" : ", ") + std::to_string(i) + ": " + to_hex(before.subspan(i, end - i)) + ">" +
                to_hex(after.subspan(i, end - i));
        i = end;
    }
    return text;
}

Bytes from_hex_bytes(std::string_view text) {
    Bytes bytes;
    EXPECT_TRUE(from_hex(text, bytes)) << text;
    return bytes;
}

struct Case {
    std::string_view field;
    Bytes (*unit)();
    std::uint64_t value;
    std::string_view changes;
};

Bytes response() {
    return units::connect_response();
}
Bytes error_info() {
    return units::error_info();
}
// Long enough for lengths in their wide forms.
Bytes long_licensing() {
    LicenseErrorAlert alert;
    alert.error_info.data.assign(200, 0x5a);
    return units::from_server(alert);
}

const Case cases[] = {
    {"connect_initial.tpkt_length", units::connect_initial, 0xfffe, "2: 0181>fffe"},
    {"connect_initial.encoded_length", units::connect_initial, 0x7777, "10: 0175>7777"},
    {"connect_initial.user_data_length", units::connect_initial, 0x7777, "112: 010f>7777"},
    {"connect_initial.blocks_length", units::connect_initial, 0x1234, "135: 80f8>9234"},
    {"connect_initial.early_capability_flags", units::connect_initial, 0xfefe, "281: 0300>fefe"},
    {"connect_initial.selected_protocol", units::connect_initial, 0x0a0b0c0d, "349: 01000000>0d0c0b0a"},
    {"connect_response.tpkt_length", response, 0xfffe, "2: 0072>fffe"},
    {"connect_response.encoded_length", response, 0x12, "9: 68>12"},
    {"connect_response.result", response, 14, "12: 00>0e"},
    {"connect_response.user_data_length", response, 0x13, "45: 44>13"},
    {"connect_response.connect_pdu_length", response, 0x2a, "53: 3c>2a"},
    {"connect_response.conference_result", response, 1, "59: 00>01"},
    {"connect_response.h221_key", response, 0x01020304, "63: 4d63446e>01020304"},
    {"connect_response.blocks_length", response, 0x15, "67: 2e>15"},
    {"connect_response.version", response, 0x01020304, "73: 000800>030201"},
    {"connect_response.requested_protocols", response, 0x0a0b0c0d, "76: 01000000>0d0c0b0a"},
    {"connect_response.early_capability_flags", response, 0x0a0b0c0d, "80: 00000000>0d0c0b0a"},
    {"connect_response.encryption_method", response, 0x0a0b0c0d, "88: 00000000>0d0c0b0a"},
    {"connect_response.encryption_level", response, 0x0a0b0c0d, "92: 00000000>0d0c0b0a"},
    {"connect_response.io_channel", response, 0xfffe, "100: ec03>feff"},
    {"connect_response.channel_count", response, 0x1f1f, "102: 0100>1f1f"},
    {"connect_response.message_channel", response, 0x0102, "112: f003>0201"},
    {"attach_user_confirm.tpkt_length", units::attach_user_confirm, 0xfffe, "2: 000b>fffe"},
    {"attach_user_confirm.result", units::attach_user_confirm, 14, "7: 2e00>2fc0"},
    {"attach_user_confirm.result", units::attach_user_confirm, 1, "8: 00>20"},
    {"attach_user_confirm.initiator", units::attach_user_confirm, 0x0102, "9: 0006>0102"},
    {"attach_user_confirm.initiator_present", units::attach_user_confirm, 0,
     "0300000b02f0802e000006>0300000902f0802c00"},
    {"channel_join_confirm.tpkt_length", units::channel_join_confirm, 0xfffe, "2: 000f>fffe"},
    {"channel_join_confirm.result", units::channel_join_confirm, 15, "7: 3e00>3fe0"},
    {"channel_join_confirm.initiator", units::channel_join_confirm, 0x0102, "9: 0006>0102"},
    {"channel_join_confirm.requested", units::channel_join_confirm, 0x0102, "11: 03ec>0102"},
    {"channel_join_confirm.channel", units::channel_join_confirm, 0x0102, "13: 03ec>0102"},
    {"channel_join_confirm.channel_present", units::channel_join_confirm, 0,
     "0300000f02f0803e00000603ec03ec>0300000d02f0803c00000603ec"},
    {"licensing.tpkt_length", units::licensing, 0xfffe, "2: 0022>fffe"},
    {"licensing.mcs_length", units::licensing, 0x7f, "13: 14>7f"},
    {"licensing.mcs_length", units::licensing, 0x7ffe,
     "0300002202f08068000103ec701480000000ff031000070000000200000004000000>"
     "0300002302f08068000103ec70fffe80000000ff031000070000000200000004000000"},
    {"licensing.mcs_length", long_licensing, 0x7ffe, "13: 80dc>fffe"},
    {"licensing.flags", units::licensing, 0x0102, "14: 8000>0201"},
    {"licensing.message_type", units::licensing, 0x01, "18: ff>01"},
    {"licensing.message_size", units::licensing, 0x0102, "20: 1000>0201"},
    {"licensing.error_code", units::licensing, 2, "22: 07>02"},
    {"licensing.state_transition", units::licensing, 1, "26: 02>01"},
    {"demand_active.tpkt_length", units::demand_active, 0xfffe, "2: 0028>fffe"},
    {"demand_active.mcs_length", units::demand_active, 0x7ffe,
     "0300002802f08068000103ec701a1a001100ea03ea03010004000400524450000000000000000000>"
     "0300002902f08068000103ec70fffe1a001100ea03ea03010004000400524450000000000000000000"},
    {"demand_active.pdu_length", units::demand_active, 0x0102, "14: 1a00>0201"},
    {"demand_active.pdu_type", units::demand_active, 0x0012, "16: 11>12"},
    {"demand_active.share_id", units::demand_active, 0x0a0b0c0d, "20: ea030100>0d0c0b0a"},
    {"slow_path.tpkt_length", error_info, 0xfffe, "2: 0024>fffe"},
    {"slow_path.mcs_length", error_info, 0x02, "13: 16>02"},
    {"slow_path.total_length", error_info, 0x0102, "14: 1600>0201"},
    {"slow_path.pdu_type", error_info, 0x0012, "16: 17>12"},
    {"slow_path.share_id", error_info, 0x0a0b0c0d, "20: ea030100>0d0c0b0a"},
    {"slow_path.data_type", error_info, 0x02, "28: 2f>02"},
    {"error_info.code", error_info, 0x0a0b0c0d, "32: 07000000>0d0c0b0a"},
    {"auto_reconnect.status", units::auto_reconnect_status, 0x0a0b0c0d, "32: 00000000>0d0c0b0a"},
    {"static_channel.tpkt_length", units::channel_data, 0xfffe, "2: 001a>fffe"},
    {"static_channel.mcs_length", units::channel_data, 0x7f, "13: 0c>7f"},
    {"static_channel.channel", units::channel_data, 0x0102, "10: 03ed>0102"},
    {"static_channel.length", units::channel_data, 0x0a0b0c0d, "14: 04000000>0d0c0b0a"},
    {"static_channel.flags", units::channel_data, 0x0a0b0c0d, "18: 03000000>0d0c0b0a"},
    {"disconnect.tpkt_length", units::disconnect, 0xfffe, "2: 0009>fffe"},
    {"disconnect.reason", units::disconnect, 1, "7: 21>20"},
};

std::string mutated_difference(const Case& c) {
    const auto before = c.unit();
    auto after = before;
    EXPECT_EQ(mutate(after, std::vector{action::Mutation{std::string(c.field), c.value}}), 1U) << c.field;
    return difference(before, after);
}

TEST(MutateSession, ChangesExactlyTheBytesOfTheField) {
    for (const auto& c : cases)
        EXPECT_EQ(mutated_difference(c), c.changes) << c.field;
}

TEST(MutateSession, EveryFieldOfTheTableHasACase) {
    std::map<std::string_view, int> seen;
    for (const auto& c : cases)
        ++seen[c.field];
    for (const auto& row : mutation_table())
        EXPECT_TRUE(row.stage <= Stage::tls_application_data || seen.contains(row.name)) << row.name;
}

Bytes mutated(Bytes unit, std::vector<action::Mutation> mutations) {
    EXPECT_EQ(mutate(unit, mutations), mutations.size());
    return unit;
}
ByteView mcs(const Bytes& unit) {
    const auto payload = data_payload(unit);
    EXPECT_TRUE(payload.has_value()) << to_hex(unit);
    return payload ? *payload : ByteView{};
}

TEST(MutateSession, DecodersNoticeWrongLengths) {
    for (const auto& c : cases) {
        if (!c.field.ends_with(".tpkt_length")) continue;
        EXPECT_FALSE(data_payload(mutated(c.unit(), {{std::string(c.field), c.value}}))) << c.field;
    }
    EXPECT_FALSE(
        ConnectInitial::decode(mcs(mutated(units::connect_initial(), {{"connect_initial.encoded_length", 9999}}))));
    for (const std::string field : {"connect_response.encoded_length", "connect_response.user_data_length"})
        for (const std::uint64_t value : {0x12U, 0x7777U})
            EXPECT_FALSE([&] {
                const auto unit = mutated(response(), {{field, value}});
                const auto pdu = ConnectResponse::decode(mcs(unit));
                return pdu && ConferenceCreateResponse::decode(pdu->user_data);
            }()) << field
                 << ' ' << value;
    EXPECT_FALSE(SendDataIndication::decode(mcs(mutated(units::licensing(), {{"licensing.mcs_length", 0x7f}}))));
    EXPECT_FALSE(
        SendDataIndication::decode(mcs(mutated(units::demand_active(), {{"demand_active.mcs_length", 0x7ffe}}))));
    EXPECT_FALSE(
        SendDataIndication::decode(mcs(mutated(units::channel_data(), {{"static_channel.mcs_length", 0x7f}}))));
    const auto first_share = [](const Bytes& unit) {
        return peek_share_unit(SendDataIndication::decode(mcs(unit)).value().payload).has_value();
    };
    EXPECT_TRUE(first_share(units::demand_active()));
    EXPECT_FALSE(first_share(mutated(units::demand_active(), {{"demand_active.pdu_length", 0x0102}})));
    EXPECT_FALSE(first_share(mutated(error_info(), {{"slow_path.total_length", 0x0102}})));
}

TEST(MutateSession, DecodersReadWhatWasAskedFor) {
    const auto conference = [](const Bytes& unit) {
        return ConferenceCreateResponse::decode(ConnectResponse::decode(mcs(unit)).value().user_data);
    };
    EXPECT_EQ(ConnectResponse::decode(mcs(mutated(response(), {{"connect_response.result", 14}}))).value().result, 14);
    EXPECT_FALSE(conference(mutated(response(), {{"connect_response.h221_key", 0x4D63446F}})));
    auto wanted = conference(response()).value();
    wanted.blocks.core->client_requested_protocols = 11;
    wanted.blocks.network->io_channel = 0xffff;
    wanted.blocks.message_channel->channel = 0;
    EXPECT_EQ(conference(mutated(response(), {{"connect_response.requested_protocols", 11},
                                              {"connect_response.io_channel", 0xffff},
                                              {"connect_response.message_channel", 0}}))
                  .value(),
              wanted);
    EXPECT_EQ(AttachUserConfirm::decode(
                  mcs(mutated(units::attach_user_confirm(), {{"attach_user_confirm.initiator_present", 0}})))
                  .value(),
              (AttachUserConfirm{0, std::nullopt}));
    EXPECT_EQ(ChannelJoinConfirm::decode(
                  mcs(mutated(units::channel_join_confirm(),
                              {{"channel_join_confirm.channel_present", 0}, {"channel_join_confirm.result", 15}})))
                  .value(),
              (ChannelJoinConfirm{15, units::user, units::io_channel, std::nullopt}));
    EXPECT_FALSE(is_licensing(
        SendDataIndication::decode(mcs(mutated(units::licensing(), {{"licensing.flags", 0}}))).value().payload));
    EXPECT_EQ(DisconnectProviderUltimatum::decode(mcs(mutated(units::disconnect(), {{"disconnect.reason", 6}})))
                  .value()
                  .reason,
              6);
}

// A length that is too big for the form it is in gets a wider one, and every length around it counts that.
TEST(MutateSession, WideningALengthLeavesAllOthersRight) {
    const auto decode = [](const Bytes& bytes) {
        return ConferenceCreateResponse::decode(ConnectResponse::decode(mcs(bytes)).value().user_data).value();
    };
    // No decoder believes this one, so what is around it can be read.
    const auto unit = mutated(response(), {{"connect_response.connect_pdu_length", 0x1234}});
    EXPECT_EQ(unit.size(), response().size() + 1);
    EXPECT_EQ(decode(unit), decode(response()));
}

TEST(Field, MakesRoomThroughLengthsThatAreFullThemselves) {
    // A SEQUENCE with an OCTET STRING with a PER octet string of so many bytes.
    const auto nested = [](std::string_view lengths, std::size_t content) {
        auto unit = from_hex_bytes(lengths);
        unit.resize(unit.size() + content, 0x5a);
        unit[2] = 0;
        unit[3] = static_cast<std::uint8_t>(unit.size());
        return unit;
    };
    const FieldPath path{{8, Form::ber_length}, {10, Form::ber_length}, {11, Form::per_length}};
    auto unit = nested("0300000002f080 30 7e 04 7c 7b", 0x7b);
    EXPECT_TRUE(make_room(unit, path, 0x80));
    EXPECT_EQ(to_hex(unit), to_hex(nested("0300000002f080 30 7f 04 7d 807b", 0x7b)));
    unit = nested("0300000002f080 30 7f 04 7d 7c", 0x7c);
    EXPECT_TRUE(make_room(unit, path, 0x7fff));
    EXPECT_EQ(to_hex(unit), to_hex(nested("0300000002f080 30 820080 04 7e 807c", 0x7c)));
    const auto wide = unit;
    EXPECT_TRUE(make_room(unit, {{8, Form::ber_length}}, 0xffffffff)) << "wide already";
    EXPECT_EQ(unit, wide);
    unit = nested("0300000002f080 30 7e 04 7c 7b", 0x7b);
    const auto narrow = unit;
    EXPECT_TRUE(make_room(unit, path, 0x7f));
    EXPECT_TRUE(make_room(unit, {{0, Form::u8}}, 0x1234));
    EXPECT_FALSE(make_room(unit, {}, 1));
    EXPECT_FALSE(make_room(unit, {{1000, Form::ber_length}}, 0x80));
    EXPECT_EQ(unit, narrow);
}

TEST(MutateSession, TakingAFieldAwayAndSpoilingALengthGoTogether) {
    const auto unit = mutated(units::attach_user_confirm(), {{"attach_user_confirm.tpkt_length", 0x1234},
                                                             {"attach_user_confirm.initiator_present", 0}});
    EXPECT_EQ(to_hex(unit), "0300123402f0802c00");
}

TEST(MutateSession, UnitsWithoutTheFieldAreLeftAlone) {
    const auto all = [] {
        std::vector<action::Mutation> mutations;
        for (const auto& row : mutation_table())
            if (row.stage > Stage::tls_application_data) mutations.push_back({std::string(row.name), 0});
        return mutations;
    }();
    for (const auto& unit : {data_unit(encoded(ErectDomainRequest{})), from_hex_bytes("c405050505"), Bytes{},
                             data_unit(encoded(ChannelJoinRequest{units::user, 1004}))}) {
        auto copy = unit;
        EXPECT_EQ(mutate(copy, all), 0U) << to_hex(unit);
        EXPECT_EQ(copy, unit);
    }
    auto bare = units::connect_response(false);
    EXPECT_EQ(mutate(bare, std::vector<action::Mutation>{{"connect_response.message_channel", 1}}), 0U);
    auto refused = data_unit(encoded(AttachUserConfirm{14, std::nullopt}));
    EXPECT_EQ(mutate(refused, std::vector<action::Mutation>{{"attach_user_confirm.initiator", 1}}), 0U);
    EXPECT_EQ(mutate(refused, std::vector<action::Mutation>{{"attach_user_confirm.initiator_present", 1}}), 0U);
}

TEST(MutateSession, RepairsTheEchoesOfTheNegotiation) {
    auto initial = units::connect_initial();
    EXPECT_TRUE(set_client_selected_protocol(initial, 8));
    EXPECT_EQ(ConferenceCreateRequest::decode(ConnectInitial::decode(mcs(initial)).value().user_data)
                  .value()
                  .blocks.core->server_selected_protocol,
              8U);
    auto answer = response();
    EXPECT_TRUE(set_server_requested_protocols(answer, 0x0b));
    EXPECT_EQ(ConferenceCreateResponse::decode(ConnectResponse::decode(mcs(answer)).value().user_data)
                  .value()
                  .blocks.core->client_requested_protocols,
              0x0bU);
    EXPECT_FALSE(set_client_selected_protocol(answer, 1));
    EXPECT_FALSE(set_server_requested_protocols(initial, 1));

    ConferenceCreateRequest old;
    old.blocks.core.emplace().server_selected_protocol.reset();
    old.blocks.core->desktop_physical_width.reset();
    ConnectInitial pdu;
    pdu.user_data = encoded(old);
    auto without = data_unit(encoded(pdu));
    const auto before = without;
    EXPECT_FALSE(set_client_selected_protocol(without, 1));
    EXPECT_EQ(without, before);
}

// The annotated dump of a Windows client.
TEST(MutateSession, FindsTheFieldsOfAWindowsClient) {
    auto unit = from_hex_bytes(fixtures::windows_connect_initial);
    EXPECT_EQ(mutate(unit, std::vector<action::Mutation>{{"connect_initial.early_capability_flags", 0x1234},
                                                         {"connect_initial.selected_protocol", 0x01020304}}),
              2U);
    const auto core =
        ConferenceCreateRequest::decode(ConnectInitial::decode(mcs(unit)).value().user_data).value().blocks.core;
    EXPECT_EQ(core->early_capability_flags, 0x1234);
    EXPECT_EQ(core->server_selected_protocol, 0x01020304U);
}

TEST(MutateSession, TakesAnyBytes) {
    std::vector<action::Mutation> mutations;
    for (const auto& row : mutation_table())
        mutations.push_back({std::string(row.name), 0xfffffffe});
    const auto try_all = [&](Bytes unit) {
        auto copy = unit;
        mutate(copy, mutations);
        EXPECT_LE(copy.size(), unit.size() + 64);
        set_client_selected_protocol(unit, 1);
        set_server_requested_protocols(unit, 1);
    };
    for (const auto& [direction, unit] : units::session()) {
        for (std::size_t size = 0; size <= unit.size(); ++size) {
            Bytes prefix(unit.begin(), unit.begin() + static_cast<std::ptrdiff_t>(size));
            try_all(prefix);
            if (size < 4) continue;
            prefix[2] = static_cast<std::uint8_t>(size >> 8);  // cut, and its TPKT says so
            prefix[3] = static_cast<std::uint8_t>(size);
            try_all(prefix);
        }
        for (std::size_t at = 0; at < unit.size(); ++at)
            for (const auto flip : {0x01U, 0x80U, 0xffU}) {
                auto flipped = unit;
                flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ flip);
                try_all(flipped);
            }
    }
}

TEST(Split, CutsHandshakeRecordsAnew) {
    const auto records = from_hex_bytes("16030300050102030405 1403030001 01 16030100020607");
    EXPECT_EQ(to_hex(split_records(records, {2})),
              "16030300020102"
              "16030300020304"
              "160303000105"
              "140303000101"
              "16030100020607");
    EXPECT_EQ(split_records(records, {5}), records);
    EXPECT_EQ(to_hex(split_records(from_hex_bytes("1603030002aabb 16030300"), {1})),
              "1603030001aa1603030001bb16030300");
    for (const std::string_view other : {"", "16", "0300000b", "1703030002aabb", "1603030005aabb"}) {
        const auto bytes = from_hex_bytes(other);
        EXPECT_EQ(split_records(bytes, {1}), bytes) << other;
    }
}

TEST(Split, CutsAUnitIntoPieces) {
    const Bytes unit{1, 2, 3, 4, 5};
    std::vector<std::string> pieces;
    for (const auto piece : split_unit(unit, {2}))
        pieces.push_back(to_hex(piece));
    EXPECT_THAT(pieces, testing::ElementsAre("0102", "0304", "05"));
    EXPECT_EQ(split_unit(unit, {100}).size(), 1U);
    EXPECT_THAT(split_unit({}, {1}), IsEmpty());
}

}  // namespace
}  // namespace rdpfault::proxy
