// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

class QLineEdit;

/// The small grey line above a part of a panel.
QLabel* makeHeading(const QString& text, QWidget* parent);

/// The small buttons inside a line of input are no buttons of the bar: without a frame, and in the line's
/// middle.
void plainSideButtons(QLineEdit* line);

/// A thin line between two parts.
QWidget* makeRule(QWidget* parent);
