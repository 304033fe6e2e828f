// SPDX-License-Identifier: MIT
// Ties the timeline to a SessionModel; apart, so that the canvas can be used and tested with any lab::state.
#include "canvas/timeline.h"

TimelineCanvas::TimelineCanvas(SessionModel* model, QWidget* parent) : TimelineCanvas(parent) {
    setState(&model->state());
    setSelection(model->selection());
    connect(model, &SessionModel::changed, this, [this, model] { setState(&model->state()); });
    connect(model, &SessionModel::ticked, this, &TimelineCanvas::timeChanged);
    connect(model, &SessionModel::restarted, this, [this, model] {
        setState(&model->state());
        restart();
    });
    connect(model, &SessionModel::selectionChanged, this, &TimelineCanvas::setSelection);
    connect(this, &TimelineCanvas::selectionRequested, model, &SessionModel::select);
}
