// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QMainWindow>

class Branches;
class BranchesPanel;
class BranchVerbs;
class ClockVerbs;
class ContextVerbs;
class CrashOffer;
class Documents;
class EventsPanel;
class Exports;
class Forks;
class HeldMoments;
class HeldStrip;
class HttpPanel;
class Inspector;
class KeptRun;
class Notices;
class OutlinePanel;
class PastBar;
class QActionGroup;
class QDockWidget;
class Scenarios;
class SeedVerbs;
class StatusLine;
class TimeTravel;
class TimelineCanvas;
class TransportBar;
class TreeCanvas;

/// The window over one laboratory: canvases and panels that share a SessionModel, and the verbs that act
/// through it.
class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    /// Whether layout, geometry and theme are read from and written to the user's settings.
    enum class Memory { Remember, Forget };

    MainWindow(SessionModel& session, Memory memory, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// `problem`: why there is no server, or why it is not where it was asked to be.
    void setServer(const QString& address, const QString& problem);

    /// Says when the run cannot be kept, and offers what earlier ones left behind. Call it once.
    void keep(KeptRun& run);

    Scenarios& scenarios() { return *m_scenarios; }
    Documents& documents() { return *m_documents; }
    Exports& exports() { return *m_exports; }
    Notices& notices() { return *m_notices; }
    CrashOffer& crashOffer() { return *m_crashOffer; }
    ContextVerbs& contextVerbs() { return *m_contextVerbs; }
    ClockVerbs& clockVerbs() { return *m_clockVerbs; }
    SeedVerbs& seedVerbs() { return *m_seedVerbs; }
    TimeTravel& timeTravel() { return *m_timeTravel; }
    Branches& branches() { return *m_branches; }
    BranchVerbs& branchVerbs() { return *m_branchVerbs; }
    BranchesPanel& branchesPanel() { return *m_branchesPanel; }
    TreeCanvas* tree() { return m_tree; }

  public slots:
    void showError(const QString& text);

  protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    // mainwindow.cpp
    void makeCentre();
    void makeBar();
    void connectPanels();
    void pointAtHeld();
    void showContextMenu(lab::id_t context, QPoint global);
    void focusSearch();
    void setPresenter(bool on);

    // mainwindowfiles.cpp
    void makeDocuments();
    void makeFileActions();
    void makeFileMenu();
    void fillRecent();
    void updateTitle();
    void savePicture();

    // mainwindowdocks.cpp
    void makeDocks();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content,
                         Qt::DockWidgetArea area);
    void updateTitleBars();
    void arrangeDocks();
    void sizeDocks();
    void restoreLayout();
    void resetLayout();
    void saveLayout() const;

    // mainwindowmenus.cpp
    void makeActions();
    void makeThemeActions();
    void makeMenus();
    void makeEditMenu();
    void makeClockMenu();
    void makeViewMenu();
    void makeHelpMenu();
    void giveCanvasKeys();
    void showKeys();
    void showAbout();
    void toggleTheme();

    SessionModel& m_session;
    Memory m_memory;
    Scenarios* m_scenarios = nullptr;
    Notices* m_notices = nullptr;
    Documents* m_documents = nullptr;
    Exports* m_exports = nullptr;
    CrashOffer* m_crashOffer = nullptr;
    QMenu* m_recent = nullptr;
    ContextVerbs* m_contextVerbs = nullptr;
    ClockVerbs* m_clockVerbs = nullptr;
    SeedVerbs* m_seedVerbs = nullptr;
    TimeTravel* m_timeTravel = nullptr;
    Branches* m_branches = nullptr;
    Forks* m_forks = nullptr;
    BranchVerbs* m_branchVerbs = nullptr;
    BranchesPanel* m_branchesPanel = nullptr;
    HeldMoments* m_held = nullptr;
    PastBar* m_past = nullptr;
    HeldStrip* m_heldStrip = nullptr;
    TreeCanvas* m_tree = nullptr;
    TimelineCanvas* m_timeline = nullptr;
    Inspector* m_inspector = nullptr;
    OutlinePanel* m_outline = nullptr;
    EventsPanel* m_events = nullptr;
    HttpPanel* m_http = nullptr;
    TransportBar* m_bar = nullptr;
    StatusLine* m_status = nullptr;
    QList<QDockWidget*> m_docks;
    QByteArray m_firstLayout; ///< as it is before anybody moves anything

    struct Actions {
        QAction* open = nullptr;
        QAction* save = nullptr;
        QAction* closeRecording = nullptr;
        QAction* empty = nullptr;
        QAction* reset = nullptr;
        QAction* savePicture = nullptr;
        QAction* quit = nullptr;
        QAction* find = nullptr;
        QAction* fit = nullptr;
        QAction* centre = nullptr;
        QAction* zoomIn = nullptr;
        QAction* zoomOut = nullptr;
        QAction* deselect = nullptr;
        QAction* themeToggle = nullptr;
        QActionGroup* themes = nullptr;
        QAction* highContrast = nullptr;
        QAction* reduceMotion = nullptr;
        QAction* presenter = nullptr;
        QAction* resetLayout = nullptr;
        QAction* send = nullptr;
        QAction* abort = nullptr;
        QAction* keys = nullptr;
        QAction* about = nullptr;
    } m_do;
};
