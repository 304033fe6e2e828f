// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "branchverbs.h"
#include "canvas/icons.h"
#include "canvas/timeline.h"
#include "canvas/treecanvas.h"
#include "clockverbs.h"
#include "contextverbs.h"
#include "eventspanel.h"
#include "httppanel.h"
#include "labtext.h"
#include "outlinepanel.h"
#include "scenarios.h"
#include "seedverbs.h"
#include "shortcutsheet.h"
#include "statusline.h"
#include "timetravel.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QTreeView>

namespace {

QString modeKey() {
    return QStringLiteral("window/theme");
}

} // namespace

void MainWindow::makeActions() {
    const auto make = [this](const QString& text, const QKeySequence& keys, auto&& slot) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    makeFileActions();
    m_do.empty = make(tr("&New empty laboratory"), QKeySequence::New, [this] { m_scenarios->openNothing(); });
    m_do.reset = make(tr("&Reset"), QKeySequence(Qt::CTRL | Qt::Key_R), [this] { m_scenarios->restart(); });
    m_do.reset->setIcon(Icons::icon(QStringLiteral("reset")));
    m_do.reset->setToolTip(tr("Start again from the beginning (Ctrl+R)"));
    m_do.quit = make(tr("&Quit"), QKeySequence::Quit, [this] { close(); });
    m_do.find = make(tr("&Find"), {}, [this] { focusSearch(); });
    m_do.find->setShortcuts({QKeySequence(Qt::Key_Slash), QKeySequence(Qt::CTRL | Qt::Key_F)});
    m_do.fit = make(tr("Fit the &tree"), QKeySequence(QStringLiteral("F, F")), [this] { m_tree->fit(); });
    m_do.centre = make(tr("&Centre on the selection"), QKeySequence(QStringLiteral("F, C")),
                       [this] { m_tree->centreOnSelection(); });
    m_do.zoomIn = make(tr("Zoom &in"), QKeySequence::ZoomIn, [this] { m_tree->zoomIn(); });
    m_do.zoomOut = make(tr("Zoom &out"), QKeySequence::ZoomOut, [this] { m_tree->zoomOut(); });
    m_do.deselect = make(tr("Select &nothing"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A),
                         [this] { m_session.select({}); });
    m_do.presenter =
        make(tr("&Presenter mode"), QKeySequence(Qt::Key_F5), [this](bool on) { setPresenter(on); });
    m_do.presenter->setCheckable(true);
    m_do.resetLayout = make(tr("Default &layout"), {}, [this] { resetLayout(); });
    m_do.send =
        make(tr("&Send request"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { m_http->send(); });
    m_do.abort =
        make(tr("&Abort request"), QKeySequence(Qt::CTRL | Qt::Key_Period), [this] { m_http->abort(); });
    m_do.keys = make(tr("&Keys"), QKeySequence(Qt::Key_Question), [this] { showKeys(); });
    m_do.about = make(tr("&About ctxlab"), {}, [this] { showAbout(); });
}

void MainWindow::makeThemeActions() {
    m_do.themeToggle = new QAction(Icons::icon(QStringLiteral("sun")), tr("Light or dark"), this);
    m_do.themeToggle->setToolTip(tr("Switch between the light and the dark theme"));
    connect(m_do.themeToggle, &QAction::triggered, this, &MainWindow::toggleTheme);
    m_do.themes = new QActionGroup(this);
    const auto add = [this](const QString& text, ThemeManager::Mode mode) {
        auto* action = m_do.themes->addAction(text);
        action->setCheckable(true);
        action->setChecked(ThemeManager::instance().mode() == mode);
        action->setData(static_cast<int>(mode));
        connect(action, &QAction::triggered, this, [this, mode] {
            ThemeManager::instance().setMode(mode);
            if (m_memory == Memory::Remember) QSettings().setValue(modeKey(), static_cast<int>(mode));
        });
    };
    add(tr("&Light"), ThemeManager::Mode::Light);
    add(tr("&Dark"), ThemeManager::Mode::Dark);
    add(tr("As the &system"), ThemeManager::Mode::System);
    m_do.highContrast = new QAction(tr("&High contrast"), this);
    m_do.highContrast->setCheckable(true);
    connect(m_do.highContrast, &QAction::toggled, &ThemeManager::instance(), &ThemeManager::setHighContrast);
    m_do.reduceMotion = new QAction(tr("&Reduce motion"), this);
    m_do.reduceMotion->setCheckable(true);
    connect(m_do.reduceMotion, &QAction::toggled, &ThemeManager::instance(), &ThemeManager::setReduceMotion);
    const auto follow = [this] {
        m_do.themeToggle->setIcon(
            Icons::icon(theme().isDark ? QStringLiteral("sun") : QStringLiteral("moon"), Icons::Tint::Muted));
        for (QAction* action : m_do.themes->actions())
            action->setChecked(action->data().toInt() == static_cast<int>(ThemeManager::instance().mode()));
    };
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, follow);
    follow();
}

void MainWindow::toggleTheme() {
    const auto wanted = theme().isDark ? ThemeManager::Mode::Light : ThemeManager::Mode::Dark;
    for (QAction* action : m_do.themes->actions())
        if (action->data().toInt() == static_cast<int>(wanted)) action->trigger();
}

