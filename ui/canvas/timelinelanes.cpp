// SPDX-License-Identifier: MIT
#include "canvas/timelinelanes.h"

#include <algorithm>
#include <unordered_map>

namespace {

void addGroup(std::vector<Lane>& lanes, const lab::context_info& c, lab::id_t request) {
    const bool shown = request || lab::owns_done(c.kind) || !c.workers.empty();
    if (!shown) return;
    const Selection thing =
        request ? Selection{Selection::Sort::Request, request} : Selection{Selection::Sort::Context, c.id};
    lanes.push_back({thing, c.id, 0, true});
    for (lab::id_t w : c.workers) lanes.push_back({{Selection::Sort::Worker, w}, c.id, 1, false});
}

} // namespace

std::vector<Lane> makeLanes(const lab::state& s) {
    std::unordered_map<lab::id_t, lab::id_t> requestOf;
    for (const lab::request_info& r : s.requests()) requestOf[r.context] = r.id;
    std::vector<Lane> lanes;
    std::vector<lab::id_t> open;
    for (const lab::context_info& root : s.contexts()) {
        if (root.parent != 0) continue;
        open.push_back(root.id);
        while (!open.empty()) {
            const lab::context_info* c = s.context(open.back());
            open.pop_back();
            if (!c) continue;
            const auto r = requestOf.find(c->id);
            addGroup(lanes, *c, r == requestOf.end() ? 0 : r->second);
            open.insert(open.end(), c->children.rbegin(), c->children.rend());
        }
    }
    return lanes;
}

LaneLabel laneLabel(const lab::state& s, const Lane& lane) {
    LaneLabel label;
    const auto id = [&](QChar sort) { return QString(sort) + QString::number(lane.thing.id); };
    switch (lane.thing.sort) {
    case Selection::Sort::Worker:
        if (const auto* w = s.worker(lane.thing.id))
            label = {badgeOf(w->state), QString::fromStdString(w->name), id(QLatin1Char('w'))};
        break;
    case Selection::Sort::Request:
        if (const auto* r = s.request(lane.thing.id))
            label = {badgeOf(r->state), QString::fromStdString(r->method + ' ' + r->path),
                     id(QLatin1Char('r'))};
        break;
    default:
        if (const auto* c = s.context(lane.thing.id))
            label = {badgeOf(*c, s.now()), QString::fromStdString(c->name), id(QLatin1Char('#'))};
        break;
    }
    return label;
}

std::vector<CancelMark> cancelMarks(const lab::state& s) {
    std::vector<CancelMark> marks;
    for (const lab::context_info& c : s.contexts())
        if (c.done && c.done_by == c.id && !c.born_done)
            marks.push_back({*c.done, c.id, c.state == lab::context_state::deadline_exceeded});
    std::stable_sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return marks;
}
