// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

class Errand;
class QBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

/// One line over the canvas that stays until somebody closes it: what happened, and what can be done about
/// it.
class NoticeBar : public QFrame {
    Q_OBJECT
  public:
    enum class Sort { Offer, Warning };

    NoticeBar(Sort sort, const QString& text, QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);
    /// From left to right. The bar stays when it is pressed.
    QPushButton* addButton(const QString& text, const QString& toolTip = {});
    /// One that puts the bar away, instead of the cross at its end.
    void addLater(const QString& text, const QString& toolTip);
    /// Shows how far it is, and gives it up when the bar is closed.
    void follow(Errand& errand);
    /// Removes it.
    void dismiss();

  signals:
    void closed();

  private:
    void showProgress();

    QBoxLayout* m_row = nullptr;
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QToolButton* m_close = nullptr;
    Errand* m_errand = nullptr;
    QTimer m_poll;
};

/// The notices, one above the other; nothing where there are none.
class Notices : public QWidget {
    Q_OBJECT
  public:
    explicit Notices(QWidget* parent = nullptr);

    NoticeBar* add(NoticeBar::Sort sort, const QString& text);
    /// Work in the background: a bar with its progress and a way to give it up, once it has taken so long
    /// that one wonders. The bar goes when the work is over.
    void follow(Errand& errand, const QString& text);
    /// Those that are shown, from the top.
    QList<NoticeBar*> bars() const;

  private:
    QBoxLayout* m_column = nullptr;
};
