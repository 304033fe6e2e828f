// SPDX-License-Identifier: MIT
#pragma once

#include "lab/bytes.h"
#include "lab/recording.h"
#include "lab/recording_schema.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Makes the blocks of a recording. Nothing in one refers to another.
namespace lab {

class recording_encoder {
  public:
    /// Throws std::invalid_argument unless it is number 1 or follows the one before: a log has no gaps.
    void add(const event& e);
    void add_note(std::string_view json);
    /// The mark that nothing was lost at the end.
    void add_end();

    bool empty() const { return records_.size() == 0; }
    /// It is time for take().
    bool full() const;

    /// The block as it stands in the file; the next one begins. Throws input_error if it is larger than a
    /// reader takes.
    std::string take();

  private:
    void put(const recorded_member& m, const event& e);
    void put_text(std::string_view text);

    const recording_schema& schema_ = recording_schema::current();
    byte_writer records_;
    std::uint64_t next_seq_ = 1;
    // Since the block began:
    std::uint64_t first_seq_ = 0;
    std::size_t events_ = 0;
    std::size_t notes_ = 0;
    std::uint64_t at_ = 0;
    std::uint64_t wall_ = 0;
    std::vector<std::uint64_t> ids_ = std::vector<std::uint64_t>(schema_.id_places());
    std::unordered_map<std::string, std::uint64_t> texts_;
};

} // namespace lab
