#include "protocol/error_info.hpp"
#include "protocol/finalization.hpp"
#include "protocol/output_control.hpp"
#include "protocol/save_session_info.hpp"
#include "protocol/session_end.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<Synchronize, Control, FontList, FontMap, PersistentKeyList, SetErrorInfo, DeactivateAll,
                    ShutdownRequest, ShutdownDenied, SaveSessionInfo, RefreshRect, SuppressOutput>(data, size);
    // Cutting a payload into its PDUs comes to an end.
    const Bytes bytes(data, data + size);
    ByteView rest = bytes;
    while (const auto unit = peek_share_unit(rest))
        rest = rest.subspan(unit->bytes.size());
    return 0;
}
