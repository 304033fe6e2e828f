// SPDX-License-Identifier: MIT
#include "lab/compare.h"

#include "lab/compare_facts.h"
#include "lab/describe.h"
#include "lab/event_hash.h"
#include "lab/narration.h"
#include "lab/run_fates.h"

#include <algorithm>
#include <unordered_map>

namespace lab {
namespace {

/// How a life began, and how its clock was driven, is not what happened in it.
bool matters(const event& e) {
    if (e.kind == event_kind::lab_started || e.kind == event_kind::clock_changed) return false;
    return e.kind != event_kind::command_issued || !describes_clock(e.text);
}

/// The next event that matters, from `seq` on; null at the end.
const event* next_that_matters(const log_view& log, std::uint64_t seq) {
    for (; seq <= log.last(); ++seq)
        if (const event& e = log[seq]; matters(e)) return &e;
    return nullptr;
}

told place_of(const event* e, const log_view& log) {
    if (!e) return {};
    return {.seq = e->seq, .number = e->seq + 1 - log.first(), .at = e->at, .sentence = {}};
}

/// Folds a side, and lets it say what the event of the first difference was.
run_fates fold(const log_view& log, thing_names& names, told* at) {
    run_fates all(names);
    for (std::uint64_t seq = log.first(); seq <= log.last(); ++seq) {
        const event& e = log[seq];
        all.apply(e, matters(e));
        if (at && seq == at->seq) at->sentence = sentence(e, all.picture());
    }
    return all;
}

using things = std::vector<run_fates::thing>;

/// The things of one sort, aligned.
template <class Compare>
void align(const things& left, const things& right, std::vector<compared>& out, Compare together) {
    std::unordered_map<std::uint64_t, id_t> there;
    for (const run_fates::thing& t : right) there.emplace(t.number, t.id);
    for (const run_fates::thing& t : left) {
        const auto found = there.find(t.number);
        const id_t other = found == there.end() ? 0 : found->second;
        if (other) there.erase(found);
        out.push_back(together(t.id, other));
        if (!out.back().differs()) out.back().facts = {}; // of many things, most are the same
    }
    for (const run_fates::thing& t : right)
        if (const auto found = there.find(t.number); found != there.end() && found->second == t.id)
            out.push_back(together(0, t.id));
}

} // namespace

bool compared::differs() const {
    return left == 0 || right == 0 ||
           std::any_of(facts.begin(), facts.end(), [](const fact& f) { return f.differs; });
}

std::size_t comparison::differing() const {
    return static_cast<std::size_t>(
        std::count_if(things.begin(), things.end(), [](const compared& c) { return c.differs(); }));
}

std::optional<first_difference> first_difference_of(const log_view& left, const log_view& right) {
    first_difference d;
    const event* a = next_that_matters(left, left.first());
    const event* b = next_that_matters(right, right.first());
    while (a && b && event_hash(*a) == event_hash(*b)) {
        ++d.same;
        a = next_that_matters(left, a->seq + 1);
        b = next_that_matters(right, b->seq + 1);
    }
    if (!a && !b) return std::nullopt;
    d.left = place_of(a, left);
    d.right = place_of(b, right);
    return d;
}

comparison compare(const log_view& left, const log_view& right) {
    comparison c;
    c.first = first_difference_of(left, right);
    thing_names names;
    const run_fates l = fold(left, names, c.first ? &c.first->left : nullptr);
    const run_fates r = fold(right, names, c.first ? &c.first->right : nullptr);
    c.runs = beginnings_of(l, r);
    c.totals = totals_of(l, r);
    align(l.contexts(), r.contexts(), c.things, [&](id_t a, id_t b) { return context_in(l, a, r, b); });
    align(l.workers(), r.workers(), c.things, [&](id_t a, id_t b) { return worker_in(l, a, r, b); });
    align(l.requests(), r.requests(), c.things, [&](id_t a, id_t b) { return request_in(l, a, r, b); });
    align(l.calls(), r.calls(), c.things, [&](id_t a, id_t b) { return call_in(l, a, r, b); });
    return c;
}

} // namespace lab
