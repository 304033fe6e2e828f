// SPDX-License-Identifier: MIT
// Ties the tree to a SessionModel; apart, so that the canvas can be used and tested with any lab::state.
#include "canvas/treecanvas.h"

TreeCanvas::TreeCanvas(SessionModel* model, QWidget* parent) : TreeCanvas(parent) {
    const auto refresh = [this, model] {
        setState(&model->state(), model->live() ? nullptr : &model->whole());
    };
    refresh();
    setSelection(model->selection());
    connect(model, &SessionModel::changed, this, refresh);
    connect(model, &SessionModel::shapeChanged, this, refresh);
    connect(model, &SessionModel::ticked, this, &TreeCanvas::timeChanged);
    connect(model, &SessionModel::restarted, this, [this, refresh](bool resembles) {
        refresh();
        if (!resembles) restart();
    });
    connect(model, &SessionModel::selectionChanged, this, &TreeCanvas::setSelection);
    connect(this, &TreeCanvas::selectionRequested, model, &SessionModel::select);
}
