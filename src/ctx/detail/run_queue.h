// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace ctx::detail {

/// What one thread of a pool has yet to run: a ring from which other threads may steal, and in front of it a
/// place for the worker that is to run next. The owner alone puts in; nobody ever waits.
class run_queue {
  public:
    static constexpr std::uint32_t capacity = 256;

    /// Owner. False if it is full.
    bool push(void* frame) noexcept {
        const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_.load(std::memory_order_acquire) == capacity) return false;
        at(tail).store(frame, std::memory_order_relaxed);
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }

    /// Owner. Null if it is empty. `alone`: nobody steals.
    void* pop(bool alone) noexcept {
        std::uint32_t head = head_.load(std::memory_order_acquire);
        if (alone) {
            if (head == tail_.load(std::memory_order_relaxed)) return nullptr;
            head_.store(head + 1, std::memory_order_release);
            return at(head).load(std::memory_order_relaxed);
        }
        for (;;) {
            if (head == tail_.load(std::memory_order_relaxed)) return nullptr;
            void* const frame = at(head).load(std::memory_order_relaxed);
            if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel,
                                            std::memory_order_acquire))
                return frame;
        }
    }

    /// Owner: takes up to half of the capacity, in order, with one step. Gives how many.
    std::uint32_t pop_many(std::array<void*, capacity / 2>& into) noexcept {
        std::uint32_t head = head_.load(std::memory_order_acquire);
        for (;;) {
            const std::uint32_t n =
                std::min(tail_.load(std::memory_order_relaxed) - head, std::uint32_t{capacity / 2});
            for (std::uint32_t i = 0; i < n; ++i) into[i] = at(head + i).load(std::memory_order_relaxed);
            if (n == 0 || head_.compare_exchange_weak(head, head + n, std::memory_order_acq_rel,
                                                      std::memory_order_acquire))
                return n;
        }
    }

    /// The owner of `to`, which is empty: moves half of this queue there, and gives one of it. Null if there
    /// is nothing.
    void* steal_into(run_queue& to) noexcept {
        const std::uint32_t tail = to.tail_.load(std::memory_order_relaxed);
        std::uint32_t head = head_.load(std::memory_order_acquire);
        for (;;) {
            const std::uint32_t there = tail_.load(std::memory_order_acquire) - head;
            const std::uint32_t n = there - there / 2;
            if (n == 0) return nullptr;
            if (n <= capacity / 2) { // else head and tail are not of one moment
                for (std::uint32_t i = 0; i < n; ++i)
                    to.at(tail + i).store(at(head + i).load(std::memory_order_relaxed),
                                          std::memory_order_relaxed);
                if (head_.compare_exchange_weak(head, head + n, std::memory_order_acq_rel,
                                                std::memory_order_acquire)) {
                    to.tail_.store(tail + n - 1, std::memory_order_release);
                    return to.at(tail + n - 1).load(std::memory_order_relaxed);
                }
            } else {
                head = head_.load(std::memory_order_acquire);
            }
        }
    }

    bool empty() const noexcept {
        return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire);
    }
    /// Owner: at least so many may be put in.
    std::uint32_t room() const noexcept {
        return capacity - (tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_acquire));
    }

    /// Owner. Gives what had that place before.
    void* put_next(void* frame) noexcept {
        if (!next_.load(std::memory_order_relaxed)) { // only the owner fills it
            next_.store(frame, std::memory_order_release);
            return nullptr;
        }
        return next_.exchange(frame, std::memory_order_acq_rel);
    }
    /// Owner. `alone`: nobody else calls steal_next.
    void* take_next(bool alone) noexcept {
        void* const frame = next_.load(std::memory_order_relaxed);
        if (!frame) return nullptr;
        if (!alone) return next_.exchange(nullptr, std::memory_order_acq_rel);
        next_.store(nullptr, std::memory_order_relaxed);
        return frame;
    }
    /// Owner, where fences are uneven: the same without a locked instruction, unless somebody is about to
    /// steal it.
    void* take_next_unless_stolen() noexcept {
        if (!next_.load(std::memory_order_relaxed)) return nullptr;
        taking_.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        void* frame = nullptr;
        if (stealing_.load(std::memory_order_acquire)) {
            frame = next_.exchange(nullptr, std::memory_order_acq_rel);
        } else {
            frame = next_.load(std::memory_order_relaxed);
            next_.store(nullptr, std::memory_order_relaxed);
        }
        taking_.store(false, std::memory_order_release);
        return frame;
    }
    /// Anybody: what runs next, to compare it with what will run next a while later, and to take it then.
    void* next() const noexcept { return next_.load(std::memory_order_relaxed); }
    /// One at a time. `fence`: after it the owner sees that there is a thief, or the thief that the owner is
    /// taking it.
    template <class Fence>
    bool steal_next(void* frame, Fence fence) noexcept {
        stealing_.store(true, std::memory_order_seq_cst);
        fence();
        const bool stolen = !taking_.load(std::memory_order_acquire) &&
                            next_.compare_exchange_strong(frame, nullptr, std::memory_order_acq_rel);
        stealing_.store(false, std::memory_order_release);
        return stolen;
    }

  private:
    std::atomic<void*>& at(std::uint32_t n) noexcept { return ring_[n % capacity]; }

    alignas(64) std::atomic<std::uint32_t> head_{0}; // whoever takes
    alignas(64) std::atomic<std::uint32_t> tail_{0}; // the owner
    std::atomic<void*> next_{nullptr};
    std::atomic<bool> taking_{false};
    std::atomic<bool> stealing_{false};
    std::array<std::atomic<void*>, capacity> ring_{};
};

} // namespace ctx::detail
