// SPDX-License-Identifier: MIT
#include "explore/fibers.h"

#include <cstdlib>
#include <cxxabi.h>
#include <new>
#include <sys/mman.h>

namespace explore {
namespace {
constexpr std::size_t stack_size = 256 * 1024;
}

fibers::fibers() {
    for (fiber& f : all_) {
        void* p =
            mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (p == MAP_FAILED) throw std::bad_alloc();
        f.stack = static_cast<std::byte*>(p);
    }
}

fibers::~fibers() {
    for (fiber& f : all_) munmap(f.stack, stack_size);
}

fibers::in_flight& fibers::exceptions_here() noexcept {
    return *reinterpret_cast<in_flight*>(abi::__cxa_get_globals());
}

void fibers::prepare(fiber& f, void (*entry)()) {
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack;
    f.context.uc_stack.ss_size = stack_size;
    f.context.uc_link = nullptr;
    f.exceptions = {};
    f.begun = true;
    makecontext(&f.context, entry, 0);
}

void fibers::enter(unsigned n, void (*entry)()) {
    for (fiber& f : all_) f.begun = false;
    prepare(all_[n], entry);
    outside_exceptions_ = exceptions_here();
    exceptions_here() = {};
    current_ = n;
    swapcontext(&outside_, &all_[n].context);
    current_ = most;
    exceptions_here() = outside_exceptions_;
}

void fibers::go(unsigned n, void (*entry)()) {
    if (n == current_) return;
    fiber& from = all_[current_];
    fiber& to = all_[n];
    if (!to.begun) prepare(to, entry);
    from.exceptions = exceptions_here();
    exceptions_here() = to.exceptions;
    current_ = n;
    swapcontext(&from.context, &to.context);
}

void fibers::leave() {
    setcontext(&outside_);
    std::abort();
}

} // namespace explore
