// SPDX-License-Identifier: MIT
#include <QTest>

#include "ctx/ctx.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

/// The clock of the machine: where its timers fire, in which order, and when its thread sleeps.
class tst_real_clock : public QObject {
    Q_OBJECT

  private slots:
    void firesInAThreadOfItsOwn();
    void firesWhatIsDueInOrder();
    void sleepsWhileTimersComeAndGo();
};

using namespace std::chrono_literals;

namespace {

/// Writes its number and the time into a list, and does what else it was told.
struct entry : ctx::detail::timer_entry {
    struct firing {
        int number;
        ctx::time_point when;
        bool operator==(const firing&) const = default;
    };
    using list = std::vector<firing>;

    entry(int n, const ctx::clock& on, list& to, std::function<void()> f = {})
        : number(n), clock(on), fired(to), also(std::move(f)) {}
    ~entry() override = default;
    using timer_entry::due;

    const int number;
    const ctx::clock& clock;
    list& fired;
    std::function<void()> also;

  protected:
    void fire() noexcept override {
        fired.push_back({number, clock.now()});
        if (also) also();
    }
};

} // namespace

void tst_real_clock::firesInAThreadOfItsOwn() {
    const auto clock = ctx::real_clock();
    QCOMPARE(ctx::real_clock(), clock);
    const ctx::chan<std::thread::id> fired(1);
    entry::list list;
    entry e(1, *clock, list, [&] { fired.send(std::this_thread::get_id()); });
    const ctx::time_point due = clock->now() + 2ms;
    clock->arm(e, due);
    const auto where = fired.receive();
    QVERIFY(where && *where != std::this_thread::get_id());
    QVERIFY(clock->now() >= due);
    QVERIFY(list.size() == 1 && list.front().when >= due);
    QVERIFY(!clock->disarm(e));
    clock->arm(e, ctx::time_point::max());
    QVERIFY(clock->disarm(e));
    QVERIFY(clock->local_zone());
}

/// While the timer thread is held, three threads arm what is due by the time it goes on.
void tst_real_clock::firesWhatIsDueInOrder() {
    const auto clock = ctx::real_clock();
    const ctx::chan<ctx::empty> held(0), go_on(0), over(0);
    entry::list fired, expected;
    entry gate(-1, *clock, fired, [&] {
        held.close();
        go_on.receive();
    });
    clock->arm(gate, clock->now());
    held.receive();
    const ctx::time_point begin = clock->now();

    constexpr int each = 500, span = 300; // nanoseconds: some are due at the same time
    std::vector<std::vector<std::unique_ptr<entry>>> all(3);
    for (int n = 0; n < 3; ++n)
        std::jthread([&] {
            std::mt19937 random(static_cast<unsigned>(n));
            auto& mine = all[static_cast<std::size_t>(n)];
            for (int i = 0; i < each; ++i) {
                mine.push_back(std::make_unique<entry>(n * each + i, *clock, fired));
                // No two threads share a time.
                clock->arm(*mine.back(), begin + std::chrono::nanoseconds(1 + n + 3 * (random() % span)));
            }
        }).join();
    entry last(-2, *clock, fired, [&] { over.close(); });
    clock->arm(last, begin + 1us);
    for (const auto& mine : all)
        for (const auto& e : mine) expected.push_back({e->number, e->due()});
    while (clock->now() <= begin + 1us) std::this_thread::yield();
    go_on.close();
    over.receive();

    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.when < b.when; });
    QCOMPARE(fired.size(), expected.size() + 2);
    QCOMPARE(fired.front().number, -1);
    QCOMPARE(fired.back().number, -2);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        QCOMPARE(fired[i + 1].number, expected[i].number);
        QVERIFY(fired[i + 1].when >= expected[i].when);
    }
}

/// How often the timer thread has gone to sleep is the kernel's to tell.
void tst_real_clock::sleepsWhileTimersComeAndGo() {
#ifdef __linux__
    const auto clock = ctx::real_clock();
    const auto naps = [&] {
        entry::list list;
        const ctx::chan<long> told(1);
        entry e(1, *clock, list, [&] {
            std::ifstream status("/proc/thread-self/status");
            long n = -1;
            for (std::string word; status >> word;)
                if (word == "voluntary_ctxt_switches:") status >> n;
            told.send(n);
        });
        clock->arm(e, clock->now() + 1ms);
        return told.receive().value_or(-1);
    };
    const long before = naps();
    QVERIFY(before >= 0);
    entry::list list;
    std::vector<std::unique_ptr<entry>> far;
    for (int i = 0; i < 10000; ++i) {
        far.push_back(std::make_unique<entry>(i, *clock, list));
        clock->arm(*far.back(), clock->now() + 1h);
    }
    entry e(1, *clock, list);
    for (int i = 0; i < 300000; ++i) {
        clock->arm(e, clock->now() + 30min);
        QVERIFY(clock->disarm(e));
    }
    // It woke for the first of each kind and for both looks, and perhaps had to wait for a lock sometimes.
    const long after = naps();
    QVERIFY2(after - before <= 100, qPrintable(QString::number(after - before)));
    for (const auto& f : far) QVERIFY(clock->disarm(*f));
    QVERIFY(list.empty());
#else
    QSKIP("there is no /proc to ask");
#endif
}

QTEST_APPLESS_MAIN(tst_real_clock)
#include "tst_real_clock.moc"
