// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/theme.h"

#include <QIcon>
#include <QPixmap>
#include <QString>
#include <QStringList>

class QPainter;
class QRectF;

/// The program's own line icons, drawn from resources/icons/<name>.svg in a colour of the theme in force.
/// An icon follows a change of theme by itself.
namespace Icons {

/// What an icon is drawn with: a role of the theme, looked up when it is painted.
enum class Tint { Text, Muted, Accent, OnButton, Danger };

/// `name`: see names(). An unknown name gives an empty icon and a warning.
QIcon icon(const QString& name, Tint tint = Tint::Text);

/// A square pixmap of `size` device-independent pixels. Cached.
QPixmap pixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio = 1);

/// Draws into `rect`, at the painter's resolution.
void paint(QPainter& painter, const QString& name, const QColor& color, const QRectF& rect);

/// Every name there is: "run", "pause", "step" ...
QStringList names();

/// "kind-cancel", "kind-deadline" ...
QString kindName(lab::context_kind kind);

} // namespace Icons
