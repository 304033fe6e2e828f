// SPDX-License-Identifier: MIT
// Ties the timeline to a SessionModel; apart, so that the canvas can be used and tested with any lab::state.
#include "canvas/timeline.h"

#include <algorithm>

namespace {

constexpr std::size_t mostEffects = 200;

/// The way that led to an event, from its beginning, and what the event itself led to.
std::vector<CauseArrow> causesOf(const History& log, std::uint64_t seq) {
    std::vector<CauseArrow> arrows;
    const auto add = [&](std::uint64_t from, std::uint64_t to, bool ahead) {
        const lab::event &a = log.event(from), &b = log.event(to);
        arrows.push_back({subjectOf(a), a.at, subjectOf(b), b.at, ahead});
    };
    std::uint64_t at = seq;
    for (auto cause = log.moments().cause_of(at); cause; cause = log.moments().cause_of(at)) {
        add(*cause, at, false);
        at = *cause;
    }
    std::vector<std::uint64_t> effects = log.moments().effects_of(seq);
    effects.resize(std::min(effects.size(), mostEffects));
    for (const std::uint64_t effect : effects) add(seq, effect, true);
    return arrows;
}

} // namespace

TimelineCanvas::TimelineCanvas(SessionModel* model, QWidget* parent) : TimelineCanvas(parent) {
    // Its lanes reach to the end of what is known, and the playhead stands where the others are.
    const auto refresh = [this, model] {
        setState(&model->whole());
        setPast(model->live() ? nullptr : &model->state());
        setCauses(model->live() ? std::vector<CauseArrow>() : causesOf(model->history(), model->shownSeq()));
    };
    refresh();
    setSelection(model->selection());
    connect(model, &SessionModel::changed, this, refresh);
    connect(model, &SessionModel::logGrew, this, [model, refresh] {
        if (!model->live()) refresh();
    });
    connect(model, &SessionModel::ticked, this, &TimelineCanvas::timeChanged);
    connect(model, &SessionModel::restarted, this, [this, refresh] {
        refresh();
        restart();
    });
    connect(model, &SessionModel::selectionChanged, this, &TimelineCanvas::setSelection);
    connect(this, &TimelineCanvas::selectionRequested, model, &SessionModel::select);
    connect(this, &TimelineCanvas::momentRequested, model, &SessionModel::showTime);
    connect(this, &TimelineCanvas::liveRequested, model, &SessionModel::showLive);
}
