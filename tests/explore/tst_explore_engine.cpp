// SPDX-License-Identifier: MIT
#include "explore/instruments.h"
#include "explore/search.h"

#include <QTest>

#include <set>

using namespace explore;

/// The explorer itself: finds the faults it is there for, finds none where there is none, and leaves nothing
/// out.
class tst_explore_engine : public QObject {
    Q_OBJECT

  private slots:
    void faultsAreFound_data();
    void faultsAreFound();
    void soundProgramsPass_data();
    void soundProgramsPass();
    void theMemoryOfARunIsAlwaysAtTheSamePlace();
};

using body = void (*)();
Q_DECLARE_METATYPE(body)

namespace {

void an_update_is_lost() {
    explore::atomic<int> n{0};
    const auto increment = [&] { n.store(n.load() + 1); };
    together({increment, increment});
    check(n.load() == 2, "an update was lost");
}

void no_update_is_lost() {
    explore::atomic<int> n{0};
    const auto increment = [&] { n.fetch_add(1); };
    together({increment, increment, increment});
    check(n.load() == 3, "an update was lost");
}

void locks_are_taken_in_both_orders() {
    explore::mutex a, b;
    const auto take = [](explore::mutex& first, explore::mutex& second) {
        const std::lock_guard one(first);
        const std::lock_guard two(second);
    };
    together({[&] { take(a, b); }, [&] { take(b, a); }});
}

void locks_are_taken_in_one_order() {
    explore::mutex a, b;
    const auto take = [&] {
        const std::lock_guard one(a);
        const std::lock_guard two(b);
    };
    together({take, take, take});
}

void a_notification_is_forgotten() {
    explore::atomic<int> ready{0};
    together({[&] { ready.wait(0); }, [&] { ready.store(1); }});
}

void a_notification_comes_too_early() {
    explore::atomic<int> ready{0};
    together({[&] { ready.wait(0); },
              [&] {
                  ready.notify_one();
                  ready.store(1);
              }});
}

void one_of_two_is_notified() {
    explore::atomic<int> ready{0};
    together({[&] { ready.wait(0); }, [&] { ready.wait(0); },
              [&] {
                  ready.store(1);
                  ready.notify_one();
              }});
}

void both_are_notified() {
    explore::atomic<int> ready{0};
    together({[&] { ready.wait(0); }, [&] { ready.wait(0); },
              [&] {
                  ready.store(1);
                  ready.notify_all();
              }});
}

struct counted {
    explore::atomic<int> refs{1};
    int held = 7;
};

void the_count_is_given_up_before_the_last_use() {
    auto* c = new counted{.refs = 2};
    const auto use = [c] {
        const bool last = c->refs.fetch_sub(1) == 1;
        c->refs.load();
        if (last) delete c;
    };
    together({use, use});
}

void the_last_one_deletes_it() {
    auto* c = new counted{.refs = 2};
    const auto use = [c] {
        if (c->refs.fetch_sub(1) == 1) delete c;
    };
    together({use, use});
}

void two_think_they_are_the_last() {
    auto* c = new counted{.refs = 2};
    const auto use = [c] {
        c->refs.fetch_sub(1);
        if (c->refs.load() == 0) delete c;
    };
    together({use, use});
}

void nobody_thinks_he_is_the_last() {
    auto* c = new counted{.refs = 2};
    const auto use = [c] {
        const int refs = c->refs.load();
        if (refs == 1)
            delete c;
        else
            c->refs.store(refs - 1);
    };
    together({use, use});
}

void something_freed_is_written_to() {
    auto* c = new counted;
    explore::atomic<bool> gone{false};
    together({[&] {
                  delete c;
                  gone.store(true);
              },
              [&] {
                  if (gone.load()) c->held = 1;
              }});
}

void the_waker_comes_too_late() {
    // The waiter's flag is on its stack, and it may go when it is set.
    explore::atomic<explore::atomic<int>*> place{nullptr};
    together({[&] {
                  explore::atomic<int> awake{0};
                  place.store(&awake);
                  while (awake.load() == 0) ctx::detail::yield();
              },
              [&] {
                  while (!place.load()) ctx::detail::yield();
                  place.load()->store(1);
                  place.load()->notify_one();
              }});
}

void a_thread_waits_for_what_never_comes() {
    explore::atomic<int> n{0};
    together({[&] {
                  while (n.load() < 2) ctx::detail::yield();
              },
              [&] { n.store(1); }});
}

void a_thread_waits_by_looking() {
    explore::atomic<int> n{0};
    together({[&] {
                  while (n.load() < 2) ctx::detail::yield();
              },
              [&] {
                  n.store(1);
                  n.store(2);
              }});
}

void two_threads_undo_each_other_for_ever() {
    explore::atomic<int> n{0};
    together({[&] {
        while (n.load() != 2) n.store(0);
    }});
}

void a_spawned_thread_counts() {
    explore::atomic<int> n{0};
    together({[&] {
                  n.store(1);
                  engine::instance().spawn([&] { n.fetch_add(1); });
              },
              [&] { n.fetch_add(1); }});
    check(n.load() == 3, "the store came too late");
}

} // namespace

