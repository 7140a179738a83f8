// The answer for a longer head never takes back what was said for a shorter one.
#include "protocol/framing.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

namespace {
void check(Framing framing, ByteView input) {
    FrameLength before;
    for (std::size_t size = 0; size <= input.size(); ++size) {
        const auto now = frame_length(framing, input.first(size));
        require(before.status == FrameLength::Status::need_more || now == before);
        require(now.status != FrameLength::Status::known || (now.size > 0 && now.size <= max_frame(framing)));
        require((now.status == FrameLength::Status::wrong) == !now.what.empty());
        before = now;
    }
    require(input.size() < 16 || before.status != FrameLength::Status::need_more);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto input = ByteView(bytes, size).first(std::min<std::size_t>(size, 32));
    for (const auto framing :
         {Framing::tpkt, Framing::session, Framing::tls_record, Framing::ts_request, Framing::preconnection})
        check(framing, input);
    return 0;
}
