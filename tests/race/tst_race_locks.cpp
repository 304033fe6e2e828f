// SPDX-License-Identifier: MIT
#include "race.h"

#include "ctx/detail/biased_mutex.h"

#include <atomic>
#include <mutex>

/// Locks that threads take against each other, as they are: where the system can stop all threads, this runs
/// the way without fences, which no tool sees.
class tst_race_locks : public QObject {
    Q_OBJECT

  private slots:
    void keepOthersOut_data();
    void keepOthersOut() { run_rule(); }
};

using namespace test;

namespace {

struct guarded {
    ctx::detail::biased_mutex lock;
    // Equal, but for whoever is in.
    long first = 0, second = 0;

    void enter() {
        const std::lock_guard held(lock);
        if (first != second) torn.store(true);
        ++first;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        ++second;
    }
    std::atomic<bool> torn{false};
};

/// One thread all the time, others now and then, with longer and longer breaks and then none at all.
void a_favourite_is_disturbed(int others) {
    guarded g;
    std::atomic<long> entries{0};
    std::atomic<int> running{others};
    {
        std::vector<std::jthread> threads;
        threads.emplace_back([&] {
            long n = 0;
            for (; running.load(std::memory_order_relaxed) > 0; ++n) g.enter();
            entries += n;
        });
        for (int o = 0; o < others; ++o) {
            threads.emplace_back([&, o] {
                std::minstd_rand random(static_cast<unsigned>(o + 1));
                const int rounds = scaled(20'000);
                for (int i = 0; i < rounds; ++i) {
                    g.enter();
                    const unsigned longest = i < rounds / 2 ? 20'000 : 1;
                    for (unsigned spin = random() % longest; spin > 0; --spin)
                        std::atomic_signal_fence(std::memory_order_seq_cst);
                }
                entries += rounds;
                --running;
            });
        }
    }
    QVERIFY(!g.torn.load());
    QCOMPARE(g.first, entries.load());
    QCOMPARE(g.second, entries.load());
}

void by_one_other() {
    a_favourite_is_disturbed(1);
}
void by_three_others() {
    a_favourite_is_disturbed(3);
}

/// Whoever is out of it for the last time touches it no more: a sanitizer would see it.
void it_goes_with_what_it_guards() {
    struct shared : guarded {
        int owners = 2;
        bool leave() {
            const std::lock_guard held(lock);
            return --owners == 0;
        }
    };
    shared* s = nullptr;
    const auto leave = [&] {
        shared* const mine = s;
        if (mine->leave()) delete mine;
    };
    race(
        scaled(2'000), [&] { s = new shared; },
        {[&] {
             for (int i = 0; i < 2 * ctx::detail::first_patience; ++i) s->enter();
             leave();
         },
         [&] {
             s->enter();
             leave();
         }},
        [] {});
}

} // namespace

void tst_race_locks::keepOthersOut_data() {
    rules({
        {"a favourite is disturbed by one other", by_one_other},
        {"a favourite is disturbed by three others", by_three_others},
        {"it goes with what it guards", it_goes_with_what_it_guards},
    });
}

QTEST_GUILESS_MAIN(tst_race_locks)
#include "tst_race_locks.moc"
