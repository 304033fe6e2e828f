// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace explore {

using thread_id = unsigned;
inline constexpr thread_id max_threads = 12;
/// A set of threads.
using mask = std::uint32_t;
constexpr mask bit(thread_id t) {
    return mask{1} << t;
}

enum class action : std::uint8_t {
    begin, ///< of a thread
    load,
    change, ///< store, exchange, compare and swap, ...
    lock,
    unlock,
    wait, ///< looks at an atomic, and queues the thread there if the value is still the old one
    notify,
    destroy ///< of one instrument, or of a block of memory with instruments in it
};

/// Of a call in the sources. (Clang 14 has no std::source_location.)
struct place {
    const char* file = "";
    unsigned line = 0;
};

/// What a thread is about to do to an atomic or a lock.
struct operation {
    action what = action::begin;
    const std::byte* object = nullptr;
    std::size_t size = 0;       ///< more than 0 for a block of memory
    const bool* shut = nullptr; ///< cannot be done while this is true
    place where{};

    bool enabled() const noexcept { return !shut || !*shut; }
    bool concerns(const std::byte* o) const noexcept {
        return size ? o >= object && o < object + size : o == object;
    }
    bool reads_only() const noexcept { return what == action::load; }
};

/// Could it make a difference which one is first?
inline bool dependent(const operation& a, const operation& b) noexcept {
    if (!a.object || !b.object || (a.reads_only() && b.reads_only())) return false;
    return a.concerns(b.object) || b.concerns(a.object);
}

const char* name_of(action a) noexcept;

} // namespace explore
