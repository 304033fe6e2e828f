// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

/// The memory of one explored run. Blocks come one after the other and none is used twice, so equal schedules
/// give equal addresses; what is freed stays behind, poisoned, until the run is over.
namespace explore::arena {

/// Forgets everything; the next run begins.
void reset() noexcept;

void* take(std::size_t size);
/// Poisons the block. False: it was freed before, or never taken.
bool give_back(void* p) noexcept;
bool owns(const void* p) noexcept;
std::size_t size_of(const void* block) noexcept;

/// An instrument (an atomic or a lock) lives at `p`.
void mark_instrument(const void* p) noexcept;
bool holds_instruments(const void* block) noexcept;

/// Bytes of the poisoned blocks that were written to since, or blocks that were never freed.
std::optional<std::string> complaint();

/// While one lives, this thread's operator new and delete are the ordinary ones (or, with `true`, the
/// arena's).
class use {
  public:
    explicit use(bool arena) noexcept;
    ~use();
    use(const use&) = delete;
    use& operator=(const use&) = delete;

  private:
    const bool before_;
};

bool in_use() noexcept;
void set_in_use(bool) noexcept;

} // namespace explore::arena
