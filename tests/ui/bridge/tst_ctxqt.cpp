// SPDX-License-Identifier: MIT
#include "bridge/donewatcher.h"
#include "bridge/futures.h"
#include "ctx/world.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <QtConcurrentRun>

#include <thread>

/// Contexts as signals and futures of Qt.
class tst_ctxqt : public QObject {
    Q_OBJECT

  private slots:
    void aWatcherTellsOnceInItsOwnThread();
    void aWatcherTellsOfAContextThatIsDoneAlready();
    void aWatcherGoesBeforeItsContextEnds();
    void aWatcherMovesToAnotherThread();
    void aWatcherShowsTheCause();
    void aFutureFinishesWhenTheContextIsDone();
    void aFutureOfADoneContextIsFinished();
    void aFutureContinuesInTheThreadOfAnObject();
    void aFutureOfAContextThatGoesIsCanceled();
    void cancellingADoneFutureLeavesTheContext();
    void cancellingAFutureCancelsAContext();
    void cancellingAFutureEndsTheWorkBehindIt();
    void aFutureThatFinishesForgetsItsContext();
    void anOwnerThatGoesCutsTheTie();
    void aCancellableFutureGoesBothWays();
};

using namespace test;

void tst_ctxqt::aWatcherTellsOnceInItsOwnThread() {
    const auto c = ctx::with_cancel(ctx::background());
    ctxqt::DoneWatcher watcher(c.context);
    QSignalSpy told(&watcher, &ctxqt::DoneWatcher::done);
    QThread* where = nullptr;
    connect(&watcher, &ctxqt::DoneWatcher::done, [&] { where = QThread::currentThread(); });
    std::jthread([&] { c.cancel(); }).join();
    QCOMPARE(told.count(), 0); // not in the other thread
    QVERIFY(told.wait());
    QCOMPARE(where, QThread::currentThread());
    QCoreApplication::processEvents();
    QCOMPARE(told.count(), 1);
}

void tst_ctxqt::aWatcherTellsOfAContextThatIsDoneAlready() {
    const auto c = ctx::with_cancel(ctx::background());
    c.cancel();
    ctxqt::DoneWatcher watcher(c.context);
    QSignalSpy told(&watcher, &ctxqt::DoneWatcher::done);
    QVERIFY(told.wait());
}

void tst_ctxqt::aWatcherGoesBeforeItsContextEnds() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    std::optional<ctxqt::DoneWatcher> watcher(std::in_place, c.context);
    QSignalSpy told(&*watcher, &ctxqt::DoneWatcher::done);
    c.cancel();
    watcher.reset();
    QCoreApplication::processEvents();
    QCOMPARE(told.count(), 0);
}

void tst_ctxqt::aWatcherMovesToAnotherThread() {
    const auto c = ctx::with_cancel(ctx::background());
    QThread thread;
    thread.start();
    auto* watcher = new ctxqt::DoneWatcher(c.context);
    std::promise<QThread*> where;
    connect(watcher, &ctxqt::DoneWatcher::done, watcher, [&] { where.set_value(QThread::currentThread()); });
    connect(&thread, &QThread::finished, watcher, &QObject::deleteLater);
    watcher->moveToThread(&thread);
    c.cancel();
    QCOMPARE(where.get_future().get(), &thread);
    thread.quit();
    thread.wait();
}

void tst_ctxqt::aWatcherShowsTheCause() {
    const auto c = ctx::with_cancel_cause(ctx::background());
    auto* watcher = new ctxqt::DoneWatcher(c.context, this);
    QString shown;
    connect(watcher, &ctxqt::DoneWatcher::done, this,
            [&] { shown = QString::fromStdString(ctx::cause(watcher->context()).text()); });
    c.cancel(ctx::error("disk full"));
    QTRY_COMPARE(shown, QString("disk full"));
    delete watcher;
}

