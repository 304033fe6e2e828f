// SPDX-License-Identifier: MIT
#pragma once

#include "explore/operation.h"

#include <array>
#include <vector>

/// Which operations of a run had to come before which, and which merely did.
namespace explore {

/// For each thread, how many of its operations came before.
using vector_clock = std::array<std::uint16_t, max_threads>;

struct event {
    thread_id thread = 0;
    std::uint16_t number = 0; ///< among those of its thread, from 1
    vector_clock clock{};     ///< of what happened before, and itself
};

class causality {
  public:
    void clear();
    /// Appends the operation. Earlier ones that it races with (they depend on each other, and nothing between
    /// the two forces their order) are added to `racing`, as positions.
    void add(thread_id by, const operation& o, std::vector<std::size_t>& racing);
    /// The same for an operation that `by` has not done yet, and may not be able to do yet. A lock races also
    /// with the unlock before: had it come first, it would have blocked.
    void races(thread_id by, const operation& o, std::vector<std::size_t>& racing) const;
    /// A thread begins, and knows what its maker knows.
    void begin(thread_id t, const vector_clock& known_to_maker);
    const vector_clock& known_to(thread_id t) const { return threads_[t]; }

    bool known(std::size_t event, const vector_clock& to) const noexcept {
        return to[events_[event].thread] >= events_[event].number;
    }
    const event& at(std::size_t i) const { return events_[i]; }
    std::size_t size() const noexcept { return events_.size(); }

  private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    /// What was done to an object so far.
    struct history {
        const std::byte* object = nullptr;
        std::size_t last_change = none;
        std::size_t last_lock = none;
        std::array<std::size_t, max_threads> loads{}; // since the last change; position + 1
        vector_clock changes{}, reads{};
    };

    history& of(const std::byte* object);
    void races(const history& h, thread_id by, const operation& o, std::vector<std::size_t>& racing) const;
    static void join(vector_clock& into, const vector_clock& from) noexcept;

    std::vector<event> events_;
    std::vector<history> objects_;
    std::size_t objects_used_ = 0;
    std::array<vector_clock, max_threads> threads_{};
};

} // namespace explore
