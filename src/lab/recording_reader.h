// SPDX-License-Identifier: MIT
#pragma once

#include "lab/recording.h"
#include "lab/recording_decoder.h"
#include "lab/recording_schema.h"

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>

/// Reads a recording, block by block. A file that is cut off or damaged gives everything up to the damage.
///
///     lab::recording_reader r("run.ctxlab");
///     for (lab::recording_block b; r.next(b);) show(b.events);
///     if (r.damage()) warn(r.damage()->text("run.ctxlab"));
///
/// It holds one block in memory, and believes no length in the file further than the file goes.
/// Thread safety: none.
namespace lab {

class recording_reader {
  public:
    /// Throws input_error that names the file and the place: it cannot be read, is no recording, is of a
    /// newer version, or its header is damaged.
    explicit recording_reader(const std::filesystem::path& file);
    /// From a stream that can be sought in. `where` is what errors call it.
    recording_reader(std::unique_ptr<std::istream> in, std::string where);

    const recording_header& header() const { return header_; }

    /// The next block; false at the end, or at the damage.
    bool next(recording_block& out);

    /// Passes over the next block, checked but not decoded, and says what is in it; nothing at the end, or at
    /// the damage.
    std::optional<block_summary> skip();

    /// Known when next() has given false. A recording that was not ended in an orderly way has this as well.
    const std::optional<recording_damage>& damage() const { return damage_; }

    std::uint64_t last_seq() const { return last_seq_; }
    /// How far it has come, in bytes, and how many there are.
    std::uint64_t position() const { return offset_; }
    std::uint64_t size() const { return size_; }
    const std::string& where() const { return where_; }

  private:
    template <class Use>
    bool step(Use use);
    std::string read_header_line();
    void read_payload();
    void check_order(const block_summary& s) const;

    std::string where_;
    std::unique_ptr<std::istream> in_;
    std::uint64_t size_ = 0;
    std::uint64_t offset_ = 0; ///< of the next block
    std::uint64_t block_ = 1;
    std::uint64_t last_seq_ = 0;
    bool ended_ = false;
    recording_header header_;
    std::unique_ptr<const recording_schema> schema_;
    std::unique_ptr<recording_decoder> decoder_;
    std::string payload_;
    std::optional<recording_damage> damage_;
};

} // namespace lab
