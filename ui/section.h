// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

/// The small grey line above a part of a panel.
QLabel* makeHeading(const QString& text, QWidget* parent);

/// A thin line between two parts.
QWidget* makeRule(QWidget* parent);
