// SPDX-License-Identifier: MIT
#pragma once

#include "lab/cow_vector.h"
#include "lab/ids.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

/// From an id to a position: a hash table whose copies share what has not been edited since.
///
/// Ids mostly count upwards, so sixteen neighbours share a slot. Any other ids work too, in more memory.
/// Thread safety: as cow_vector.
namespace lab {

class cow_index {
  public:
    std::optional<std::size_t> find(id_t id) const {
        if (used_ == 0) return {};
        const slot& s = slots_[slot_of(id / ids_in_slot)];
        const position p = s.group == id / ids_in_slot ? s.at[id % ids_in_slot] : none;
        return p == none ? std::nullopt : std::optional<std::size_t>(p);
    }
    bool contains(id_t id) const { return find(id).has_value(); }

    /// O(1) amortised.
    void set(id_t id, std::size_t position);
    void erase(id_t id);

    std::size_t bytes_beside(const cow_index& other) const { return slots_.bytes_beside(other.slots_); }

  private:
    using position = std::uint32_t;
    static constexpr std::size_t ids_in_slot = 16;
    static constexpr position none = UINT32_MAX;
    static constexpr id_t free = UINT64_MAX; // no group: there are a sixteenth as many

    struct slot {
        id_t group = free;
        std::array<position, ids_in_slot> at{};
    };

    /// Where the group is, or where it would go. There is always a free slot.
    std::size_t slot_of(id_t group) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t i = static_cast<std::size_t>(group * 0x9e3779b97f4a7c15 >> 32) & mask;
        while (slots_[i].group != group && slots_[i].group != free) i = (i + 1) & mask;
        return i;
    }
    void grow();

    cow_vector<slot> slots_; // a power of two, at most half of them used
    std::size_t used_ = 0;
};

} // namespace lab