void tst_ctxqt::aFutureFinishesWhenTheContextIsDone() {
    world w;
    const auto c = ctx::with_timeout(w.root, 5s);
    QFuture<void> future = ctxqt::doneFuture(c.context);
    w.advance(4999ms);
    QVERIFY(future.isRunning() && !future.isFinished());
    w.advance(1ms);
    QVERIFY(future.isFinished() && !future.isCanceled());
}

void tst_ctxqt::aFutureOfADoneContextIsFinished() {
    const auto c = ctx::with_cancel(ctx::background());
    c.cancel();
    QFuture<void> future = ctxqt::doneFuture(c.context);
    QVERIFY(future.isFinished() && !future.isCanceled());
    const QFuture<void> never = ctxqt::doneFuture(ctx::background());
    QVERIFY(never.isFinished() && never.isCanceled());
}

void tst_ctxqt::aFutureContinuesInTheThreadOfAnObject() {
    const auto c = ctx::with_timeout(ctx::background(), 1ms);
    QThread* where = nullptr;
    ctxqt::doneFuture(c.context).then(this, [&] { where = QThread::currentThread(); });
    QTRY_COMPARE(where, thread());
}

void tst_ctxqt::aFutureOfAContextThatGoesIsCanceled() {
    QFuture<void> future;
    {
        world w;
        const auto c = ctx::with_cancel(w.root);
        future = ctxqt::doneFuture(c.context);
        QVERIFY(!future.isFinished());
    }
    QVERIFY(future.isFinished() && future.isCanceled());
}

void tst_ctxqt::cancellingADoneFutureLeavesTheContext() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    QFuture<void> future = ctxqt::doneFuture(c.context);
    future.cancel();
    w.run();
    QVERIFY(!c.context.err());
    c.cancel();
    w.run();
    QVERIFY(future.isFinished());
}

void tst_ctxqt::cancellingAFutureCancelsAContext() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    QPromise<int> work;
    work.start();
    ctxqt::cancelWith(work.future(), c.cancel, this);
    work.future().cancel();
    QTRY_COMPARE(c.context.err(), ctx::canceled);
    work.finish();
}

void tst_ctxqt::cancellingAFutureEndsTheWorkBehindIt() {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    const auto render = [](const ctx::context& own) {
        own.done().wait();
        return 42;
    };
    QFuture<int> image = QtConcurrent::run(render, c);
    ctxqt::cancelWith(image, cancel, this);
    image.cancel();
    QTRY_VERIFY(image.isFinished());
    QCOMPARE(c.err(), ctx::canceled);
}

void tst_ctxqt::aFutureThatFinishesForgetsItsContext() {
    world w;
    QObject owner;
    QPromise<int> work;
    work.start();
    auto c = std::optional(ctx::with_cancel(w.root));
    ctxqt::cancelWith(work.future(), c->cancel, &owner);
    c.reset();
    QCOMPARE(w.live(), 1L);
    work.finish();
    QTRY_COMPARE(w.live(), 0L);
    QVERIFY(owner.children().isEmpty());
}

void tst_ctxqt::anOwnerThatGoesCutsTheTie() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    QPromise<int> work;
    work.start();
    {
        QObject owner;
        ctxqt::cancelWith(work.future(), c.cancel, &owner);
    }
    work.future().cancel();
    QCoreApplication::processEvents();
    QVERIFY(!c.context.err());
    work.finish();
}

void tst_ctxqt::aCancellableFutureGoesBothWays() {
    world w;
    const auto first = ctx::with_timeout(w.root, 5s), second = ctx::with_timeout(w.root, 5s);
    QFuture<void> cancelled = ctxqt::cancellableFuture(first, this);
    QFuture<void> left = ctxqt::cancellableFuture(second, this);
    cancelled.cancel();
    QTRY_COMPARE(first.context.err(), ctx::canceled);
    w.advance(5s);
    QVERIFY(cancelled.isFinished());
    QVERIFY(left.isFinished() && !left.isCanceled());
    QCOMPARE(second.context.err(), ctx::deadline_exceeded);
}

QTEST_GUILESS_MAIN(tst_ctxqt)
#include "tst_ctxqt.moc"
