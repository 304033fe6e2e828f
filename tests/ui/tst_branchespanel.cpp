// SPDX-License-Identifier: MIT
#include "branchespanel.h"
#include "comparedialog.h"
#include "forks.h"

#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <memory>

using namespace std::chrono_literals;

/// What the rows of the runs say, and what a comparison says beside them.
class tst_BranchesPanel : public QObject {
    Q_OBJECT
  private slots:
    void init() {
        m_laboratory = std::make_unique<lab::laboratory>(lab::options{.running = false});
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_session->drain();
        m_branches = std::make_unique<Branches>(*m_session);
        m_forks = std::make_unique<Forks>(*m_session, *m_branches);
        m_panel = std::make_unique<BranchesPanel>(*m_session, *m_branches, *m_forks);
        m_panel->resize(900, 300);
        m_panel->show();
        act(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "request"});
    }
    void cleanup() {
        m_panel.reset();
        m_forks.reset();
        m_branches.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    void whoEverLeakedIsPartOfTheOutcome();
    void aComparisonCountsEventsAsTheRowsDo();
    void theNameOfADeepForkIsReadable();

  private:
    void act(lab::command c) {
        bool done = false;
        m_session->post(std::move(c), [&](const lab::reply& r) { done = r.ok(); });
        QTRY_VERIFY(done);
    }
    void advance(std::chrono::nanoseconds by) {
        act(lab::change_clock{.action = lab::clock_action::advance, .by = by});
    }
    void fork() {
        const int runs = m_branches->count();
        m_session->showMoment(m_session->shownSeq());
        m_forks->forkAt(m_session->shownSeq());
        QTRY_COMPARE(m_branches->count(), runs + 1);
        QTRY_VERIFY(!m_forks->busy() && m_session->live());
    }
    QString cell(int run, BranchesModel::Column column) const {
        const QAbstractItemModel* model = m_panel->view()->model();
        return static_cast<const BranchesModel*>(model)->indexOf(run, column).data().toString();
    }

    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<Branches> m_branches;
    std::unique_ptr<Forks> m_forks;
    std::unique_ptr<BranchesPanel> m_panel;
};

void tst_BranchesPanel::whoEverLeakedIsPartOfTheOutcome() {
    act(lab::new_worker{.context = 2, .kind = "stubborn", .name = "deaf", .duration = 2s});
    act(lab::cancel_context{.context = 2});
    advance(1s);
    QTRY_COMPARE(cell(0, BranchesModel::Outcome), QString("1 cancelled · 1 leaked"));
    advance(5s);
    QTRY_COMPARE(m_session->state().counts().live_workers, std::size_t(0));
    QTRY_COMPARE(cell(0, BranchesModel::Outcome), QString("1 cancelled · 1 leaked"));
}

void tst_BranchesPanel::aComparisonCountsEventsAsTheRowsDo() {
    advance(1s);
    fork();
    advance(1s); // what is done with the clock makes events, which are not compared
    act(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "other"});
    QCOMPARE(m_branches->count(), 2);
    CompareDialog dialog(*m_session, *m_branches, 0, 1, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QVERIFY(dialog.done());
    const lab::comparison& c = dialog.model().comparison();
    QVERIFY(c.first && c.first->left.seq == 0);
    const History::Life life = m_branches->life(1);
    const std::uint64_t number = c.first->right.seq + 1 - life.first;
    QVERIFY(number > c.first->same + 1);
    QCOMPARE(dialog.summary(), QString("They part at the end of run 1, event %1 of run 2").arg(number));
    const auto events =
        std::find_if(c.totals.begin(), c.totals.end(), [](const lab::fact& f) { return f.name == "events"; });
    QTRY_COMPARE(cell(0, BranchesModel::Events), QString::fromStdString(events->left));
    QTRY_COMPARE(cell(1, BranchesModel::Events), QString::fromStdString(events->right));
}

void tst_BranchesPanel::theNameOfADeepForkIsReadable() {
    for (int depth = 1; depth <= 6; ++depth) fork();
    const QTreeView* view = m_panel->view();
    const QModelIndex deepest = static_cast<const BranchesModel*>(view->model())->indexOf(6);
    QTRY_COMPARE(deepest.data().toString(), QString("Run 7 · live"));
    QFont font = view->font();
    font.setWeight(QFont::DemiBold);
    const int room = view->visualRect(deepest).width();
    QVERIFY2(room > QFontMetrics(font).horizontalAdvance("Run 7 · shown"), qPrintable(QString::number(room)));
}

QTEST_MAIN(tst_BranchesPanel)
#include "tst_branchespanel.moc"
