// SPDX-License-Identifier: MIT
#include "explore/instruments.h"
#include "explore/search.h"

#include <QTest>

#include <random>
#include <set>

using namespace explore;

/// What the explorer runs: each order that matters, and none twice.
class tst_explore_search : public QObject {
    Q_OBJECT

  private slots:
    void noMoreRunsThanOrdersThatMatter_data();
    void noMoreRunsThanOrdersThatMatter();
    void nothingIsLeftOut_data();
    void nothingIsLeftOut();
    void aBoundOnPreemptionsHoldsBackWhatNeedsMore();
};

using body = void (*)();
Q_DECLARE_METATYPE(body)

namespace {

/// Threads that each change the same thing, or things of their own, some times.
template <int Threads, int Times, bool Same>
void changes() {
    explore::atomic<int> n[Threads];
    std::vector<std::function<void()>> all;
    for (int t = 0; t < Threads; ++t)
        all.push_back([&n, t] {
            for (int i = 0; i < Times; ++i) n[Same ? 0 : t].fetch_add(1);
        });
    together(std::move(all));
}

void reads() {
    explore::atomic<int> n{0};
    const auto read = [&] { n.load(); };
    together({read, read, read});
}

void sections() {
    explore::mutex m;
    const auto enter = [&] { const std::lock_guard lock(m); };
    together({enter, enter, enter});
}

} // namespace

void tst_explore_search::noMoreRunsThanOrdersThatMatter_data() {
    QTest::addColumn<body>("program");
    QTest::addColumn<int>("runs");
    QTest::newRow("3 threads that only read") << &reads << 1;
    QTest::newRow("3 threads with nothing in common") << &changes<3, 3, false> << 1;
    QTest::newRow("2 threads change a thing twice each") << &changes<2, 2, true> << 6;     // 4! / (2! 2!)
    QTest::newRow("3 threads change a thing twice each") << &changes<3, 2, true> << 90;    // 6! / (2! 2! 2!)
    QTest::newRow("2 threads change a thing 6 times each") << &changes<2, 6, true> << 924; // 12! / (6! 6!)
    QTest::newRow("3 threads enter a section") << &sections << 6;
}

void tst_explore_search::noMoreRunsThanOrdersThatMatter() {
    QFETCH(const body, program);
    QFETCH(const int, runs);
    const report r = every_order(program);
    QVERIFY(r.complete);
    QCOMPARE(r.runs, static_cast<std::size_t>(runs));
}

namespace {

/// A random program over a few atomics and locks, and the ends it can come to.
class random_program {
  public:
    /// `waits`: some threads wait to be woken, perhaps for ever.
    random_program(unsigned seed, bool waits) {
        std::minstd_rand numbers(seed);
        const auto random = [&] { return static_cast<unsigned>(numbers()); };
        threads_.resize(2 + random() % 2);
        for (auto& t : threads_)
            for (unsigned n = threads_.size() == 2 ? 2 + random() % 3 : 1 + random() % 3 / 2; n > 0; --n)
                t.push_back({random() % (waits ? 8 : 6), random() % 2, random() % 3});
    }

    using ends = std::set<std::vector<int>>;
    /// What the variables hold, and the threads saw, at the end of every run; nothing if there is a deadlock.
    ends all(const limits& within) const {
        ends found;
        if (every_order([&] { run(found); }, within).failed) found.clear();
        return found;
    }

  private:
    struct instruction {
        unsigned what, object, value;
    };

    void run(ends& found) const {
        explore::atomic<int> variables[2];
        explore::mutex locks[2];
        std::vector<std::vector<int>> seen(threads_.size());
        std::vector<std::function<void()>> bodies;
        for (std::size_t t = 0; t < threads_.size(); ++t)
            bodies.push_back([&, t] {
                for (const instruction& i : threads_[t])
                    step(i, variables[i.object], locks[i.object], seen[t]);
            });
        together(std::move(bodies));
        const arena::use outside(false);
        std::vector<int> end{variables[0].load(), variables[1].load()};
        for (const auto& s : seen) end.insert(end.end(), s.begin(), s.end());
        found.insert(end);
    }

    static void step(const instruction& i, explore::atomic<int>& v, explore::mutex& m,
                     std::vector<int>& seen) {
        const int value = static_cast<int>(i.value);
        int expected = value;
        switch (i.what) {
        case 0:
            seen.push_back(v.load());
            break;
        case 1:
            v.store(value + 1);
            break;
        case 2:
            seen.push_back(v.fetch_add(value + 1));
            break;
        case 3:
            seen.push_back(v.compare_exchange_strong(expected, 5));
            break;
        case 4: {
            const std::lock_guard lock(m);
            seen.push_back(v.exchange(7));
            break;
        }
        case 5:
            v.notify_all();
            break;
        case 6:
            v.notify_one();
            break;
        default:
            v.wait(0);
            break;
        }
    }

    std::vector<std::vector<instruction>> threads_;
};

} // namespace

void tst_explore_search::nothingIsLeftOut_data() {
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("waits");
    for (unsigned seed = 1; seed <= 150; ++seed) {
        QTest::addRow("random program %u", seed) << seed << false;
        QTest::addRow("random program %u with waits", seed) << seed << true;
    }
}

void tst_explore_search::nothingIsLeftOut() {
    QFETCH(const unsigned, seed);
    QFETCH(const bool, waits);
    const random_program p(seed, waits);
    const auto every = p.all({.reduced = false});
    QVERIFY(waits || !every.empty());
    QCOMPARE(p.all({}), every);
    for (const int preemptions : {0, 1, 2})
        QCOMPARE(p.all({.preemptions = preemptions}), p.all({.preemptions = preemptions, .reduced = false}));
}

void tst_explore_search::aBoundOnPreemptionsHoldsBackWhatNeedsMore() {
    // Both have to be interrupted once.
    const auto program = [] {
        explore::atomic<int> a{0}, b{0};
        int seen = 0;
        together({[&] {
                      a.store(1);
                      a.store(0);
                      if (b.load() == 1) ++seen;
                  },
                  [&] {
                      b.store(1);
                      if (a.load() == 1) ++seen;
                      b.store(0);
                  }});
        check(seen < 2, "both saw the other in the middle");
    };
    QVERIFY(!every_order(program, {.preemptions = 1}).failed);
    QVERIFY(every_order(program, {.preemptions = 2}).failed);
    QVERIFY(every_order(program).failed);
}

QTEST_APPLESS_MAIN(tst_explore_search)
#include "tst_explore_search.moc"
