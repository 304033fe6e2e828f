// SPDX-License-Identifier: MIT
// Ties the tree to a SessionModel; apart, so that the canvas can be used and tested with any lab::state.
#include "canvas/treecanvas.h"

TreeCanvas::TreeCanvas(SessionModel* model, QWidget* parent) : TreeCanvas(parent) {
    setState(&model->state());
    setSelection(model->selection());
    const auto refresh = [this, model] { setState(&model->state()); };
    connect(model, &SessionModel::changed, this, refresh);
    connect(model, &SessionModel::shapeChanged, this, refresh);
    connect(model, &SessionModel::ticked, this, &TreeCanvas::timeChanged);
    connect(model, &SessionModel::restarted, this, [this, model] {
        setState(&model->state());
        restart();
    });
    connect(model, &SessionModel::selectionChanged, this, &TreeCanvas::setSelection);
    connect(this, &TreeCanvas::selectionRequested, model, &SessionModel::select);
}
