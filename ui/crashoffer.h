// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/unfinished_runs.h"
#endif

#include <QObject>
#include <QPointer>

#include <vector>

class Documents;
class NoticeBar;
class Notices;
class QPushButton;
class UnfinishedDialog;

/// Offers the runs that a crash left behind: a notice that waits, and opens nothing by itself. Looks for them
/// on a thread of its own, so that a start does not wait for it.
class CrashOffer : public QObject {
    Q_OBJECT
  public:
    CrashOffer(Documents& documents, Notices& notices, QWidget* window);

    /// Once, at the start.
    void lookInto(const std::filesystem::path& folder);

    const std::vector<lab::unfinished_run>& runs() const { return m_runs; }
    void open(const lab::unfinished_run& run);
    /// Asks where to; afterwards the run is not offered any more.
    void save(const lab::unfinished_run& run);
    void saveTo(const lab::unfinished_run& run, const QString& file);
    void discard(const lab::unfinished_run& run);

    /// `client-leaves, 1,234 events, today 14:02`
    static QString describe(const lab::unfinished_run& run);
    static QString name(const lab::unfinished_run& run);
    static QString when(std::int64_t unixMs);

  signals:
    void changed();
    /// All have been looked for; also when there are none.
    void looked();

  private:
    void offer();
    void offerOne();
    void offerSeveral();
    void forget(const std::filesystem::path& file);

    Documents& m_documents;
    Notices& m_notices;
    QWidget* m_window;
    std::vector<lab::unfinished_run> m_runs;
    QPointer<NoticeBar> m_bar;
    QPointer<UnfinishedDialog> m_dialog;
};
