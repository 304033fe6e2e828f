// SPDX-License-Identifier: MIT
#pragma once

#include "lab/ids.h"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

/// Ordinary threads that a closed Done has woken, or will in a moment: virtual time does not jump before they
/// have done what they do then, or have proved too slow.
///
/// Thread safety: every member may be called from any thread. Times are of the wall.
namespace lab {

/// Do these words, with which a worker says what it waits for, name a select that Done ends?
bool selects_on_done(std::string_view for_what);

class woken_threads {
  public:
    using time = std::chrono::steady_clock::time_point;
    /// How long one may take. Enough for a busy machine; who waits for something else is not waited for.
    static constexpr std::chrono::milliseconds patience{100};

    /// Waits for it from now on, or begins again to.
    void expect(id_t worker);
    bool expects(id_t worker) const;
    /// It was held, so it had no time.
    void begin_again();
    /// False if it was not waited for.
    bool over(id_t worker);
    /// Forgets those that took too long, or all. False if there was none.
    bool give_up(time now);
    bool give_up_all();
    /// When the first of them will have taken too long.
    std::optional<time> until() const;

  private:
    mutable std::mutex mutex_; // leaf lock
    std::map<id_t, time> due_; // guarded by mutex_
};

} // namespace lab
