// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/detail/atomics.h"

#include <random>

namespace ctx::detail {

/// What all contexts of one tree share. Owned by its roots; every other node reaches it through its
/// ancestors.
class environment : public std::enable_shared_from_this<environment> {
  public:
    explicit environment(tree t);

    /// The real world: what Background and TODO live in. Never destroyed.
    static const std::shared_ptr<environment>& real();

    clock& time() const noexcept { return *clock_; }
    const std::shared_ptr<clock>& shared_time() const noexcept { return clock_; }
    observer* watched_by() const noexcept { return observer_.get(); }
    node_id next_id() noexcept { return ids_.fetch_add(1, std::memory_order_relaxed); }

    /// Go: `go f()`.
    void start(std::function<void()> f);

    bool shuffles_siblings() const noexcept { return shuffles_; }
    std::uint64_t sibling_random();

    atomic<std::size_t> watchers{0};

  private:
    const std::shared_ptr<clock> clock_;
    scheduler* const scheduler_;
    const std::shared_ptr<observer> observer_;
    const bool shuffles_;
    atomic<node_id> ids_{1};
    mutex random_mutex_;     // leaf lock
    std::mt19937_64 random_; // guarded by random_mutex_
};

} // namespace ctx::detail
