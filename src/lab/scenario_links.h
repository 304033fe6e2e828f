// SPDX-License-Identifier: MIT
#pragma once

#include "lab/object_reader.h"
#include "lab/scenario.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The words by which the commands of a scenario name what others made.
namespace lab {

class scenario_links {
  public:
    /// Commands in the order of the file.
    explicit scenario_links(const std::vector<scenario_command>& commands);

    /// Throws field_error if the command's id is taken, or if it names something that is not a context, is
    /// not there, or is not there yet when the command runs.
    void check(std::size_t index) const;

  private:
    const new_context* find_context(std::size_t index, std::string_view member,
                                    const std::string& word) const;
    void check_cancel(std::size_t index, std::string_view member, const std::string& word,
                      bool with_cause) const;
    void check_parent(std::size_t index, std::string_view member, const std::string& word) const;
    std::string unknown(const std::string& word) const;

    const std::vector<scenario_command>& commands_;
    std::vector<std::size_t> rank_; ///< place in the order in which they run
    std::unordered_map<std::string_view, std::size_t> made_by_;
};

} // namespace lab