void MainWindow::makeMenus() {
    makeFileMenu();
    makeEditMenu();
    QMenu* context = menuBar()->addMenu(tr("&Context"));
    context->addAction(m_contextVerbs->newChildMenu());
    context->addAction(m_contextVerbs->newWorker());
    context->addSeparator();
    context->addAction(m_contextVerbs->cancel());
    context->addAction(m_contextVerbs->cancelWithCause());
    context->addSeparator();
    context->addAction(m_contextVerbs->sweep());
    context->addAction(m_do.deselect);
    makeClockMenu();
    QMenu* past = menuBar()->addMenu(tr("&Past"));
    past->addActions(m_timeTravel->all());
    past->addSeparator();
    past->addActions({m_branchVerbs->fork(), m_branchVerbs->standIn(), m_branchVerbs->runAgain()});
    makeViewMenu();
    QMenu* http = menuBar()->addMenu(tr("&HTTP"));
    http->addAction(m_do.send);
    http->addAction(m_do.abort);
    makeHelpMenu();
}

void MainWindow::makeEditMenu() {
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_branchVerbs->undo(), m_branchVerbs->redo()});
}

void MainWindow::makeClockMenu() {
    QMenu* clock = menuBar()->addMenu(tr("C&lock"));
    clock->addAction(m_clockVerbs->runPause());
    clock->addAction(m_do.reset);
    clock->addSection(tr("Step"));
    clock->addActions(m_clockVerbs->stepSizes());
    clock->addAction(m_clockVerbs->hold());
    clock->addAction(m_clockVerbs->letGo());
    clock->addSeparator();
    clock->addAction(m_clockVerbs->advance());
    clock->addSeparator();
    clock->addAction(m_clockVerbs->slower());
    clock->addAction(m_clockVerbs->faster());
    clock->addSeparator();
    clock->addAction(m_clockVerbs->virtualMode());
    clock->addAction(m_clockVerbs->realMode());
    clock->addSection(tr("Chance"));
    clock->addActions(m_seedVerbs->all());
}

void MainWindow::makeViewMenu() {
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const QDockWidget* dock : std::as_const(m_docks)) view->addAction(dock->toggleViewAction());
    view->addAction(m_do.resetLayout);
    view->addSeparator();
    view->addActions({m_do.find, m_do.fit, m_do.centre, m_do.zoomIn, m_do.zoomOut});
    view->addSeparator();
    QMenu* themes = view->addMenu(tr("T&heme"));
    themes->addActions(m_do.themes->actions());
    themes->addSeparator();
    themes->addActions({m_do.highContrast, m_do.reduceMotion});
    view->addAction(m_do.presenter);
}

void MainWindow::makeHelpMenu() {
    QMenu* help = menuBar()->addMenu(tr("H&elp"));
    help->addAction(m_do.keys);
    help->addAction(m_do.about);
}

void MainWindow::giveCanvasKeys() {
    QList<QAction*> keys = m_contextVerbs->all();
    keys += m_timeTravel->all();
    keys += {m_branchVerbs->fork(), m_branchVerbs->standIn()};
    keys += {m_clockVerbs->runPause(), m_clockVerbs->step(), m_do.find, m_do.fit, m_do.centre, m_do.keys};
    for (QAction* action : std::as_const(keys)) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_tree->addAction(action);
        m_timeline->addAction(action);
    }
    // A list of events has its own Home and Page keys.
    for (QAction* action :
         {m_timeTravel->previousOfSelection(), m_timeTravel->nextOfSelection(), m_timeTravel->toCause(),
          m_timeTravel->toEffect(), m_timeTravel->live(), m_branchVerbs->fork(), m_branchVerbs->standIn()})
        m_events->addAction(action);
    // In the outline letters search for names.
    m_outline->view()->addActions({m_contextVerbs->cancel(), m_contextVerbs->cancelWithCause()});
    m_do.find->setShortcutContext(Qt::WindowShortcut);
}

void MainWindow::showKeys() {
    QList<QAction*> clock = {m_clockVerbs->runPause(), m_clockVerbs->step()};
    clock += m_clockVerbs->stepSizes();
    clock += {m_clockVerbs->hold(),   m_clockVerbs->letGo(),  m_clockVerbs->advance(),
              m_clockVerbs->slower(), m_clockVerbs->faster(), m_do.reset};
    auto* sheet = new ShortcutSheet({{tr("Contexts and workers"), m_contextVerbs->all()},
                                     {tr("Clock"), clock},
                                     {tr("Chance"), m_seedVerbs->all()},
                                     {tr("The past"), m_timeTravel->all() + m_branchVerbs->all()},
                                     {tr("HTTP"), {m_do.send, m_do.abort}},
                                     {tr("Looking around"),
                                      {m_do.find, m_do.fit, m_do.centre, m_do.zoomIn, m_do.zoomOut,
                                       m_do.deselect, m_do.presenter, m_do.keys}},
                                     {tr("Files"), {m_do.empty, m_do.open, m_do.save, m_do.quit}}},
                                    this);
    sheet->open();
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(
        QMessageBox::NoIcon, tr("About ctxlab"),
        tr("<b>ctxlab %1</b><p>A laboratory for Go's context package: derive contexts, set deadlines, "
           "cancel, and "
           "watch workers leave. What it shows happened in ctx, the C++20 library behind it.</p>")
            .arg(QApplication::applicationVersion()),
        QMessageBox::Ok, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}
