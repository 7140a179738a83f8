#include "proxy/link/socket_facts.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace rdpfault::link {

namespace {

constexpr std::uint32_t state_listen = 1U << 10;
constexpr std::uint32_t state_time_wait = 1U << 6;
constexpr std::uint32_t state_syn_received = (1U << 3) | (1U << 12);
constexpr std::uint32_t open_states = 0xfff & ~(state_listen | state_time_wait | state_syn_received);

void add(const nlmsghdr& header, std::vector<SocketFacts>& all) {
    const auto* message = static_cast<const inet_diag_msg*>(NLMSG_DATA(&header));
    auto left = static_cast<int>(header.nlmsg_len) - static_cast<int>(NLMSG_LENGTH(sizeof *message));
    if (left < 0) return;
    auto* attribute = reinterpret_cast<rtattr*>(const_cast<inet_diag_msg*>(message) + 1);
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type != INET_DIAG_INFO) continue;
        tcp_info info{};
        std::memcpy(&info, RTA_DATA(attribute), std::min<std::size_t>(sizeof info, RTA_PAYLOAD(attribute)));
        all.push_back({ntohs(message->id.idiag_sport), ntohs(message->id.idiag_dport), proxy::facts_of(info)});
    }
}

}  // namespace

std::vector<SocketFacts> socket_facts(int netlink) {
    struct {
        nlmsghdr header;
        inet_diag_req_v2 request;
    } message{};
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.request.sdiag_family = AF_INET;
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_ext = 1U << (INET_DIAG_INFO - 1);
    message.request.idiag_states = open_states;
    std::vector<SocketFacts> all;
    if (::send(netlink, &message, sizeof message, 0) != static_cast<ssize_t>(sizeof message)) return all;
    alignas(NLMSG_ALIGNTO) char buffer[32'768];
    for (;;) {
        const auto got = ::recv(netlink, buffer, sizeof buffer, 0);
        if (got <= 0) return all;
        auto left = static_cast<unsigned>(got);
        for (auto* header = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return all;
            add(*header, all);
        }
    }
}

}  // namespace rdpfault::link
