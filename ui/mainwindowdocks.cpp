// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "canvas/timeline.h"
#include "contextverbs.h"
#include "eventspanel.h"
#include "httppanel.h"
#include "inspector.h"
#include "outlinepanel.h"

#include <QDockWidget>
#include <QFrame>
#include <QSettings>
#include <QVBoxLayout>

namespace {

/// Grows when docks are added or renamed: an older layout would put them anywhere.
constexpr int layoutVersion = 1;

} // namespace

void MainWindow::makeDocks() {
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

    m_inspector = new Inspector(m_session,
                                {m_contextVerbs->cancel(), m_contextVerbs->cancelWithCause(),
                                 m_contextVerbs->newChildMenu(), m_contextVerbs->newWorker()},
                                this);
    m_outline = new OutlinePanel(m_session, this);
    m_timeline = new TimelineCanvas(&m_session, this);
    m_timeline->setAccessibleName(tr("Timeline"));
    m_events = new EventsPanel(m_session, this);
    m_http = new HttpPanel(m_session, this);

    addDock(QStringLiteral("inspector"), tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("outline"), tr("Outline"), m_outline, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("timeline"), tr("Timeline"), m_timeline, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("http"), tr("HTTP client"), m_http, Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("events"), tr("Events"), m_events, Qt::BottomDockWidgetArea);
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
    m_docks += dock;
    return dock;
}

void MainWindow::arrangeDocks() {
    const auto dock = [this](const char* name) { return findChild<QDockWidget*>(QLatin1String(name)); };
    QDockWidget* timeline = dock("timeline");
    QDockWidget* http = dock("http");
    splitDockWidget(timeline, http, Qt::Horizontal);
    tabifyDockWidget(timeline, dock("events"));
    timeline->raise();
    dock("outline")->hide();
    resizeDocks({timeline, http}, {940, 560}, Qt::Horizontal);
    resizeDocks({timeline, http}, {300, 300}, Qt::Vertical);
    resizeDocks({dock("inspector")}, {340}, Qt::Horizontal);
    m_firstLayout = saveState(layoutVersion);
}

void MainWindow::restoreLayout() {
    if (m_memory == Memory::Forget) return;
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), layoutVersion);
}

void MainWindow::saveLayout() const {
    if (m_memory == Memory::Forget) return;
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/layout"), saveState(layoutVersion));
}
