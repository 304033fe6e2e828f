// SPDX-License-Identifier: MIT
#pragma once

#include "lab/recording_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// `run.ctxlab@2`: a name, and which life or seed of it.
struct numbered {
    std::string name; ///< without the number
    std::optional<std::int64_t> number;
    bool misread = false; ///< there is an @, and no number behind it: `name` is all of it
};
/// Takes `@N` off, unless all of it is the name of a file.
numbered take_number(const std::string& text);

/// The lives of a recording by their beginnings: a damaged one may lack what was noted of a life, but not where
/// it begins.
class recorded_lives {
  public:
    /// Looks into the recording's events, and later moves them out of it.
    explicit recorded_lives(lab::recording& r);
    std::size_t count() const { return begins_.size(); }
    /// Of life `number`, from 1. Once for each.
    std::vector<lab::event> take(std::size_t number);
    /// `the recording has 3 lives`
    std::string count_text() const;

  private:
    std::vector<lab::event>& events_;
    std::vector<std::size_t> begins_; ///< indices
};

} // namespace cli
