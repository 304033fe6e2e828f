// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/marks.h"

#include <QWidget>

/// A state as a small rounded badge: its colour at the edge, its shape and its word inside.
class StatePill : public QWidget {
    Q_OBJECT
  public:
    explicit StatePill(QWidget* parent = nullptr);

    void setState(const Badge& badge, const QString& word);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    static Badge badgeFor(lab::client_state state);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Badge m_badge;
    QString m_word;
};
