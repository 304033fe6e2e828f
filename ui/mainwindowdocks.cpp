// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "branchespanel.h"
#include "canvas/timeline.h"
#include "contextverbs.h"
#include "eventspanel.h"
#include "httppanel.h"
#include "inspector.h"
#include "ledgerpanel.h"
#include "outlinepanel.h"

#include <QDockWidget>
#include <QFrame>
#include <QSettings>
#include <QVBoxLayout>

namespace {

/// Grows when docks are added or renamed: an older layout would put them anywhere.
constexpr int layoutVersion = 3;

} // namespace

void MainWindow::makeDocks() {
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

    m_inspector = new Inspector(m_session,
                                {{m_contextVerbs->cancel(), tr("Cancel")},
                                 {m_contextVerbs->cancelWithCause(), tr("With cause…")},
                                 {m_contextVerbs->newChildMenu(), tr("Child")},
                                 {m_contextVerbs->newWorker(), tr("Worker…")}},
                                this);
    m_outline = new OutlinePanel(m_session, this);
    m_timeline = new TimelineCanvas(&m_session, this);
    m_timeline->setAccessibleName(tr("Timeline"));
    m_events = new EventsPanel(m_session, this);
    m_http = new HttpPanel(m_session, this);
    m_branchesPanel = new BranchesPanel(m_session, *m_branches, *m_forks, this);

    addDock(QStringLiteral("inspector"), tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("outline"), tr("Outline"), m_outline, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("timeline"), tr("Timeline"), m_timeline, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("http"), tr("HTTP client"), m_http, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("events"), tr("Events"), m_events, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("branches"), tr("Runs"), m_branchesPanel, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("ledger"), tr("Work after death"), new LedgerPanel(m_session, this),
            Qt::BottomDockWidgetArea);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content,
                                 Qt::DockWidgetArea area) {
    auto* frame = new QFrame(this);
    auto* inner = new QVBoxLayout(frame);
    inner->setContentsMargins(1, 0, 1, 1);
    inner->addWidget(content);
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(frame);
    addDockWidget(area, dock);
    connect(dock, &QDockWidget::dockLocationChanged, this, &MainWindow::updateTitleBars);
    connect(dock, &QDockWidget::topLevelChanged, this, &MainWindow::updateTitleBars);
    connect(dock, &QDockWidget::visibilityChanged, this, &MainWindow::updateTitleBars);
    m_docks += dock;
    return dock;
}

/// A dock that shares its place with others has its name on a tab; a title below it would say the same again.
/// Such docks are dragged by their tabs.
void MainWindow::updateTitleBars() {
    for (QDockWidget* dock : std::as_const(m_docks)) {
        const bool tabbed = !dock->isFloating() && !tabifiedDockWidgets(dock).isEmpty();
        QWidget* bar = dock->titleBarWidget();
        if (tabbed && !bar) {
            dock->setTitleBarWidget(new QWidget(dock));
        } else if (!tabbed && bar) {
            dock->setTitleBarWidget(nullptr);
            bar->deleteLater();
        }
    }
}

void MainWindow::arrangeDocks() {
    const auto dock = [this](const char* name) { return findChild<QDockWidget*>(QLatin1String(name)); };
    QDockWidget* timeline = dock("timeline");
    QDockWidget* http = dock("http");
    splitDockWidget(timeline, http, Qt::Horizontal);
    tabifyDockWidget(timeline, dock("events"));
    tabifyDockWidget(timeline, dock("branches"));
    tabifyDockWidget(timeline, dock("ledger"));
    timeline->raise();
    dock("outline")->hide();
    updateTitleBars();
}

/// Sizes hold only once the window has its own.
void MainWindow::sizeDocks() {
    const auto dock = [this](const char* name) { return findChild<QDockWidget*>(QLatin1String(name)); };
    resizeDocks({dock("inspector")}, {360}, Qt::Horizontal);
    resizeDocks({dock("timeline"), dock("http")}, {11, 9}, Qt::Horizontal);
    resizeDocks({dock("timeline"), dock("http")}, {310, 310}, Qt::Vertical);
}

void MainWindow::restoreLayout() {
    sizeDocks();
    m_firstLayout = saveState(layoutVersion);
    if (m_memory == Memory::Forget) return;
    const QSettings settings;
    restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), layoutVersion);
}

void MainWindow::resetLayout() {
    restoreState(m_firstLayout, layoutVersion);
}

void MainWindow::saveLayout() const {
    if (m_memory == Memory::Forget) return;
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/layout"), saveState(layoutVersion));
}
