// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/marks.h"

#include <QList>
#include <QSizeF>

class QPainter;

/// Everything of a context that its card shows and that does not change from frame to frame.
struct CardLook {
    QString name;
    QString kindName; ///< "WithTimeout"
    QString detail;   ///< the error, or key = value
    bool detailIsCode = false;
    lab::context_kind kind = lab::context_kind::background;
    Badge badge;
    QList<lab::worker_state> workers; ///< live ones, the first few
    int liveWorkers = 0;
    bool timer = false; ///< a bar and the time left are drawn over it
    bool ghost = false; ///< nothing holds it any more
    bool faded = false; ///< does not match the search

    std::size_t hash() const;
};

/// The card at zoom 1.
inline constexpr double cardWidth = 232, cardHeight = 72;
/// Below this width in pixels a card is a plain rectangle.
inline constexpr double plainCardWidth = 24;
/// Room around a card for its shadow.
inline constexpr double cardMargin = 5;

/// Where the parts of a card of a given size go; text that would fall under 11 px is left out instead.
struct CardGeometry {
    explicit CardGeometry(QSizeF size, double zoom);

    double radius;
    double namePixels, smallPixels;
    int lines; ///< 0: only the badge, 1: the name, 2: and kind and state, 3: and the detail
    QRectF iconTile, badge, name, second, third;
};

void paintCard(QPainter& painter, const CardLook& look, QSizeF size, double zoom);

/// The moving part: the time left and its bar. `left` is 0 to 1.
void paintTimer(QPainter& painter, const CardLook& look, const CardGeometry& g, double left,
                const QString& text);
