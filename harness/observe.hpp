// What happened to the last connection of an attempt, put together from what each witness saw of it.
#pragma once

#include "harness/verdict.hpp"

namespace rdpfault::harness {

// One run's evidence with the parts that every judgement asks for.
struct Scene {
    const Arm& arm;
    const Evidence& evidence;
    const proxy::ConnectionLog* log = nullptr;   // the proxy's last
    const client::ProbeReport* probe = nullptr;  // whichever of the two it was
    const client::ProcessReport* process = nullptr;
    const client::ConnectionReport* connection = nullptr;  // the probe's last

    Scene(const Arm& the_arm, const Evidence& the_evidence);

    bool fired(const std::string& fault) const;
    // The client did what it was asked to do, as far as it can tell.
    bool worked() const;
};

// What the proxy saw or injected that tells a client why it ends, from the server's side: a negotiation failure or a
// TLS alert; where it ends TLS, Set Error Info, a disconnect, a licensing or CredSSP error, too, unless a fault changed
// the unit on its way. nullopt: nothing of the kind.
std::optional<Ending> announced(const Scene& scene);

Observed observe(const Scene& scene);

}  // namespace rdpfault::harness
