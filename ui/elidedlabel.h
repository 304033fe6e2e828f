// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

/// One line of text that is cut with an ellipsis where it does not fit, and then shows the whole in a
/// tooltip. Its size never follows its text, so nothing around it moves when a value changes.
class ElidedLabel : public QFrame {
    Q_OBJECT
  public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    explicit ElidedLabel(const QString& text, QWidget* parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString& text);
    void setAlignment(Qt::Alignment alignment);
    /// Room is kept for this much text, whatever is shown.
    void setRoomFor(const QString& longest);
    void setMuted(bool muted);
    /// With a target the text is a link; empty makes it plain again.
    void setHref(const QString& href);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  signals:
    void linkActivated(const QString& href);

  protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    QString m_text;
    QString m_longest;
    QString m_href;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool m_muted = false;
};
