// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ctx::detail {

/// Where one thread sleeps until another wakes it. A wake-up that comes first is kept.
class parker {
  public:
    /// Its own thread.
    void park() noexcept {
        while (!taken()) wait(nullptr);
    }
    /// False: nobody woke it in time.
    bool park_for(std::chrono::microseconds longest) noexcept {
        if (taken()) return true;
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(longest);
        const std::chrono::nanoseconds rest = longest - whole;
        const timespec timeout{.tv_sec = static_cast<std::time_t>(whole.count()),
                               .tv_nsec = static_cast<long>(rest.count())};
        wait(&timeout);
        return taken();
    }
    /// Any thread.
    void unpark() noexcept {
        woken_.store(1, std::memory_order_release);
        syscall(SYS_futex, word(), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }

  private:
    static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
    std::uint32_t* word() noexcept { return reinterpret_cast<std::uint32_t*>(&woken_); }

    bool taken() noexcept { return woken_.exchange(0, std::memory_order_acquire) != 0; }
    /// Returns when it was woken, when it is too late, or for nothing.
    void wait(const timespec* timeout) noexcept {
        syscall(SYS_futex, word(), FUTEX_WAIT_PRIVATE, 0, timeout, nullptr, 0);
    }

    std::atomic<std::uint32_t> woken_{0};
};

} // namespace ctx::detail
