// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"

#include <cstdint>

namespace ctx::detail {

/// A mutex of four bytes that sleeps in the kernel when it has to wait. Usable with std::lock_guard.
class futex_mutex {
  public:
    void lock() noexcept {
        std::int32_t seen = 0;
        if (word_.compare_exchange_strong(seen, locked, std::memory_order_acquire, std::memory_order_relaxed))
            return;
        lock_slow(seen);
    }

    void unlock() noexcept {
        if (word_.exchange(0, std::memory_order_release) == contended) word_.notify_one();
    }

  private:
    static constexpr std::int32_t locked = 1;
    static constexpr std::int32_t contended = 2;

    void lock_slow(std::int32_t seen) noexcept;

    atomic<std::int32_t> word_{0};
};
using small_mutex = lock_like<futex_mutex>;

/// A mutex of one byte, for sections of a few instructions that neither allocate nor call code of a user: who
/// has to wait for it spins, and only after a while sleeps a little. Usable with std::lock_guard.
class spin_mutex {
  public:
    void lock() noexcept {
        if (locked_.exchange(true, std::memory_order_acquire)) lock_slow();
    }
    bool try_lock() noexcept { return !locked_.exchange(true, std::memory_order_acquire); }
    void unlock() noexcept { locked_.store(false, std::memory_order_release); }
    /// Until nobody holds it; what its last holder did has happened then.
    void wait_unlocked() const noexcept {
        if (locked_.load(std::memory_order_acquire)) wait_slow();
    }

  private:
    void lock_slow() noexcept;
    void wait_slow() const noexcept;

    atomic<bool> locked_{false};
};
using tiny_mutex = lock_like<spin_mutex>;

/// A counted reference to an object with retain() and release().
template <class T>
class ref {
  public:
    constexpr ref() noexcept = default;
    explicit ref(T* p) noexcept : p_(p) {
        if (p_) p_->retain();
    }
    /// Takes over a reference that the caller owns.
    static ref adopt(T* p) noexcept {
        ref r;
        r.p_ = p;
        return r;
    }
    ref(const ref& o) noexcept : ref(o.p_) {}
    ref(ref&& o) noexcept : p_(o.p_) { o.p_ = nullptr; }
    ref& operator=(ref o) noexcept {
        T* t = p_;
        p_ = o.p_;
        o.p_ = t;
        return *this;
    }
    ~ref() {
        if (p_) p_->release();
    }

    T* get() const noexcept { return p_; }
    T* operator->() const noexcept { return p_; }
    T& operator*() const noexcept { return *p_; }
    explicit operator bool() const noexcept { return p_ != nullptr; }
    /// Gives the reference up to the caller.
    T* detach() noexcept {
        T* t = p_;
        p_ = nullptr;
        return t;
    }
    friend bool operator==(const ref& a, const ref& b) noexcept { return a.p_ == b.p_; }

  private:
    T* p_ = nullptr;
};

} // namespace ctx::detail
