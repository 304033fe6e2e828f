// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/laboratory.h"
#include "lab/run_keeper.h"
#endif

#include <QObject>
#include <QTimer>

#include <memory>

/// What a recording of a laboratory begins with. `began`: when its log did.
lab::recording_header recordingHeader(const lab::laboratory& laboratory, std::int64_t beganUnixMs);

/// Records a running laboratory in the state folder, so that the next start can offer it after a crash. What
/// the disk has against it is told once, quietly.
///
/// Lifetime: its end is the orderly end of the run, and leaves nothing behind.
class KeptRun : public QObject {
    Q_OBJECT
  public:
    explicit KeptRun(lab::laboratory& laboratory, QObject* parent = nullptr);
    ~KeptRun() override;

    std::int64_t beganUnixMs() const { return m_began; }
    /// Where runs are kept; empty if there is no place for them.
    const std::filesystem::path& folder() const { return m_folder; }
    QString problem() const { return m_problem; }

  signals:
    /// A sentence; comes again only when there is another problem.
    void troubled(const QString& problem);

  private:
    void look();
    void setProblem(const QString& reason);

    std::int64_t m_began;
    std::filesystem::path m_folder;
    std::unique_ptr<lab::run_keeper> m_keeper;
    QString m_problem;
    QTimer m_poll;
};
