// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/theme.h"

#include <QWidget>

/// A state as a small rounded badge: the mark's colour at the edge and in the dot, the word in normal text.
class StatePill : public QWidget {
    Q_OBJECT
  public:
    explicit StatePill(QWidget* parent = nullptr);

    void setState(Mark mark, const QString& word);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    static Mark markFor(lab::context_state state);
    static Mark markFor(const lab::worker_info& worker);
    static Mark markFor(lab::request_state state);
    static Mark markFor(lab::client_state state);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Mark m_mark = Mark::Inert;
    QString m_word;
};
