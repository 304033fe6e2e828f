// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "world.h"

#include <csignal>
#include <thread>
#include <unistd.h>

/// Contexts that are done when the process gets a signal.
class tst_signal : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
    void namesAreThoseOfGo_data();
    void namesAreThoseOfGo();
};

using namespace test;

namespace {

/// What the process does with a signal while nobody waits for it: counts it.
struct counted_signal {
    explicit counted_signal(int s) : which(s) {
        seen = 0;
        struct sigaction own {};
        own.sa_handler = [](int) { seen = seen + 1; };
        ::sigaction(which, &own, &before);
    }
    ~counted_signal() { ::sigaction(which, &before, nullptr); }
    bool in_force() const {
        seen = 0;
        ::raise(which); // the handler runs before it returns
        return seen == 1;
    }
    static inline volatile std::sig_atomic_t seen = 0;
    const int which;
    struct sigaction before {};
};

void the_first_signal_ends_it() {
    const counted_signal former(SIGUSR1);
    const auto [c, stop] = ctx::notify_context(ctx::background(), {SIGINT, SIGUSR1});
    const ctx::context below = ctx::with_cancel(c).context;
    QVERIFY(!c.err());
    ::raise(SIGUSR1);
    c.done().wait();
    below.done().wait();
    QCOMPARE(c.err(), ctx::canceled);
    QCOMPARE(former.seen, 0);
    stop();
}

void the_cause_names_the_signal_and_matches_canceled() {
    const auto [c, stop] = ctx::notify_context(ctx::background(), {SIGINT});
    ::raise(SIGINT);
    c.done().wait();
    const ctx::error why = ctx::cause(c);
    QCOMPARE(why.text(), std::string("interrupt signal received"));
    QVERIFY(ctx::is(why, ctx::canceled) && why != ctx::canceled);
    QCOMPARE(std::error_code(why), std::errc::operation_canceled);
    stop();
    QCOMPARE(ctx::cause(c), why);
}

void until_stop_further_signals_are_swallowed() {
    const counted_signal former(SIGUSR2);
    const auto [c, stop] = ctx::notify_context(ctx::background(), {SIGUSR2});
    QVERIFY(!former.in_force());
    c.done().wait();
    QVERIFY(!former.in_force());
    stop();
    QVERIFY(former.in_force());
}

void stop_ends_it_and_gives_the_signals_back() {
    const counted_signal one(SIGUSR1), two(SIGUSR2);
    const auto [c, stop] = ctx::notify_context(ctx::background(), {SIGUSR1, SIGUSR2});
    stop();
    QCOMPARE(c.err(), ctx::canceled);
    QCOMPARE(ctx::cause(c), ctx::canceled);
    QVERIFY(one.in_force());
    stop(); // again: nothing
    QVERIFY(two.in_force());
    ctx::notify_stop()();
}

void the_parent_ends_it_but_keeps_the_signals() {
    const counted_signal former(SIGUSR1);
    const ctx::error boom("boom");
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto [c, stop] = ctx::notify_context(parent.context, {SIGUSR1});
    parent.cancel(boom);
    QCOMPARE(ctx::cause(c), boom);
    QVERIFY(!former.in_force());
    stop();
    QVERIFY(former.in_force());
    const auto [born_done, stop_too] = ctx::notify_context(parent.context, {SIGUSR1});
    QCOMPARE(ctx::cause(born_done), boom);
    QVERIFY(!former.in_force());
    stop_too();
    QVERIFY(former.in_force());
}

void several_contexts_wait_for_one_signal() {
    const counted_signal former(SIGUSR1);
    const auto [a, stop_a] = ctx::notify_context(ctx::background(), {SIGUSR1});
    const auto [b, stop_b] = ctx::notify_context(ctx::background(), {SIGUSR1, SIGUSR2});
    const auto [other, stop_other] = ctx::notify_context(ctx::background(), {SIGUSR2});
    ::raise(SIGUSR1);
    a.done().wait();
    b.done().wait();
    QVERIFY(!other.err());
    stop_a();
    QVERIFY(!former.in_force()); // b has it still
    stop_b();
    QVERIFY(former.in_force());
    QVERIFY(!other.err());
    stop_other();
}

void one_that_comes_later_waits_for_the_next_signal() {
    const auto [a, stop_a] = ctx::notify_context(ctx::background(), {SIGUSR1});
    ::raise(SIGUSR1);
    a.done().wait();
    const auto [b, stop_b] = ctx::notify_context(ctx::background(), {SIGUSR1});
    stop_a();
    QVERIFY(!b.err());
    ::raise(SIGUSR1);
    b.done().wait();
    stop_b();
}

void a_signal_from_outside_ends_it() {
    const auto [c, stop] = ctx::notify_context(ctx::background(), {SIGTERM});
    std::jthread other([] {
#ifdef __SANITIZE_THREAD__ // which keeps it back, for ever, from a thread that sleeps in a futex
        ::raise(SIGTERM);
#else
        ::kill(::getpid(), SIGTERM);
#endif
    });
    c.done().wait();
    QCOMPARE(ctx::cause(c).text(), std::string("terminated signal received"));
    stop();
}

void it_carries_values_deadline_and_name() {
    world w;
    const ctx::key<int> number("number");
    const auto parent = ctx::with_timeout(ctx::with_value(w.root, number, 7), 5s);
    const auto plain = ctx::with_value(w.root, number, 7);
    const auto [c, stop] = ctx::notify_context(parent.context, {SIGUSR1});
    QCOMPARE(*c.value(number), 7);
    QCOMPARE(c.deadline(), parent.context.deadline());
    w.advance(5s);
    QCOMPARE(c.err(), ctx::deadline_exceeded);
    stop();
    const auto [d, stop_d] = ctx::notify_context(plain, {SIGINT, SIGTERM, SIGUSR1, SIGHUP});
    QCOMPARE(d.string(), "signal.NotifyContext(" + plain.string() +
                             ", [interrupt terminated user defined signal 1 hangup])");
    QCOMPARE(ctx::with_cancel(d).context.string(), d.string() + ".WithCancel");
    stop_d();
}

void what_nobody_can_wait_for_is_refused() {
    const auto asking = [](int s) {
        return panic_of([s] { (void)ctx::notify_context(ctx::background(), {s}); });
    };
    QCOMPARE(asking(SIGKILL), QString("ctx::notify_context: nobody can wait for signal 9 (killed)"));
    QCOMPARE(asking(SIGSEGV),
             QString("ctx::notify_context: nobody can wait for signal 11 (segmentation fault)"));
    QCOMPARE(asking(0), QString("ctx::notify_context: nobody can wait for signal 0 (signal 0)"));
    QCOMPARE(asking(99), QString("ctx::notify_context: nobody can wait for signal 99 (signal 99)"));
    QCOMPARE(panic_of([] { (void)ctx::notify_context(ctx::background(), {}); }),
             QString("ctx::notify_context: name at least one signal to wait for"));
}

void what_the_system_refuses_is_given_back() {
    const counted_signal former(SIGUSR1);
    // 32 belongs to the threads of the C library, which refuses it.
    QVERIFY_EXCEPTION_THROWN((void)ctx::notify_context(ctx::background(), {SIGUSR1, 32}), std::system_error);
    QVERIFY(former.in_force());
}

} // namespace