void tst_explore_engine::faultsAreFound_data() {
    QTest::addColumn<body>("program");
    QTest::addColumn<QString>("fault");
    QTest::newRow("a lost update") << &an_update_is_lost << "an update was lost";
    QTest::newRow("a deadlock of two locks") << &locks_are_taken_in_both_orders << "deadlock";
    QTest::newRow("a forgotten notification") << &a_notification_is_forgotten << "deadlock";
    QTest::newRow("a notification before the change") << &a_notification_comes_too_early << "deadlock";
    QTest::newRow("one notification for two") << &one_of_two_is_notified << "deadlock";
    QTest::newRow("a use after the last reference")
        << &the_count_is_given_up_before_the_last_use << "use after";
    QTest::newRow("a block freed twice") << &two_think_they_are_the_last << "use after";
    QTest::newRow("a block never freed") << &nobody_thinks_he_is_the_last << "never freed";
    QTest::newRow("a write to freed memory") << &something_freed_is_written_to << "written to";
    QTest::newRow("a wake-up of a waiter that has left") << &the_waker_comes_too_late << "use after";
    QTest::newRow("a wait for what never comes") << &a_thread_waits_for_what_never_comes << "deadlock";
    QTest::newRow("a loop without end") << &two_threads_undo_each_other_for_ever << "no end";
    QTest::newRow("an update lost to a thread of a thread") << &a_spawned_thread_counts << "too late";
}

void tst_explore_engine::faultsAreFound() {
    QFETCH(const body, program);
    QFETCH(const QString, fault);
    for (const limits& within : {limits{}, limits{.preemptions = 2}, limits{.reduced = false}}) {
        const report r = every_order(program, within);
        QVERIFY(r.failed);
        QVERIFY2(QString::fromStdString(r.failed->what).contains(fault), r.failed->what.c_str());
        const report again = replay(program, r.failed->schedule);
        QVERIFY(again.failed);
        QCOMPARE(QString::fromStdString(again.failed->what), QString::fromStdString(r.failed->what));
        QCOMPARE(again.failed->story, r.failed->story);
    }
}

void tst_explore_engine::soundProgramsPass_data() {
    QTest::addColumn<body>("program");
    QTest::newRow("updates in one step") << &no_update_is_lost;
    QTest::newRow("locks in one order") << &locks_are_taken_in_one_order;
    QTest::newRow("a notification for all") << &both_are_notified;
    QTest::newRow("a reference count") << &the_last_one_deletes_it;
    QTest::newRow("a wait by looking") << &a_thread_waits_by_looking;
}

void tst_explore_engine::soundProgramsPass() {
    QFETCH(const body, program);
    for (const limits& within : {limits{}, limits{.preemptions = 2}, limits{.reduced = false}}) {
        const report r = every_order(program, within);
        QVERIFY2(!r.failed, r.failed ? (r.failed->what + '\n' + r.failed->story).c_str() : "");
        QVERIFY(r.complete);
    }
}

void tst_explore_engine::theMemoryOfARunIsAlwaysAtTheSamePlace() {
    std::set<const void*> places;
    const report r = every_order([&] {
        explore::atomic<int> turn{0};
        const auto take = [&] {
            turn.fetch_add(1);
            const auto block = std::make_unique<int>(1);
            const arena::use outside(false);
            places.insert(block.get());
        };
        together({take, take});
    });
    QCOMPARE(r.runs, 2u);
    QCOMPARE(places.size(), 2u);
}

QTEST_APPLESS_MAIN(tst_explore_engine)
#include "tst_explore_engine.moc"
