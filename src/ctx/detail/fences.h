// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace ctx::detail {

/// Two fences for two sides of which each first writes, and then reads what the other writes: at least one of
/// them sees the other. Where the system can stop all threads of the process for a moment (Linux: membarrier)
/// the side that comes by often pays nothing, and the other one some microseconds; elsewhere, and under
/// ThreadSanitizer, which knows neither, both are full fences.
class uneven_fences {
  public:
    /// Asks the system, once in a process.
    uneven_fences() noexcept;

    bool uneven() const noexcept { return uneven_; }
    void often() const noexcept {
        if (uneven_)
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            std::atomic_thread_fence(std::memory_order_seq_cst);
    }
    void seldom() const noexcept;

  private:
    const bool uneven_;
};

/// For objects that are too small to have their own. While the program's statics are being made it may say
/// that it is not uneven.
extern const uneven_fences common_fences;

} // namespace ctx::detail
