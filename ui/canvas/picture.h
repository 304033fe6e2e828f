// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/timelinepainter.h"
#include "canvas/treescene.h"

#include "lab/state.h"

#include <QSizeF>
#include <QString>

#include <memory>

class QIODevice;
class QPainter;

/// A whole canvas for a file: also what is not on screen, on the theme's background, below a line that says
/// what it shows. It keeps its own copy of the state, so it may be painted on any thread.
///
///     const WholePicture tree = WholePicture::ofTree(session.state(), tr("A client leaves"));
///     QSaveFile file(name);
///     if (file.open(QIODevice::WriteOnly)) said = writePng(tree, file);
class WholePicture {
  public:
    static WholePicture ofTree(const lab::state& state, const QString& title);
    static WholePicture ofTimeline(const lab::state& state, const QString& title);

    const QString& title() const { return m_title; }
    /// In device-independent pixels, at the size at which it is on screen at 100 %.
    QSizeF size() const { return m_size; }
    /// Cards or lanes.
    std::size_t parts() const;
    /// The height of one of them, at 100 %.
    double partHeight() const;
    /// At `scale`; where letters would become too small to be read, a tree leaves them out. Far below life
    /// size it may be wider than high, by `across`: as on screen, a tall tree then fills the picture.
    void paint(QPainter& painter, double scale = 1, double across = 0) const;
    bool isTree() const { return !m_tree.isEmpty(); }

  private:
    WholePicture(const lab::state& state, const QString& title);
    void paintCaption(QPainter& painter, double width) const;
    void paintTree(QPainter& painter, double scale, double across) const;
    void paintTimeline(QPainter& painter) const;

    std::shared_ptr<const lab::state> m_state; ///< the scene refers to it
    QString m_title;
    QSizeF m_size;
    TreeScene m_tree;
    std::vector<Lane> m_lanes; ///< empty: it is a tree
    std::vector<CancelMark> m_marks;
};

/// What came of writing a picture.
struct WrittenPicture {
    QString problem; ///< why there is none; empty: there is
    QString remark;  ///< it is smaller than usual, and why
};

/// Twice as large as on screen, or as large as a PNG may be.
WrittenPicture writePng(const WholePicture& picture, QIODevice& to);
/// Vectors, and text that can be searched and copied.
WrittenPicture writeSvg(const WholePicture& picture, QIODevice& to);
