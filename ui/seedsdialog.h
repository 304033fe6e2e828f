// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/seeds.h"
#endif

#include <QDialog>
#include <QTimer>

#include <atomic>
#include <memory>
#include <thread>

class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTextBrowser;

/// Plays a scenario with many seeds on a thread of its own and tells the outcomes apart: how often, with
/// which seed, what is different, and which orders occurred.
///
/// Lifetime: closing it stops the thread, after the run that it is in.
class SeedsDialog : public QDialog {
    Q_OBJECT
  public:
    SeedsDialog(std::shared_ptr<const lab::scenario> scenario, QWidget* parent = nullptr);
    ~SeedsDialog() override;

    const lab::seed_report& report() const { return m_report; }
    bool isRunning() const { return m_running; }

  public slots:
    void start();
    void stop();

  signals:
    /// Somebody wants to see what happens with this seed.
    void seedChosen(std::int64_t seed);
    void finished();

  private:
    QLayout* makeForm();
    QLayout* makeResult();
    QLayout* makeButtons();
    void showProgress();
    void showReport();
    void showOutcome();
    void onFinished(lab::seed_report report);
    void copy();

    const std::shared_ptr<const lab::scenario> m_scenario;
    lab::seed_report m_report;
    bool m_running = false;
    std::size_t m_wanted = 0;
    std::atomic<std::size_t> m_tried{0};
    QTimer m_ticks;
    QSpinBox* m_count = nullptr;
    QLineEdit* m_first = nullptr;
    QPushButton* m_start = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_summary = nullptr;
    QListWidget* m_outcomes = nullptr;
    QTextBrowser* m_details = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_open = nullptr;
    std::jthread m_thread; ///< last: it ends before what it writes to
};
