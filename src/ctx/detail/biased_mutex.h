// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/fences.h"
#include "ctx/detail/sync.h"

#include <cstdint>

namespace ctx::detail {

/// A lock like spin_mutex, with its rules, which costs a thread that takes it over and over no locked
/// instruction. Usable with std::lock_guard.
///
/// The first thread that has taken it `first_patience` times in a row becomes its favourite, for good. While
/// the lock is `biased_`, the favourite only says that it is in, and then looks whether the bias still holds;
/// any other thread takes mutex_, ends the bias, stops all threads for a moment, and waits until the
/// favourite is out. By that uneven fence one of the two sees the other. Without the bias, everybody takes
/// mutex_. The bias comes back when the favourite has taken the lock often enough, each time twice as often
/// as before: ending it takes no longer than the locked instructions that it has waited for.
class biased_spin_mutex {
  public:
    void lock() noexcept {
        const void* const me = this_thread();
        if (favourite_.load(std::memory_order_relaxed) == me && biased_.load(std::memory_order_relaxed)) {
            // What a thread that has ended did as the favourite, with the address that is this one's now, has
            // happened.
            (void)in_.load(std::memory_order_acquire);
            in_.store(true, std::memory_order_relaxed);
            fence();
            if (biased_.load(std::memory_order_acquire)) {
                quick_ = true;
                return;
            }
            in_.store(false, std::memory_order_release);
        }
        mutex_.lock();
        look_who_it_is(me); // until then the favourite may be in
        quick_ = false;
    }
    void unlock() noexcept {
        if (quick_)
            in_.store(false, std::memory_order_release);
        else
            mutex_.unlock();
    }

  private:
    struct identity {
        char here = 0;
    };
    static const void* this_thread() noexcept { return &per_thread<identity>(); }

    static void fence() noexcept {
        if (common_fences.uneven())
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            full_fence();
    }

    /// With mutex_ held.
    void look_who_it_is(const void* me) noexcept {
        if (biased_.load(std::memory_order_relaxed)) {
            if (favourite_.load(std::memory_order_relaxed) != me) end_bias();
        } else if (candidate_ == me) {
            if (--left_ == 0) begin_bias();
        } else if (!favourite_.load(std::memory_order_relaxed)) {
            candidate_ = me;
            left_ = first_patience;
        }
    }
    void begin_bias() noexcept;
    void end_bias() noexcept;

    atomic<const void*> favourite_{nullptr}; // written once, with mutex_ held
    atomic<bool> biased_{false};             // written with mutex_ held
    atomic<bool> in_{false};                 // written by the favourite
    bool quick_ = false;                     // guarded by this lock: its holder is in without mutex_
    spin_mutex mutex_;
    // Guarded by mutex_:
    std::uint16_t patience_ = first_patience; // with the candidate, before the lock is biased once more
    std::uint16_t left_ = first_patience;     // of it
    const void* candidate_ = nullptr;         // the favourite, once there is one
};
using biased_mutex = lock_like<biased_spin_mutex>;

} // namespace ctx::detail
