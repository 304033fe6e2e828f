// SPDX-License-Identifier: MIT
#pragma once

#include "explore/operation.h"

#include <string>
#include <vector>

namespace explore {

/// What the threads did, for people: one operation a line.
class story {
  public:
    void add(thread_id by, const operation& o);
    const std::string& text() const noexcept { return text_; }

  private:
    std::vector<const std::byte*> objects_; // in order of appearance
    std::string text_;
};

/// Who went on at each step, as text: `A3 B1=1 A2` is three operations of the first thread, one of the
/// second, which took its alternative 1 (the first is 0), and two of the first.
class schedule {
  public:
    struct entry {
        thread_id thread;
        std::vector<unsigned> choices;
    };

    schedule() = default;
    /// Throws std::invalid_argument if that is not a schedule.
    explicit schedule(const std::string& text);

    void add(thread_id t) { entries_.push_back({t, {}}); }
    void add_choice(unsigned c) { entries_.back().choices.push_back(c); }
    const std::vector<entry>& entries() const noexcept { return entries_; }
    std::string text() const;

  private:
    std::vector<entry> entries_;
};

} // namespace explore
