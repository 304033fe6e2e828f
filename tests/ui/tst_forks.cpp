// SPDX-License-Identifier: MIT
#include "branches.h"
#include "forks.h"
#include "server.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;

/// Forks and undo while the clock runs and the server listens, as in the program.
class tst_Forks : public QObject {
    Q_OBJECT
  private slots:
    void init() {
        m_laboratory = std::make_unique<lab::laboratory>(lab::options{.speed = 16});
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_branches = std::make_unique<Branches>(*m_session);
        m_forks = std::make_unique<Forks>(*m_session, *m_branches);
        m_refused = std::make_unique<QSignalSpy>(m_session.get(), &SessionModel::refused);
    }
    void cleanup() {
        m_forks.reset();
        m_branches.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    void aRunningClockIsTakenBackToTheAction();
    void aMomentOfARunningClockIsForked();
    void requestsOverSocketsSayWhyNot();
    void aServerThatNobodyHasCalledIsInNobodysWay();
    void theWindowMayCloseWhileAPlanIsMade();

  private:
    void act(lab::command c) {
        bool done = false;
        m_session->post(std::move(c), [&](const lab::reply& r) { done = r.ok(); });
        QTRY_VERIFY(done);
    }
    /// A context with two workers that tick, for a while.
    void tick() {
        act(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "top"});
        act(lab::new_worker{.context = 2, .kind = "poller", .every = 3ms});
        act(lab::new_worker{.context = 2, .kind = "poller", .every = 7ms});
        const lab::lab_time until = m_laboratory->now() + 500ms;
        QTRY_VERIFY(m_session->state().now() > until);
    }
    void wait(int runs) {
        QTRY_COMPARE(m_branches->count(), runs);
        QTRY_VERIFY(!m_forks->busy());
        QVERIFY2(m_refused->isEmpty(),
                 qPrintable(m_refused->isEmpty() ? QString() : m_refused->first().first().toString()));
    }

    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<Branches> m_branches;
    std::unique_ptr<Forks> m_forks;
    std::unique_ptr<QSignalSpy> m_refused;
};

void tst_Forks::aRunningClockIsTakenBackToTheAction() {
    tick();
    act(lab::cancel_context{.context = 2});
    const lab::lab_time cancelled = *m_session->state().context(2)->done;
    tick();
    QTRY_VERIFY(m_forks->canUndo());
    for (int actions = 4; actions > 0; --actions) { // three of the second tick(), and the cancel
        m_forks->undo();
        wait(1 + 5 - actions);
    }
    QCOMPARE(m_session->state().context(2)->err, std::string());
    QCOMPARE(m_session->state().now(), cancelled); // just before it
    act(lab::change_clock{.action = lab::clock_action::run});
    QTRY_VERIFY(m_session->state().now() > cancelled + 100ms);
    QVERIFY(!m_session->state().context(2)->done);
}

void tst_Forks::aMomentOfARunningClockIsForked() {
    tick();
    act(lab::cancel_context{.context = 2});
    for (const std::uint64_t seq : {m_session->shownSeq() / 2, m_session->shownSeq() / 3, std::uint64_t(1)}) {
        m_session->showMoment(seq);
        m_forks->forkAt(seq);
        wait(m_branches->count() + 1);
        QVERIFY(m_session->live());
        QVERIFY(!m_session->state().clock().running);
    }
}

void tst_Forks::requestsOverSocketsSayWhyNot() {
    const Server server = Server::start(*m_laboratory, 0);
    QVERIFY2(server.service, qPrintable(server.problem));
    act(lab::send_request{.path = "/process?work=1ms"});
    QTRY_COMPARE(m_forks->whyNotAgain(), QString("it sent requests over sockets"));
    QVERIFY(!m_forks->canUndo());
    m_forks->forkAt(1);
    QVERIFY(!m_forks->busy());
    QCOMPARE(m_branches->count(), 1);
    // The next run is another.
    act(lab::reset_lab{});
    QTRY_COMPARE(m_forks->whyNotAgain(), QString());
    QCOMPARE(m_branches->whyNotAgain(0), QString("it sent requests over sockets"));
}

void tst_Forks::aServerThatNobodyHasCalledIsInNobodysWay() {
    const Server server = Server::start(*m_laboratory, 0);
    QVERIFY2(server.service, qPrintable(server.problem));
    tick();
    QTRY_VERIFY(m_forks->canUndo());
    QCOMPARE(m_forks->whyNotAgain(), QString());
    m_forks->undo();
    wait(2);
    QCOMPARE(m_session->state().workers().size(), std::size_t(1));
}

void tst_Forks::theWindowMayCloseWhileAPlanIsMade() {
    act(lab::change_clock{.action = lab::clock_action::pause});
    act(lab::new_context{.kind = lab::context_kind::with_cancel});
    for (int i = 0; i < 40; ++i) act(lab::new_worker{.context = 2, .kind = "poller", .every = 1ms});
    act(lab::change_clock{.action = lab::clock_action::advance, .by = 1s});
    QVERIFY(m_session->history().lastSeq() > 20'000);
    m_forks->forkAt(m_session->history().lastSeq() / 2);
    QVERIFY(m_forks->busy());
    m_forks.reset();
    QCOMPARE(m_branches->count(), 1);
}

QTEST_GUILESS_MAIN(tst_Forks)
#include "tst_forks.moc"
