// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QAction;

/// The list of keys: read from the actions themselves, so that it cannot be out of date, with the keys that
/// the canvases take by themselves below.
class ShortcutSheet : public QDialog {
    Q_OBJECT
  public:
    struct Part {
        QString title;
        QList<QAction*> actions;
    };

    ShortcutSheet(const QList<Part>& parts, QWidget* parent);
};
