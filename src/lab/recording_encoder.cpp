// SPDX-License-Identifier: MIT
#include "lab/recording_encoder.h"

#include "lab/crc32c.h"
#include "lab/recording_layout.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

namespace lab {

void recording_encoder::add(const event& e) {
    if (e.seq != next_seq_)
        throw std::invalid_argument("event " + std::to_string(e.seq) + ": expected event " +
                                    std::to_string(next_seq_) + ": a log has no gaps");
    if (events_++ == 0) first_seq_ = e.seq;
    next_seq_ = e.seq + 1;
    const std::size_t place = schema_.place(e.kind);
    records_.number(first_kind + place);
    const auto at = static_cast<std::uint64_t>(e.at.count());
    const auto wall = static_cast<std::uint64_t>(e.wall_ns);
    records_.difference(at, at_);
    records_.difference(wall, wall_);
    at_ = at;
    wall_ = wall;
    for (const recorded_member& m : schema_.kinds()[place].members) put(m, e);
}

void recording_encoder::add_note(std::string_view json) {
    ++notes_;
    records_.number(note_tag);
    put_text(json);
}

void recording_encoder::add_end() {
    records_.number(end_tag);
}

bool recording_encoder::full() const {
    const std::size_t enough =
        std::clamp<std::size_t>(first_seq_ / 4, events_per_small_block, events_per_block);
    return events_ >= enough || records_.size() >= bytes_per_block;
}

void recording_encoder::put(const recorded_member& m, const event& e) {
    std::visit(
        [&](auto at) {
            const auto& v = e.*at;
            using type = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<type, id_t>) {
                records_.difference(v, ids_[m.slot]);
                ids_[m.slot] = v;
            } else if constexpr (std::is_same_v<type, std::int64_t>) {
                records_.signed_number(v);
            } else if constexpr (std::is_same_v<type, double>) {
                records_.real(v);
            } else if constexpr (std::is_same_v<type, bool>) {
                records_.byte(v ? 1 : 0);
            } else if constexpr (std::is_same_v<type, std::string>) {
                put_text(v);
            } else if constexpr (std::is_same_v<type, std::vector<id_t>>) {
                records_.number(v.size());
                id_t before = 0;
                for (const id_t id : v) records_.difference(id, std::exchange(before, id));
            } else if constexpr (std::is_same_v<type, std::optional<lab_time>>) {
                records_.byte(v ? 1 : 0);
                if (v) records_.difference(static_cast<std::uint64_t>(v->count()), at_);
            } else {
                put_text(to_string(v));
            }
        },
        m.known->at);
}

/// 0: empty; even: the text of that number; odd: its length, and the text itself.
void recording_encoder::put_text(std::string_view text) {
    if (text.empty()) return records_.number(0);
    if (text.size() <= longest_shared_text) {
        const auto [at, fresh] = texts_.try_emplace(std::string(text), texts_.size() + 1);
        if (!fresh) return records_.number(at->second << 1);
    }
    records_.number(static_cast<std::uint64_t>(text.size()) << 1 | 1);
    records_.raw(text);
}

std::string recording_encoder::take() {
    byte_writer payload;
    payload.number(first_seq_);
    payload.number(events_);
    payload.number(notes_);
    payload.raw(records_.bytes());
    if (payload.size() > largest_block)
        throw input_error("event " + std::to_string(first_seq_) + ": it is too large to be recorded");
    byte_writer length;
    length.fixed32(static_cast<std::uint32_t>(payload.size()));
    byte_writer block;
    block.raw(length.bytes());
    block.fixed32(crc32c(payload.bytes(), crc32c(length.bytes())));
    block.raw(payload.bytes());

    records_.clear();
    first_seq_ = events_ = notes_ = 0;
    at_ = wall_ = 0;
    std::fill(ids_.begin(), ids_.end(), 0);
    texts_.clear();
    return block.bytes();
}

} // namespace lab
