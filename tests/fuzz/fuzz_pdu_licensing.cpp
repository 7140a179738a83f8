#include "protocol/licensing.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<LicenseErrorAlert, LicenseRequest, NewLicenseRequest>(data, size);
    const Bytes bytes(data, data + size);
    is_licensing(bytes);
    license_message(bytes);
    return 0;
}
