// The code catalogue: every number that an RDP client, server or library may print, with its name, its meaning in our
// words and where that is written. The tables lie in protocol/catalogue/, one family a file; nothing else in the
// project may hold a second copy of a code's name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdpfault {

enum class Family : std::uint8_t {
    mstsc,        // disconnect reasons: the "error code" of mstsc's dialog and of client event 1026
    extended,     // extended disconnect reasons: the "extended error code" of the dialog
    error_info,   // errorInfo of the Set Error Info PDU (MS-RDPBCGR 2.2.5.1.1)
    negotiation,  // failureCode of RDP_NEG_FAILURE (MS-RDPBCGR 2.2.1.2.2)
    tls_alert,    // AlertDescription (RFC 8446 6)
    ntstatus,     // errorCode of a TSRequest (MS-CSSP 2.2.1) and the statuses that events print for it
    freerdp,      // FreeRDP's last error while connecting
    xfreerdp,     // exit status of the program xfreerdp
    license,      // dwErrorCode of a licensing error message (MS-RDPBCGR 2.2.1.12.1.3)
    disconnect,   // reason of the MCS Disconnect Provider Ultimatum (T.125)
    gateway,      // mstsc's codes for a connection through an RD Gateway
};

struct FamilyInfo {
    Family family;
    std::string_view name;     // "tls_alert": the word for it in queries and JSON
    std::string_view title;    // "TLS alerts"
    std::string_view related;  // what CodeInfo::related holds; empty: nothing
    bool hexadecimal;          // people write its codes in hexadecimal
    std::string_view note;     // what to know before reading the table; may be empty
};

struct CodeInfo {
    Family family;
    std::uint32_t code;
    std::string_view name;      // the published symbol; empty: none was ever published
    std::string_view meaning;   // short, in our words
    std::string_view source;    // keys for source_text(), separated by blanks
    std::uint32_t related = 0;  // the number in FamilyInfo::related's family; 0: none
};

// One row a family, index = enum value.
std::span<const FamilyInfo> families();
const FamilyInfo& info(Family family);
std::string_view to_string(Family family);

// The table of one family, ascending by code; no code twice.
std::span<const CodeInfo> codes(Family family);

// nullptr: not in the table.
const CodeInfo* find(Family family, std::uint32_t code);

// Every row with this code, whatever the family; empty: none.
std::vector<const CodeInfo*> find_anywhere(std::uint32_t code);

// Every row with this name; upper and lower case are the same.
std::vector<const CodeInfo*> find_by_name(std::string_view name);

// The published names most like `name`, best first, for "did you mean"; empty when nothing is at all like it.
std::vector<std::string_view> nearest_code_names(std::string_view name, std::size_t most = 3);

// The code as people write it in its family: "0x904", "143".
std::string code_text(const CodeInfo& row);
std::string code_text(Family family, std::uint32_t code);

struct Source {
    std::string_view key;   // "S1"
    std::string_view text;  // title and address
};
std::span<const Source> sources();

// The full text of one key; the key itself when it is not in the table.
std::string_view source_text(std::string_view key);

// "S1 S3" -> {"S1", "S3"}.
std::vector<std::string_view> source_keys(std::string_view keys);

}  // namespace rdpfault
