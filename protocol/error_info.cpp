#include "protocol/error_info.hpp"

namespace rdpfault::protocol {

Result<SetErrorInfo> SetErrorInfo::decode(ByteView pdu) {
    auto share = open_share_data(pdu, DataPduType::set_error_info, "Set Error Info");
    const auto code = share.body.u32le("errorInfo");
    return finish(share.body, SetErrorInfo{share.origin, code});
}

void SetErrorInfo::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::set_error_info, origin, [&] { writer.u32le(error_info); });
}

}  // namespace rdpfault::protocol
