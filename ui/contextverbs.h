// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QList>
#include <QObject>

class FormDialog;
class QAction;
class QMenu;

/// What can be done with the selected thing, as actions that menus, buttons and keys share. A worker or a
/// request stands for its context; with nothing selected, new things go under Background.
class ContextVerbs : public QObject {
    Q_OBJECT
  public:
    ContextVerbs(SessionModel& session, QWidget* window);

    /// Opens a menu of all kinds of children.
    QAction* newChildMenu() const { return m_newChildMenu; }
    const QList<QAction*>& newChildKinds() const { return m_newChild; }
    QAction* newWorker() const { return m_newWorker; }
    QAction* cancel() const { return m_cancel; }
    QAction* cancelWithCause() const { return m_cancelWithCause; }
    QAction* sweep() const { return m_sweep; }
    /// For the keyboard: everything that acts on the tree.
    QList<QAction*> all() const;

    void openNewChild(lab::context_kind kind);
    void openNewWorker(const QString& kind = {});

  private:
    void makeNewChild();
    void makeOthers();
    void updateEnabled();
    /// The selection's context, or 0.
    lab::id_t target() const;
    lab::id_t targetOrRoot() const;
    void open(FormDialog* dialog, Selection::Sort sort);

    SessionModel& m_session;
    QWidget* m_window;
    QMenu* m_kinds = nullptr;
    QAction* m_newChildMenu = nullptr;
    QList<QAction*> m_newChild;
    QAction* m_newWorker = nullptr;
    QAction* m_cancel = nullptr;
    QAction* m_cancelWithCause = nullptr;
    QAction* m_sweep = nullptr;
};
