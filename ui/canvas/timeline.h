// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // moc cannot parse all of the standard library that comes with it
#include "sessionmodel.h"
#endif

#include "canvas/causearrows.h"

#include <QWidget>

#include <memory>
#include <optional>

struct HeldMark;

/// Requests, contexts and workers as lanes over laboratory time. Draws a lab::state; click selects a lane's
/// thing, Ctrl+wheel or W/S zooms, A/D or a drag pans, 0 shows everything and follows the clock again.
/// Dragging in the ruler moves the playhead through the past.
class TimelineCanvas : public QWidget {
    Q_OBJECT
  public:
    /// Follows the model: state, time and selection.
    explicit TimelineCanvas(SessionModel* model, QWidget* parent = nullptr);
    /// Follows nothing: the owner calls setState() and setSelection(), and listens to selectionRequested().
    explicit TimelineCanvas(QWidget* parent = nullptr);
    ~TimelineCanvas() override;

    /// Not owned; must outlive the canvas or be replaced.
    void setState(const lab::state* state);
    /// The picture that is shown elsewhere, if that is not the present: what comes after it is paler. Not
    /// owned, as the state.
    void setPast(const lab::state* shown);
    /// What led to the event at the playhead, and what it led to.
    void setCauses(std::vector<CauseArrow> arrows);
    /// A thread is held inside the library, now, in these lanes.
    void setHeld(const HeldMark& held);
    Selection selection() const;
    /// True while the view's right end keeps up with the clock.
    bool followsLive() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  public slots:
    void fit();
    void zoomIn();
    void zoomOut();
    void setFollowLive(bool on);
    /// Everything on it, lettering and lanes, that much larger.
    void setMagnification(double factor);
    void setSelection(Selection selection);
    void stateChanged();
    void timeChanged();
    void restart();

  signals:
    void selectionRequested(Selection selection);
    void followLiveChanged(bool on);
    void activated(Selection selection);
    /// Somebody drags the playhead, or wants it back at the end.
    void momentRequested(lab::lab_time at);
    void liveRequested();

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
    void changeEvent(QEvent* event) override;

  private:
    struct Private;
    std::unique_ptr<Private> d;
};
