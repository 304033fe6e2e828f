// SPDX-License-Identifier: MIT
#include "lab/cow_index.h"

#include <algorithm>
#include <utility>

namespace lab {

void cow_index::set(id_t id, std::size_t where) {
    const id_t group = id / ids_in_slot;
    std::size_t i = used_ == 0 ? 0 : slot_of(group);
    if (used_ == 0 || slots_[i].group == free) {
        if (2 * (used_ + 1) > slots_.size()) {
            grow();
            i = slot_of(group);
        }
        slot& made = slots_.edit(i);
        made.group = group;
        made.at.fill(none);
        ++used_;
    }
    slots_.edit(i).at[id % ids_in_slot] = static_cast<position>(where);
}

void cow_index::erase(id_t id) {
    if (!contains(id)) return;
    // An empty slot stays where it is until the table grows: others were put behind it.
    slots_.edit(slot_of(id / ids_in_slot)).at[id % ids_in_slot] = none;
}

void cow_index::grow() {
    const cow_vector<slot> old = std::exchange(slots_, {});
    const auto empty = [](const slot& s) {
        return s.group == free || std::all_of(s.at.begin(), s.at.end(), [](position p) { return p == none; });
    };
    used_ = static_cast<std::size_t>(
        std::count_if(old.begin(), old.end(), [&](const slot& s) { return !empty(s); }));
    const std::size_t size = std::bit_ceil(std::max<std::size_t>(4 * (used_ + 1), 4));
    for (std::size_t i = 0; i < size; ++i) slots_.push_back({});
    for (const slot& s : old)
        if (!empty(s)) slots_.edit(slot_of(s.group)) = s;
}

} // namespace lab
