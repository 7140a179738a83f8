// Waiting for something that another program does: asked again and again, with a bound.
#pragma once

#include <chrono>
#include <thread>

namespace rdpfault::peers {

using std::chrono::milliseconds;
using std::chrono::seconds;

// True as soon as `happened` says so, false when `limit` has passed without it.
template <typename Predicate>
bool wait_until(Predicate happened, milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!happened()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
}

}  // namespace rdpfault::peers
