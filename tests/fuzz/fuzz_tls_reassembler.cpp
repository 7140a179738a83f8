// Messages are the same, and lie at the same distance from each other, in whichever records they come. The first byte
// of the input chooses the size of the records.
#include "protocol/tls_reassembler.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

namespace {
constexpr std::size_t limit = 4096;

std::vector<TlsHandshakeMessage> reassembled(ByteView stream, std::size_t record_size, bool& followed) {
    TlsReassembler reassembler(limit);
    std::vector<TlsHandshakeMessage> messages;
    std::uint64_t at = 0;
    followed = true;
    while (followed && !stream.empty()) {
        const auto fragment = stream.first(std::min(record_size, stream.size()));
        followed = reassembler.feed(at, fragment, messages);
        at += 5 + fragment.size();
        require(!reassembler.pending() || *reassembler.pending() < at);
        stream = stream.subspan(fragment.size());
    }
    return messages;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 2) return 0;
    const ByteView stream(bytes + 1, size - 1);
    bool whole_followed = false;
    bool pieces_followed = false;
    const auto whole = reassembled(stream, stream.size(), whole_followed);
    const auto pieces = reassembled(stream, 1 + bytes[0], pieces_followed);
    require(whole_followed == pieces_followed && whole.size() == pieces.size());
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        require(whole[i].type == pieces[i].type && whole[i].bytes == pieces[i].bytes);
        require(pieces[i].begin >= end && pieces[i].end >= pieces[i].begin + pieces[i].bytes.size());
        end = pieces[i].end;
    }
    return 0;
}
