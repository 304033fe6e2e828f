// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QImage>
#include <QWidget>

/// What a widget draws, without a screen.
namespace rendering {

inline QImage picture(QWidget& w) {
    QImage image(w.size(), QImage::Format_RGB32);
    w.render(&image);
    return image;
}

inline int pixelsOf(const QImage& image, const QColor& color) {
    int n = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) n += image.pixel(x, y) == color.rgb();
    return n;
}

} // namespace rendering
