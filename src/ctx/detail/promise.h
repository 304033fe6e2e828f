// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/pool.h"
#include "ctx/scheduler.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>

namespace ctx::detail {

/// What every coroutine of a worker knows: the outermost one carries the worker's record, the others whom
/// they give their result to.
class promise_base {
  public:
    promise_base(const promise_base&) = delete;
    promise_base& operator=(const promise_base&) = delete;

    // The frame.
    static void* operator new(std::size_t size) { return pool_allocate(size); }
    static void operator delete(void* frame, std::size_t size) noexcept { pool_free(frame, size); }

    worker* current_worker() noexcept {
        return is_outermost() ? &outermost_ : reinterpret_cast<worker*>(inner_.part_of);
    }
    /// Before it is resumed: its worker, if that is its first time and it is in no list yet.
    worker* begun_worker() noexcept { return is_outermost() && outermost_.begins() ? &outermost_ : nullptr; }
    /// The coroutine is the outermost one of a new worker.
    worker& begin_worker(scheduler& on, std::uint64_t tag) noexcept {
        std::destroy_at(&inner_);
        return *std::construct_at(&outermost_, on, tag);
    }

  protected:
    promise_base() noexcept : inner_{} {}
    ~promise_base() {
        if (is_outermost())
            std::destroy_at(&outermost_);
        else
            std::destroy_at(&inner_);
    }
    bool is_outermost() const noexcept { return (inner_.part_of & worker::mark) != 0; }

    struct inner {
        std::uintptr_t part_of = 0; // the worker; a worker's record has a mark in its place
        std::coroutine_handle<> continuation;
        std::exception_ptr failure;
    };
    union { // first, so that a worker's record stands where its promise does
        inner inner_;
        worker outermost_;
    };
};

/// That of the coroutine `h` of some worker.
inline promise_base& promise_of(std::coroutine_handle<> h) noexcept {
    // Every coroutine of a worker has a promise_base first in its promise.
    static_assert(alignof(promise_base) <= 2 * sizeof(void*));
    return std::coroutine_handle<promise_base>::from_address(h.address()).promise();
}

} // namespace ctx::detail
