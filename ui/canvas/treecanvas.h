// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // moc cannot parse all of the standard library that comes with it
#include "sessionmodel.h"
#endif

#include <QPointF>
#include <QWidget>

#include <memory>

struct HeldMark;

/// The tree of contexts as cards, left to right. Draws a lab::state and tells what was clicked; it never
/// calls a live context. Click selects, drag pans, Ctrl+wheel zooms, arrows walk the tree.
class TreeCanvas : public QWidget {
    Q_OBJECT
  public:
    /// Follows the model: state, shape, time and selection.
    explicit TreeCanvas(SessionModel* model, QWidget* parent = nullptr);
    /// Follows nothing: the owner calls setState() and setSelection(), and listens to selectionRequested().
    explicit TreeCanvas(QWidget* parent = nullptr);
    ~TreeCanvas() override;

    /// Not owned; must outlive the canvas or be replaced. With `end`, how the same life ends later, the state
    /// is one of the past: it is tinted, nothing is animated, it may go back in time, and cards keep the
    /// places that they have at the end.
    void setState(const lab::state* state, const lab::state* end = nullptr);
    /// A thread is held inside the library: where it stands, and where it goes next.
    void setHeld(const HeldMark& held);
    Selection selection() const;
    double zoom() const;
    QString filter() const;
    /// Where the context's card is, in widget coordinates; empty when it has none.
    QRectF cardRect(lab::id_t context) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  public slots:
    void fit();
    void centreOnSelection();
    void zoomIn();
    void zoomOut();
    void setZoom(double zoom);
    /// Contexts whose name, key, value or kind does not contain `text` fade; empty shows all.
    void setFilter(const QString& text);
    void setSelection(Selection selection);
    /// The state was changed in place: events folded in, or only its time.
    void stateChanged();
    void timeChanged();
    /// Another run: forget the camera's place and every animation.
    void restart();

  signals:
    void contextMenuRequested(lab::id_t context, QPoint global);
    void activated(lab::id_t context);
    void zoomChanged(double zoom);
    void selectionRequested(Selection selection);

  protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    struct Private;
    std::unique_ptr<Private> d;
};