void tst_signal::holds_data() {
    rules({
        {"CTX-340 the first signal ends it", the_first_signal_ends_it},
        {"CTX-340 VER-7 the cause names the signal and matches canceled",
         the_cause_names_the_signal_and_matches_canceled},
        {"CTX-340 until stop further signals are swallowed", until_stop_further_signals_are_swallowed},
        {"CTX-340 stop ends it and gives the signals back", stop_ends_it_and_gives_the_signals_back},
        {"CTX-340 the parent ends it but keeps the signals", the_parent_ends_it_but_keeps_the_signals},
        {"CTX-340 several contexts wait for one signal", several_contexts_wait_for_one_signal},
        {"CTX-340 one that comes later waits for the next signal",
         one_that_comes_later_waits_for_the_next_signal},
        {"CTX-340 a signal from outside ends it", a_signal_from_outside_ends_it},
        {"CTX-340 it carries values, deadline and name", it_carries_values_deadline_and_name},
        {"CTX-340 what nobody can wait for is refused", what_nobody_can_wait_for_is_refused},
        {"CTX-340 what the system refuses is given back", what_the_system_refuses_is_given_back},
    });
}

void tst_signal::namesAreThoseOfGo_data() {
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("name");
    QTest::newRow("CTX-340 SIGHUP") << SIGHUP << "hangup";
    QTest::newRow("CTX-340 SIGINT") << SIGINT << "interrupt";
    QTest::newRow("CTX-340 SIGQUIT") << SIGQUIT << "quit";
    QTest::newRow("CTX-340 SIGUSR2") << SIGUSR2 << "user defined signal 2";
    QTest::newRow("CTX-340 SIGTERM") << SIGTERM << "terminated";
    QTest::newRow("CTX-340 SIGSTOP") << SIGSTOP << "stopped (signal)";
    QTest::newRow("CTX-340 SIGSYS") << SIGSYS << "bad system call";
    QTest::newRow("CTX-340 one without a name") << 34 << "signal 34";
    QTest::newRow("CTX-340 none") << 0 << "signal 0";
    QTest::newRow("CTX-340 negative") << -1 << "signal -1";
}

void tst_signal::namesAreThoseOfGo() {
    QFETCH(int, number);
    QFETCH(QString, name);
    QCOMPARE(QString::fromStdString(ctx::signal_name(number)), name);
}

QTEST_APPLESS_MAIN(tst_signal)
#include "tst_signal.moc"
