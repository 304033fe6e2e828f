// SPDX-License-Identifier: MIT
#pragma once

#include "errand.h"
#include "sessionmodel.h"

#include <QList>
#include <QObject>

class Documents;
class Notices;
class QAction;

/// What is shown, written for other programs: the log of the life that is shown, pictures of the moment that
/// is shown, and its scenario as a program. Done on threads of their own; a file is what it was, or not
/// there, until all of it has been written.
class Exports : public QObject {
    Q_OBJECT
  public:
    enum class Format { Ndjson, Perfetto, TreePng, TreeSvg, TimelinePng, TimelineSvg, Go, Cpp };

    Exports(SessionModel& session, Documents& documents, Notices& notices, QWidget* window);

    /// Each asks for a file. In the order of a menu; a null stands for a line between two groups.
    QList<QAction*> actions() const { return m_actions; }
    void write(Format format, const QString& file);

  signals:
    /// For the status line.
    void done(const QString& sentence);
    /// The file is written, or it is not, and a notice says why.
    void finished(bool written);

  private:
    void choose(Format format);
    Errand::Work writeEvents(Format format, const QString& file);
    Errand::Work writePicture(Format format, const QString& file);
    Errand::Work writeProgram(Format format, const QString& file);
    Errand::Then tell(const QString& file, const QString& problem, const QString& remark = {});
    SessionModel& m_session;
    Documents& m_documents;
    Notices& m_notices;
    QWidget* m_window;
    QList<QAction*> m_actions;
};
