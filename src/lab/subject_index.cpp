// SPDX-License-Identifier: MIT
#include "lab/subject_index.h"

#include <algorithm>

namespace lab {

void subject_index::add(const event& e) {
    if (e.kind == event_kind::lab_started) lives_.push_back(e.seq);
    note(subject::sort::context, e.context, e.seq);
    note(subject::sort::worker, e.worker, e.seq);
    note(subject::sort::request, e.request, e.seq);
    note(subject::sort::client, e.client, e.seq);
    if (e.kind == event_kind::swept)
        for (const id_t id : e.path) note(subject::sort::context, id, e.seq);
}

void subject_index::note(subject::sort of, id_t id, std::uint64_t seq) {
    if (id == 0) return;
    seqs& all = events_[static_cast<std::size_t>(of)][id];
    if (all.empty() || all.back() != seq) all.push_back(seq);
}

const subject_index::seqs* subject_index::find(subject of) const {
    const auto& all = events_[static_cast<std::size_t>(of.of)];
    const auto it = all.find(of.id);
    return it == all.end() ? nullptr : &it->second;
}

std::optional<std::uint64_t> subject_index::next(subject of, std::uint64_t seq) const {
    const seqs* all = find(of);
    if (!all) return {};
    const auto it = std::upper_bound(all->begin(), all->end(), seq);
    if (it == all->end()) return {};
    // Before the first event there is no life yet: what follows is the first one.
    const auto life = std::upper_bound(lives_.begin(), lives_.end(), std::max<std::uint64_t>(seq, 1));
    if (life != lives_.end() && *it >= *life) return {};
    return *it;
}

std::optional<std::uint64_t> subject_index::previous(subject of, std::uint64_t seq) const {
    const seqs* all = find(of);
    if (!all) return {};
    const auto it = std::lower_bound(all->begin(), all->end(), seq);
    if (it == all->begin()) return {};
    const auto life = std::upper_bound(lives_.begin(), lives_.end(), seq);
    if (life != lives_.begin() && *(it - 1) < *(life - 1)) return {};
    return *(it - 1);
}

} // namespace lab
