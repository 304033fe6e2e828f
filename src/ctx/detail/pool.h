// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// Memory for what is made and dropped all the time: contexts and the frames of workers.
///
/// Pieces of up to pool_limit bytes come from slabs of one size each. A thread keeps some free pieces of each
/// size for itself, so the usual pair of calls takes no lock; it fetches and gives back many at once. A slab
/// whose pieces are all free is returned to the system, but for a few. What is larger, and everything under
/// a sanitizer or the explorer, is left to operator new, whose misuse they can tell.
///
/// Thread safety: any thread may free what another one allocated, also while it exits.
namespace ctx::detail {

inline constexpr std::size_t pool_limit = 512;

/// At least `size` bytes, aligned for every ordinary type; multiples of 64 begin at multiples of 64.
/// Throws std::bad_alloc.
[[nodiscard]] void* pool_allocate(std::size_t size);
/// `size` is what was asked for.
void pool_free(void* piece, std::size_t size) noexcept;

/// How many pieces this thread has allocated since it began.
std::uint64_t pool_served() noexcept;

} // namespace ctx::detail
