// SPDX-License-Identifier: MIT
#pragma once

#include "lives.h"
#include "openedrecording.h"
#include "sessionmodel.h"

#include <QObject>
#include <QPointer>

class KeptRun;
class Notices;
class Scenarios;

/// Files that are opened and saved: scenarios, and recordings of whole runs. Recordings are read and written
/// on threads of their own.
class Documents : public QObject {
    Q_OBJECT
  public:
    Documents(SessionModel& session, Scenarios& scenarios, Notices& notices, QWidget* window);

    /// When the laboratory's log began, for the recordings that are saved of it.
    void setBegan(std::int64_t unixMs) { m_began = unixMs; }
    /// Files that were opened or saved are remembered from one start to the next.
    void setRemembers(bool on) { m_remembers = on; }

    /// Asks for a file.
    void chooseToOpen();
    void chooseToSave();

    /// A scenario, which the laboratory then plays, or a recording, which is shown.
    void open(const QString& file);
    void openRecording(const QString& file, std::function<void()> whenShown = {});
    /// Shows a recording that has been read, and tells its damage.
    void present(std::shared_ptr<const OpenedRecording> opened);
    /// What is shown, the laboratory's log or a recording. Takes the log as it is now.
    void save(const QString& file);
    /// Writes a recording that is on the disk anew somewhere else, without showing it.
    void saveAnother(const QString& from, const QString& to, std::function<void()> whenSaved);

    /// The recording that is shown; null: the laboratory is.
    std::shared_ptr<const OpenedRecording> recording() const;
    /// What went into the lives of the log that is shown.
    Lives lives() const;
    /// A name for a file about what is shown, with this ending.
    QString suggestion(const QString& ending) const;
    /// The files that were opened last, the newest first; those that are gone are left out.
    QStringList recent() const;

  signals:
    /// A recording is going to be shown into whose lives this went.
    void opening(std::shared_ptr<const Lives> lives);
    /// Something went as it should; for the status line.
    void done(const QString& sentence);
    /// What is shown has another title.
    void changed();
    void recentChanged();

  private:
    void tellDamage(const OpenedRecording& opened);
    void warn(const QString& text);
    void remember(const QString& file);
    Errand* startErrand(const QString& what, Errand::Work work);

    SessionModel& m_session;
    Scenarios& m_scenarios;
    Notices& m_notices;
    QWidget* m_window;
    std::shared_ptr<const OpenedRecording> m_shown;
    QPointer<Errand> m_loading;
    std::int64_t m_began = 0;
    bool m_remembers = false;
};
