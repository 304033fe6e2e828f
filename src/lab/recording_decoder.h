// SPDX-License-Identifier: MIT
#pragma once

#include "lab/bytes.h"
#include "lab/recording.h"
#include "lab/recording_schema.h"

#include <string>
#include <string_view>
#include <vector>

/// Reads what a recording_encoder made.
namespace lab {

/// What the beginning of a block says about the rest.
struct block_summary {
    std::uint64_t first_seq = 0;
    std::uint64_t events = 0;
    std::uint64_t notes = 0; ///< lives, inputs and what else there may be
};

class recording_decoder {
  public:
    /// `where` is what errors about a scenario call the file. The schema must outlive it.
    recording_decoder(const recording_schema& schema, std::string where)
        : schema_(schema), where_(std::move(where)) {}

    /// The payload of a block. Throws bytes_error or input_error; `out` then holds a part of it. True if the
    /// end of the recording is in it.
    bool read(std::string_view payload, recording_block& out);

    static block_summary summary(std::string_view payload);

  private:
    event read_event(std::uint64_t kind);
    void take(const recorded_member& m, event& e);
    void pass(const recorded_member& m);
    std::string_view text();
    bool flag();

    const recording_schema& schema_;
    const std::string where_;
    // Since the block began:
    byte_reader in_{{}};
    std::uint64_t at_ = 0;
    std::uint64_t wall_ = 0;
    std::vector<std::uint64_t> ids_;
    std::vector<std::string_view> texts_;
};

} // namespace lab
