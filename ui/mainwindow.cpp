// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "branches.h"
#include "branchverbs.h"
#include "canvas/heldmark.h"
#include "canvas/theme.h"
#include "canvas/timeline.h"
#include "canvas/treecanvas.h"
#include "clockverbs.h"
#include "contextverbs.h"
#include "documents.h"
#include "eventspanel.h"
#include "exports.h"
#include "forks.h"
#include "heldmoments.h"
#include "heldstrip.h"
#include "httppanel.h"
#include "inspector.h"
#include "notices.h"
#include "outlinepanel.h"
#include "pastbar.h"
#include "scenarios.h"
#include "seedverbs.h"
#include "statusline.h"
#include "timetravel.h"
#include "transportbar.h"
#include "type.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFrame>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QToolBar>
#include <QVBoxLayout>

namespace {

constexpr double presenterScale = 1.5;

} // namespace

MainWindow::MainWindow(SessionModel& session, Memory memory, QWidget* parent)
    : QMainWindow(parent), m_session(session), m_memory(memory), m_scenarios(new Scenarios(session, this)),
      m_contextVerbs(new ContextVerbs(session, this)), m_clockVerbs(new ClockVerbs(session, this)),
      m_seedVerbs(new SeedVerbs(session, *m_scenarios, this)), m_timeTravel(new TimeTravel(session, this)),
      m_branches(new Branches(session, this)), m_forks(new Forks(session, *m_branches, this)),
      m_branchVerbs(new BranchVerbs(session, *m_branches, *m_forks, this)),
      m_held(new HeldMoments(session, this)) {
    setWindowTitle(QStringLiteral("ctxlab"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
    makeActions();
    makeThemeActions();
    makeCentre();
    makeDocuments();
    makeDocks();
    makeBar();
    makeMenus();
    giveCanvasKeys();
    connectPanels();
    setContentsMargins(8, 0, 8, 0);
    resize(1600, 1000);
    arrangeDocks();
    if (m_memory == Memory::Remember)
        restoreGeometry(QSettings().value(QStringLiteral("window/geometry")).toByteArray());
    m_tree->setFocus();
}

MainWindow::~MainWindow() {
    // Docks tell that they vanish while they are deleted, when nothing is left that could be arranged.
    for (QDockWidget* dock : std::as_const(m_docks)) disconnect(dock, nullptr, this, nullptr);
}

void MainWindow::makeCentre() {
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("centralWidget"));
    auto* frame = new QFrame(centre);
    frame->setProperty("panel", true);
    m_tree = new TreeCanvas(&m_session, frame);
    m_tree->setAccessibleName(tr("Context tree"));
    auto* inner = new QVBoxLayout(frame);
    inner->setContentsMargins(1, 1, 1, 1);
    m_past = new PastBar(m_session, *m_timeTravel, frame);
    m_notices = new Notices(frame);
    inner->setSpacing(0);
    inner->addWidget(m_notices);
    m_heldStrip = new HeldStrip(m_session, *m_held, *m_clockVerbs, frame);
    inner->addWidget(m_heldStrip);
    inner->addWidget(m_tree, 1);
    inner->addWidget(m_past); // below, so that the tree stays where it is
    m_past->addButton(m_branchVerbs->standIn());
    m_past->addButton(m_branchVerbs->fork());
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(frame);
    setCentralWidget(centre);
}

void MainWindow::makeBar() {
    m_bar = new TransportBar(m_session, *m_contextVerbs, *m_clockVerbs, *m_scenarios, m_do.reset,
                             m_do.themeToggle, this);
    auto* bar = addToolBar(tr("Transport"));
    bar->setObjectName(QStringLiteral("transport"));
    bar->setMovable(false);
    bar->addWidget(m_bar);
    bar->toggleViewAction()->setEnabled(false); // without it the clock could not be reached by mouse
    m_status = new StatusLine(m_session, this);
    setStatusBar(m_status);
    connect(m_status, &StatusLine::seedClicked, m_seedVerbs->choose(), &QAction::trigger);
}

void MainWindow::connectPanels() {
    connect(m_bar, &TransportBar::openFileRequested, m_documents, &Documents::chooseToOpen);
    connect(m_bar->search(), &QLineEdit::textChanged, m_tree, &TreeCanvas::setFilter);
    connect(m_bar->search(), &QLineEdit::textChanged, m_outline, &OutlinePanel::setFilter);
    connect(m_bar->search(), &QLineEdit::returnPressed, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree, &TreeCanvas::contextMenuRequested, this, &MainWindow::showContextMenu);
    connect(m_outline, &OutlinePanel::contextMenuRequested, this, &MainWindow::showContextMenu);
    connect(m_outline, &OutlinePanel::activated, this, [this] { m_tree->centreOnSelection(); });
    connect(m_timeline, &TimelineCanvas::activated, this, [this] { m_tree->centreOnSelection(); });
    connect(m_forks, &Forks::went, m_scenarios, &Scenarios::adopt);
    connect(m_scenarios, &Scenarios::failed, this, &MainWindow::showError);
    connect(m_scenarios, &Scenarios::changed, this, &MainWindow::updateTitle);
    connect(m_documents, &Documents::changed, this, &MainWindow::updateTitle);
    connect(m_documents, &Documents::done, m_status, &StatusLine::say);
    connect(m_exports, &Exports::done, m_status, &StatusLine::say);
    m_inspector->setHeld(m_held);
    connect(m_held, &HeldMoments::changed, this, &MainWindow::pointAtHeld);
    connect(&m_session, &SessionModel::momentChanged, this, &MainWindow::pointAtHeld);
    // A change of theme sets the application's font again, at its normal size.
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [] { Type::setScale(Type::scale()); });
}

/// Tree and timeline point at where a thread is held, unless they show the past.
void MainWindow::pointAtHeld() {
    HeldMark mark;
    if (m_session.live() && !m_held->all().empty()) {
        const lab::held_moment& moment = m_held->all().front().moment;
        mark = {moment.context, moment.worker, m_held->nextContexts()};
    }
    m_tree->setHeld(mark);
    m_timeline->setHeld(mark);
}

void MainWindow::setServer(const QString& address, const QString& problem) {
    m_http->setServer(address, problem);
    m_status->setAddress(address);
    if (!problem.isEmpty()) m_status->say(problem);
}

void MainWindow::showContextMenu(lab::id_t context, QPoint global) {
    m_session.select(context ? Selection{Selection::Sort::Context, context} : Selection{});
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_contextVerbs->newChildMenu());
    menu->addAction(m_contextVerbs->newWorker());
    menu->addSeparator();
    menu->addAction(m_contextVerbs->cancel());
    menu->addAction(m_contextVerbs->cancelWithCause());
    menu->addSeparator();
    menu->addAction(m_contextVerbs->sweep());
    menu->addAction(m_do.centre);
    menu->addAction(m_do.fit);
    menu->popup(global);
}

void MainWindow::focusSearch() {
    m_bar->search()->setFocus(Qt::ShortcutFocusReason);
    m_bar->search()->selectAll();
}

void MainWindow::setPresenter(bool on) {
    Type::setScale(on ? presenterScale : 1);
    m_tree->setZoom(on ? m_tree->zoom() * presenterScale : m_tree->zoom() / presenterScale);
    m_timeline->setMagnification(Type::scale());
}

void MainWindow::showError(const QString& text) {
    auto* box = new QMessageBox(QMessageBox::Warning, QStringLiteral("ctxlab"), text, QMessageBox::Ok, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (m_firstLayout.isEmpty()) restoreLayout();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveLayout();
    QMainWindow::closeEvent(event);
}
