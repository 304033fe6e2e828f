// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QAction;
class QPushButton;
class QWidget;

/// A button that does what the action does, or opens its menu; enabled and explained as the action is. Without
/// a text of its own it says what the action says.
QPushButton* makeActionButton(QAction* action, QWidget* parent, const QString& text = {});
