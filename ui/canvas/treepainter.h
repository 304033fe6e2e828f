// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/camera.h"
#include "canvas/treemotion.h"
#include "canvas/treescene.h"

#include <QCache>
#include <QPixmap>

class QPainter;

/// Draws a TreeScene. Cards are rendered once for each look and zoom and kept as sprites; what moves is drawn
/// over them; far away, cards are batches of rectangles. Work is bounded by what is on screen.
class TreePainter {
  public:
    struct View {
        Camera camera;
        QSizeF size;
        qreal devicePixelRatio = 1;
        lab::id_t selected = 0;
        lab::id_t hovered = 0;
        bool focused = false;
        qint64 now = 0; ///< of the motion's clock
        /// For a file: every card is drawn itself, on whatever the painter paints; no grid, no sprites.
        bool asPicture = false;
    };

    TreePainter();
    void paint(QPainter& painter, const TreeScene& scene, const TreeMotion& motion, const View& view);
    /// After a change of theme.
    void forgetSprites() { m_sprites.clear(); }
    /// Rectangles only: for the minimap and for zooms at which cards could not be told apart.
    static void paintPlain(QPainter& painter, const TreeScene& scene, const Camera& camera,
                           const QRectF& area);

  private:
    struct Key {
        lab::id_t node;
        std::size_t look;
        int zoom, ratio;
        friend bool operator==(const Key&, const Key&) = default;
        friend size_t qHash(const Key& k, size_t seed = 0) {
            return qHashMulti(seed, k.node, k.look, k.zoom, k.ratio);
        }
    };

    void paintGrid(QPainter& painter, const View& view);
    void paintEdges(QPainter& painter, const TreeScene& scene, const View& view);
    void paintCards(QPainter& painter, const TreeScene& scene, const View& view);
    void paintWave(QPainter& painter, const TreeScene& scene, const TreeMotion& motion, const View& view);
    void paintLookup(QPainter& painter, const TreeScene& scene, const TreeMotion& motion, const View& view);
    void paintSelection(QPainter& painter, const TreeScene& scene, const View& view);
    const QPixmap& sprite(const TreeScene& scene, int node, const View& view, const CardGeometry& geometry);

    QCache<Key, QPixmap> m_sprites;
    QPixmap m_grid;
    QString m_gridKey;
};
