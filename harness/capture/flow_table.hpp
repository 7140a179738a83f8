// All TCP connections of a capture. Packets in, in the order of the capture; an account of each RDP connection out.
// Bounded: so many connections at a time, so many bytes that wait, so many accounts.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "harness/capture/flow.hpp"

namespace rdpfault::capture {

struct TableLimits {
    std::size_t flows = 4096;                   // at a time; the one that was quiet for longest goes first
    std::size_t waiting = 256UL * 1024 * 1024;  // bytes, of all of them together
    std::size_t accounts = 100'000;
};

struct Counts {
    std::uint64_t packets = 0;
    std::uint64_t tcp = 0;
    std::uint64_t fragments = 0;
    std::uint64_t cut_off = 0;
    std::uint64_t malformed = 0;
    std::uint64_t truncated = 0;    // of TCP, without all of their data
    std::uint64_t connections = 0;  // TCP
    std::uint64_t rdp = 0;
    std::uint64_t left_out = 0;  // accounts above the limit
};

class FlowTable {
  public:
    struct Settings {
        std::set<std::uint16_t> ports;  // of servers whose connections are RDP, whatever they carry
        bool any_port = false;          // every connection is
        const KeyLog* keys = nullptr;   // must outlive the table
        TableLimits limits;
    };
    explicit FlowTable(Settings settings) : settings_(std::move(settings)) {}

    void packet(LinkType link, ByteView frame, Time at);
    // The capture is over. The RDP connections, in the order of their beginning.
    std::vector<Account> finish();
    const Counts& counts() const { return counts_; }

  private:
    using Key = std::pair<Address, Address>;  // the smaller first
    struct Entry {
        Flow flow;
        std::list<Key>::iterator age;
    };
    using Entries = std::map<Key, Entry>;

    void segment(const Segment& segment, Time at);
    void unreachable(const Unreachable& unreachable, Time at);
    Entries::iterator add(const Key& key, const Segment& segment);
    void close(Entries::iterator entry, bool given_up);
    bool is_rdp(const Account& account) const;

    Settings settings_;
    Entries flows_;
    std::list<Key> ages_;  // the one that was quiet for longest first
    std::size_t waiting_ = 0;
    std::set<Address> servers_;      // that spoke RDP
    std::vector<Account> accounts_;  // of RDP, and of what carried nothing yet
    Counts counts_;
};

}  // namespace rdpfault::capture
