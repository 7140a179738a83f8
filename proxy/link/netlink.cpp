#include "proxy/link/netlink.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace rdpfault::link {

// A request under construction: a header, its fixed part, attributes, and attributes within attributes.
class Netlink::Message {
  public:
    Message(std::uint16_t type, std::uint16_t flags) {
        header().nlmsg_len = NLMSG_LENGTH(0);
        header().nlmsg_type = type;
        header().nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK);
    }

    nlmsghdr& header() { return *reinterpret_cast<nlmsghdr*>(buffer_); }

    template <class Body>
    void body(const Body& body) {
        std::memcpy(buffer_ + header().nlmsg_len, &body, sizeof body);
        header().nlmsg_len += NLMSG_ALIGN(sizeof body);
    }

    // Opens an attribute; what is added before close() lies within it.
    rtattr* open(std::uint16_t type) {
        auto* attribute = reinterpret_cast<rtattr*>(buffer_ + header().nlmsg_len);
        attribute->rta_type = type;
        header().nlmsg_len += RTA_LENGTH(0);
        return attribute;
    }
    void close(rtattr* attribute) {
        const auto end = buffer_ + header().nlmsg_len;
        attribute->rta_len = static_cast<std::uint16_t>(end - reinterpret_cast<std::uint8_t*>(attribute));
    }

    void add(std::uint16_t type, const void* data, std::size_t size) {
        auto* attribute = open(type);
        std::memcpy(buffer_ + header().nlmsg_len, data, size);
        header().nlmsg_len += static_cast<std::uint32_t>(size);
        close(attribute);
        header().nlmsg_len = NLMSG_ALIGN(header().nlmsg_len);
    }
    void add(std::uint16_t type, const std::string& text) { add(type, text.c_str(), text.size() + 1); }
    void add(std::uint16_t type, std::uint32_t number) { add(type, &number, sizeof number); }
    void add(std::uint16_t type, std::uint8_t number) { add(type, &number, sizeof number); }

  private:
    alignas(NLMSG_ALIGNTO) std::uint8_t buffer_[1024] = {};  // names and addresses of ours: never near the end
};

Netlink::Netlink() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {}

int Netlink::talk(Message& message) {
    const auto size = message.header().nlmsg_len;
    if (::send(socket_.get(), &message.header(), size, 0) != static_cast<ssize_t>(size)) return errno;
    alignas(NLMSG_ALIGNTO) std::uint8_t reply[4096];
    const auto got = ::recv(socket_.get(), reply, sizeof reply, 0);
    if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) return got < 0 ? errno : EPROTO;
    const auto* header = reinterpret_cast<const nlmsghdr*>(reply);
    if (header->nlmsg_type != NLMSG_ERROR) return EPROTO;
    return -static_cast<const nlmsgerr*>(NLMSG_DATA(header))->error;
}

unsigned Netlink::index_of(const std::string& name) const {
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    return ::ioctl(socket_.get(), SIOCGIFINDEX, &request) == 0 ? static_cast<unsigned>(request.ifr_ifindex) : 0;
}

int Netlink::add_veth(const VethEnd& here, const VethEnd& peer, int peer_namespace, std::uint32_t mtu,
                      std::uint32_t gso_limit) {
    Message message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    message.body(ifinfomsg{});
    const auto describe = [&](const VethEnd& end) {
        message.add(IFLA_IFNAME, end.name);
        message.add(IFLA_ADDRESS, end.mac.data(), end.mac.size());
        message.add(IFLA_MTU, mtu);
        message.add(IFLA_GSO_MAX_SIZE, gso_limit);
    };
    describe(here);
    auto* info = message.open(IFLA_LINKINFO);
    message.add(IFLA_INFO_KIND, std::string("veth"));
    auto* data = message.open(IFLA_INFO_DATA);
    auto* other = message.open(VETH_INFO_PEER);
    message.body(ifinfomsg{});
    describe(peer);
    message.add(IFLA_NET_NS_FD, static_cast<std::uint32_t>(peer_namespace));
    message.close(other);
    message.close(data);
    message.close(info);
    return talk(message);
}

int Netlink::set_up(const std::string& name, bool without_arp) {
    Message quiet(RTM_NEWLINK, 0);
    ifinfomsg which{};
    which.ifi_index = static_cast<int>(index_of(name));
    quiet.body(which);
    auto* families = quiet.open(IFLA_AF_SPEC);
    auto* family = quiet.open(AF_INET6);
    quiet.add(IFLA_INET6_ADDR_GEN_MODE, static_cast<std::uint8_t>(IN6_ADDR_GEN_MODE_NONE));
    quiet.close(family);
    quiet.close(families);
    talk(quiet);  // fails where there is no IPv6, and then there is nothing to keep quiet

    Message message(RTM_NEWLINK, 0);
    ifinfomsg body{};
    body.ifi_index = static_cast<int>(index_of(name));
    body.ifi_flags = without_arp ? unsigned{IFF_UP} | IFF_NOARP : unsigned{IFF_UP};
    body.ifi_change = body.ifi_flags;
    message.body(body);
    return talk(message);
}

int Netlink::add_address(const std::string& name, const std::vector<std::uint8_t>& address) {
    Message message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    ifaddrmsg body{};
    body.ifa_family = address.size() == 4 ? AF_INET : AF_INET6;
    body.ifa_prefixlen = static_cast<std::uint8_t>(8 * address.size());
    body.ifa_flags = IFA_F_NODAD;
    body.ifa_index = index_of(name);
    message.body(body);
    message.add(IFA_LOCAL, address.data(), address.size());
    message.add(IFA_ADDRESS, address.data(), address.size());
    return talk(message);
}

int Netlink::add_route(const std::string& name, const std::vector<std::uint8_t>& destination, std::uint8_t prefix,
                       bool local, bool among_local) {
    Message message(RTM_NEWROUTE, NLM_F_CREATE);
    rtmsg body{};
    body.rtm_family = destination.size() == 4 ? AF_INET : AF_INET6;
    body.rtm_dst_len = prefix;
    body.rtm_table = local || among_local ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
    body.rtm_protocol = RTPROT_STATIC;
    body.rtm_scope = local ? RT_SCOPE_HOST : RT_SCOPE_LINK;
    if (body.rtm_family == AF_INET6) body.rtm_scope = RT_SCOPE_UNIVERSE;
    body.rtm_type = local ? RTN_LOCAL : RTN_UNICAST;
    message.body(body);
    if (prefix > 0) message.add(RTA_DST, destination.data(), destination.size());
    message.add(RTA_OIF, static_cast<std::uint32_t>(index_of(name)));
    return talk(message);
}

}  // namespace rdpfault::link
