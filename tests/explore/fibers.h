// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <ucontext.h>

namespace explore {

/// A few stacks that one thread of the machine switches between.
class fibers {
  public:
    static constexpr unsigned most = 16;

    fibers();
    fibers(const fibers&) = delete;
    fibers& operator=(const fibers&) = delete;
    ~fibers();

    /// Runs `entry` on stack `n` until something calls leave(). What stood on the stacks is forgotten.
    void enter(unsigned n, void (*entry)());
    /// From a fiber: stack `n` goes on; if it has not begun, with `entry`.
    void go(unsigned n, void (*entry)());
    /// From a fiber: enter() returns. No fiber is resumed any more.
    [[noreturn]] void leave();
    unsigned current() const noexcept { return current_; }

  private:
    /// What the C++ runtime keeps for each thread about exceptions in flight.
    struct in_flight {
        void* caught = nullptr;
        unsigned uncaught = 0;
    };
    struct fiber {
        ucontext_t context;
        std::byte* stack = nullptr;
        in_flight exceptions;
        bool begun = false;
    };
    void prepare(fiber& f, void (*entry)());
    static in_flight& exceptions_here() noexcept;

    fiber all_[most];
    ucontext_t outside_;
    in_flight outside_exceptions_;
    unsigned current_ = most;
};

} // namespace explore
