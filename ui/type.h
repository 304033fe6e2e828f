// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

/// The window's type sizes, by rank, at one scale: presenter mode makes all of them larger at once.
namespace Type {

enum class Rank { Body, Small, Heading, Lead, Title, Code, SmallCode, Time };

/// Gives the widget the rank's font, and again whenever the scale changes.
void use(QWidget* widget, Rank rank);

QFont font(Rank rank);

double scale();
/// 1 is normal; hands the application its base font too.
void setScale(double scale);

} // namespace Type
