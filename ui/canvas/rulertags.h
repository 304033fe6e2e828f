// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/timelinepainter.h"

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

/// What stands in the ruler over the lanes: the clock, the mouse, who was cancelled when, and between them
/// the times of the marks. Placed so that none covers another: the clock first, then cancels from the left.
class RulerTags {
  public:
    explicit RulerTags(const TimelinePainter::View& view);

    void paintLines(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintTags(QPainter& painter) const;

  private:
    struct Tag {
        QRectF box;
        QString text;
        QColor fill, ink;
        QFont font;
    };
    struct Line {
        double x;
        QColor color;
        Qt::PenStyle style;
        bool onlyInRuler = false;
    };

    void addPlayhead();
    void addNow();
    void addHover();
    void addCancels();
    bool isFree(const QRectF& box) const;
    QRectF boxAround(double x, const QString& text, const QFont& font) const;

    const TimelinePainter::View& m_view;
    std::vector<Tag> m_tags;
    std::vector<Line> m_lines;
};
