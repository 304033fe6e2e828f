// SPDX-License-Identifier: MIT
// Ties the timeline to a SessionModel; apart, so that the canvas can be used and tested with any lab::state.
#include "canvas/timeline.h"

TimelineCanvas::TimelineCanvas(SessionModel* model, QWidget* parent) : TimelineCanvas(parent) {
    // Its lanes reach to the end of what is known, and the playhead stands where the others are.
    const auto refresh = [this, model] {
        setState(&model->whole());
        setPlayhead(model->live() ? std::nullopt : std::optional(model->state().now()));
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
