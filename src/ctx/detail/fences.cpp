// SPDX-License-Identifier: MIT
#include "ctx/detail/fences.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ctx::detail {
namespace {

bool ready() noexcept {
#ifdef __SANITIZE_THREAD__
    return false;
#else
    static const bool registered =
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    return registered;
#endif
}

} // namespace

uneven_fences::uneven_fences() noexcept : uneven_(ready()) {}

void uneven_fences::seldom() const noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (uneven_) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

const uneven_fences common_fences;

} // namespace ctx::detail
