// SPDX-License-Identifier: MIT
#include "branchverbs.h"

#include "canvas/icons.h"

#include <QAction>
#include <QWidget>

namespace {

/// Of what an action says in a menu.
constexpr int longestAction = 48;

QString cut(const QString& text) {
    return text.size() <= longestAction ? text : text.left(longestAction - 1) + QChar(0x2026);
}

} // namespace

BranchVerbs::BranchVerbs(SessionModel& session, Branches& branches, Forks& forks, QWidget* window)
    : QObject(window), m_session(session), m_branches(branches), m_forks(forks) {
    const auto make = [this](const QString& icon, const QString& text, const QList<QKeySequence>& keys,
                             auto&& slot) {
        auto* action = new QAction(Icons::icon(icon), text, this);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_fork = make(QStringLiteral("fork"), tr("Fork here"), {QKeySequence(Qt::Key_B)},
                  [this] { m_forks.forkAt(m_session.shownSeq()); });
    m_standIn = make(QStringLiteral("fork"), tr("Rebuild here"), {QKeySequence(Qt::SHIFT | Qt::Key_B)},
                     [this] { m_forks.standIn(); });
    m_undo = make(QStringLiteral("undo"), tr("Undo"), {QKeySequence(Qt::CTRL | Qt::Key_Z)},
                  [this] { m_forks.undo(); });
    m_redo = make(QStringLiteral("redo"), tr("Redo"),
                  {QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)},
                  [this] { m_forks.redo(); });
    m_again = make(QStringLiteral("reset"), tr("Run again from the start with this seed"), {},
                   [this] { m_forks.runAgain(m_branches.shown()); });
    m_undo->setProperty("sheetText", tr("Undo what you did last"));
    m_redo->setProperty("sheetText", tr("Do it again"));
    connect(&m_session, &SessionModel::changed, this, &BranchVerbs::update);
    connect(&m_session, &SessionModel::momentChanged, this, &BranchVerbs::update);
    connect(&m_session, &SessionModel::heldChanged, this, &BranchVerbs::update);
    connect(&m_branches, &Branches::shownChanged, this, &BranchVerbs::update);
    connect(&m_forks, &Forks::changed, this, &BranchVerbs::update);
    update();
}

/// Why no run can begin at what is shown, whatever run that is.
QString BranchVerbs::whyNotFromHere() const {
    if (m_branches.shown() < 0) return tr("Nothing has happened yet");
    if (m_forks.busy()) return tr("Another run is just being executed again");
    if (m_session.live() && !m_session.held())
        return tr("Go to a moment of the past first: drag the playhead, or step back");
    return {};
}

QString BranchVerbs::whyNotFork() const {
    if (const QString why = whyNotFromHere(); !why.isEmpty()) return why;
    const QString why = whyNotAgain();
    return why.isEmpty()
               ? QString()
               : tr("This run cannot be forked: %1. Its contexts and workers can be rebuilt without "
                    "the network (Shift+B)")
                     .arg(why);
}

/// Why the run that is shown cannot be executed again.
QString BranchVerbs::whyNotAgain() const {
    const int run = m_branches.shown();
    if (run < 0) return {};
    const bool live = run == m_branches.live(); // of that one the reason is known without asking again
    return live ? m_forks.whyNotAgain() : m_branches.whyNotAgain(run);
}

QString BranchVerbs::whyNotTakeBack() const {
    if (m_forks.busy()) return tr("Another run is just being executed again");
    if (!m_session.live()) return m_session.whyNotNow();
    if (!m_forks.whyNotAgain().isEmpty())
        return tr("Nothing can be taken back: %1").arg(m_forks.whyNotAgain());
    return {};
}

void BranchVerbs::update() {
    const auto set = [](QAction* action, const QString& why, const QString& tip) {
        action->setEnabled(why.isEmpty());
        action->setToolTip(why.isEmpty() ? tip : why);
        action->setStatusTip(action->toolTip());
    };
    set(m_fork, whyNotFork(),
        tr("Execute the run again up to this event, and go on from there; the other future is kept (B)"));
    const bool notAgain = !whyNotAgain().isEmpty();
    m_standIn->setVisible(notAgain);
    set(m_standIn, notAgain ? whyNotFromHere() : tr("This run can be forked"),
        tr("Begin a run in which the contexts and workers of this moment are made anew; a handler becomes a "
           "worker that waits for Done (Shift+B)"));
    const QString never = whyNotTakeBack();
    const bool undo = m_forks.canUndo(), redo = m_forks.canRedo();
    m_undo->setText(undo ? tr("Undo “%1”").arg(cut(m_forks.undoText())) : tr("Undo"));
    m_redo->setText(redo ? tr("Redo “%1”").arg(cut(m_forks.redoText())) : tr("Redo"));
    set(m_undo,
        !never.isEmpty() ? never
        : undo           ? QString()
                         : tr("You have done nothing in this run yet"),
        tr("Take your last action back: the run is executed again without it (Ctrl+Z)"));
    set(m_redo,
        !never.isEmpty() ? never
        : redo           ? QString()
                         : tr("Nothing was undone"),
        tr("Do again what was undone (Ctrl+Y)"));
    QString whyNotAgain;
    if (m_forks.busy())
        whyNotAgain = tr("Another run is just being executed again");
    else if (m_session.recorded() && !m_branches.toldInputs())
        whyNotAgain = tr("The recording does not tell what went into it");
    set(m_again, whyNotAgain, tr("The same scenario with the same seed, from its beginning"));
}
