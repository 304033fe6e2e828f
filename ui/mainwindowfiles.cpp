// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "branches.h"
#include "crashoffer.h"
#include "documents.h"
#include "exports.h"
#include "keptrun.h"
#include "labtext.h"
#include "notices.h"
#include "scenarios.h"
#include "statusline.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMimeData>

namespace {

/// The one file that is dragged; empty: something else is.
QString draggedFile(const QMimeData* data) {
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

} // namespace

void MainWindow::makeDocuments() {
    m_documents = new Documents(m_session, *m_scenarios, *m_notices, this);
    m_documents->setRemembers(m_memory == Memory::Remember);
    connect(m_documents, &Documents::opening, m_branches, &Branches::setRecordedLives);
    m_exports = new Exports(m_session, *m_documents, *m_notices, this);
    m_crashOffer = new CrashOffer(*m_documents, *m_notices, this);
}

void MainWindow::keep(KeptRun& run) {
    m_documents->setBegan(run.beganUnixMs());
    connect(&run, &KeptRun::troubled, m_status, &StatusLine::say);
    if (!run.folder().empty()) m_crashOffer->lookInto(run.folder());
}

void MainWindow::makeFileActions() {
    const auto make = [this](const QString& text, const QKeySequence& keys, const QString& tip, auto slot) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setToolTip(tip);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_do.open = make(tr("&Open…"), QKeySequence::Open, tr("Open a scenario or a recording"),
                     [this] { m_documents->chooseToOpen(); });
    m_do.save = make(tr("&Save recording…"), QKeySequence::Save,
                     tr("Save everything that has happened, and what people did, as a file"),
                     [this] { m_documents->chooseToSave(); });
    m_do.closeRecording = make(tr("&Close the recording"), QKeySequence::Close, tr("Back to the laboratory"),
                               [this] { m_session.showLive(); });
    m_do.savePicture =
        make(tr("&Window as PNG…"), {}, tr("A picture of the whole window"), [this] { savePicture(); });
    const auto follow = [this] { m_do.closeRecording->setEnabled(m_session.recorded()); };
    connect(&m_session, &SessionModel::momentChanged, this, follow);
    follow();
}

void MainWindow::makeFileMenu() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_do.empty);
    file->addAction(m_do.open);
    m_recent = file->addMenu(tr("Open &recent"));
    connect(m_documents, &Documents::recentChanged, this, &MainWindow::fillRecent);
    fillRecent();
    QMenu* shipped = file->addMenu(tr("Open a shipped s&cenario"));
    for (int i = 0; i < static_cast<int>(m_scenarios->shipped().size()); ++i) {
        QAction* action =
            shipped->addAction(LabText::of(m_scenarios->shipped()[static_cast<std::size_t>(i)]->title));
        connect(action, &QAction::triggered, m_scenarios, [this, i] { m_scenarios->openShipped(i); });
    }
    shipped->setEnabled(!m_scenarios->shipped().empty());
    file->addSeparator();
    file->addAction(m_do.save);
    QMenu* exports = file->addMenu(tr("&Export"));
    exports->setObjectName(QStringLiteral("exports"));
    for (QAction* action : m_exports->actions()) {
        if (action)
            exports->addAction(action);
        else
            exports->addSeparator();
    }
    exports->addSeparator();
    exports->addAction(m_do.savePicture);
    file->addSeparator();
    file->addAction(m_do.closeRecording);
    file->addAction(m_do.quit);
}

void MainWindow::fillRecent() {
    m_recent->clear();
    for (const QString& path : m_documents->recent()) {
        QAction* action = m_recent->addAction(QFileInfo(path).fileName());
        action->setToolTip(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, m_documents, [this, path] { m_documents->open(path); });
    }
    m_recent->setToolTipsVisible(true);
    m_recent->setEnabled(!m_recent->isEmpty());
}

void MainWindow::updateTitle() {
    const QString title = m_scenarios->title();
    if (m_session.recorded())
        setWindowTitle(tr("%1 (recording) – ctxlab").arg(m_session.recordingTitle()));
    else
        setWindowTitle(title.isEmpty() ? QStringLiteral("ctxlab") : tr("%1 – ctxlab").arg(title));
}

void MainWindow::savePicture() {
    auto* dialog = new QFileDialog(this, tr("Save a picture of the window"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->setNameFilters({tr("Pictures (*.png)")});
    const QPixmap picture = grab();
    connect(dialog, &QFileDialog::fileSelected, this, [this, picture](const QString& file) {
        if (!picture.save(file)) showError(tr("%1: the picture could not be saved there.").arg(file));
    });
    dialog->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!draggedFile(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QString file = draggedFile(event->mimeData());
    if (file.isEmpty()) return;
    event->acceptProposedAction();
    m_documents->open(file);
}
