// The command line: what may be said, and which command it means.
#pragma once

namespace rdpfault::harness {

// Returns the exit status; 2 for a call that is wrong, with the reason on stderr.
int cli(int argc, const char* const* argv);

}  // namespace rdpfault::harness
