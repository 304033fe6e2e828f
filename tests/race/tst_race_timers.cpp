// SPDX-License-Identifier: MIT
#include "race.h"

#include <array>
#include <memory>

/// Timers that several threads arm and take back while they fire: each fires once or is disarmed once, and
/// nobody looks at it after that. They are freed at once, so that a sanitizer sees who does.
class tst_race_timers : public QObject {
    Q_OBJECT

  private slots:
    void eachFiresOrIsDisarmed_data();
    void eachFiresOrIsDisarmed() { run_rule(); }
};

using namespace test;

namespace {

/// Changes whenever a timer has fired. Timers may be gone before those who wait for them are woken.
std::atomic<unsigned> changes{0};

struct tally {
    std::atomic<long> armed{0}, fired{0}, disarmed{0}, early{0};
};

class one_shot final : public ctx::detail::timer_entry {
  public:
    one_shot(ctx::clock& on, tally& t, ctx::duration ahead)
        : timer_entry(ctx::saturating_add(on.now(), ahead)), clock_(on), tally_(t) {
        ++tally_.armed;
        clock_.arm(*this, due());
    }
    ~one_shot() override = default;

    /// True: the timer will not fire. False: it is just about to, or has.
    bool disarm() {
        if (!clock_.disarm(*this)) return false;
        ++tally_.disarmed;
        return true;
    }
    /// Waits until it has fired.
    void join() {
        for (;;) {
            const unsigned seen = changes.load();
            if (fired_.load()) return;
            changes.wait(seen);
        }
    }

    /// Takes it back, or waits; then frees it.
    static void finish(std::unique_ptr<one_shot> t) {
        if (t && !t->disarm()) t->join();
    }

  protected:
    void fire() noexcept override {
        if (clock_.now() < due()) ++tally_.early;
        ++tally_.fired;
        fired_.store(true); // from here on its owner may free it
        ++changes;
        changes.notify_all();
    }

  private:
    ctx::clock& clock_;
    tally& tally_;
    std::atomic<bool> fired_{false};
};

void check(const tally& t, long armed) {
    QCOMPARE(t.armed, armed);
    QCOMPARE(t.fired + t.disarmed, armed);
    QCOMPARE(t.early, 0L);
}

/// Each thread arms timers, and takes back those of the others.
void exchange_timers(ctx::clock& clock, tally& t, unsigned seed, int rounds, unsigned farthest_us,
                     std::array<std::atomic<one_shot*>, 64>& shared) {
    std::minstd_rand random(seed);
    for (int i = 0; i < rounds; ++i) {
        auto mine =
            std::make_unique<one_shot>(clock, t, std::chrono::nanoseconds(random() % (farthest_us * 1000)));
        if (i % 16 == 0) {
            mine->join();
            QVERIFY(!mine->disarm());
        } else if (i % 4 == 0) {
            one_shot::finish(std::move(mine));
        } else {
            one_shot::finish(std::unique_ptr<one_shot>(shared[random() % 64].exchange(mine.release())));
        }
    }
}

void timers_are_taken_back_by_other_threads() {
    const auto clock = ctx::real_clock();
    const std::size_t before = clock->pending();
    constexpr int threads = 4, each = scaled(20000);
    for (const unsigned farthest_us : {5u, 100u, 3000u}) {
        tally t;
        std::array<std::atomic<one_shot*>, 64> shared{};
        {
            std::vector<std::jthread> all;
            for (unsigned n = 0; n < threads; ++n)
                all.emplace_back([&, n] {
                    exchange_timers(*clock, t, n + 1, farthest_us == 3000 ? each / 10 : each, farthest_us,
                                    shared);
                });
        }
        for (auto& s : shared) one_shot::finish(std::unique_ptr<one_shot>(s.exchange(nullptr)));
        check(t, threads * long(farthest_us == 3000 ? each / 10 : each));
        QCOMPARE(clock->pending(), before);
    }
}

/// All are due at the same moment, and taken back in that moment, from both ends and out of the middle.
void many_due_at_once_are_taken_back() {
    const auto clock = ctx::real_clock();
    constexpr int many = scaled(5000);
    for (int round = 0; round < 20; ++round) {
        tally t;
        std::vector<std::unique_ptr<one_shot>> all;
        const ctx::time_point due = clock->now() + 2ms;
        for (int i = 0; i < many; ++i)
            all.push_back(std::make_unique<one_shot>(*clock, t, ctx::saturating_sub(due, clock->now())));
        {
            std::vector<std::jthread> threads;
            for (std::size_t n = 0; n < 2; ++n)
                threads.emplace_back([&, n] {
                    while (t.fired == 0 && clock->now() < due + 1s) ctx::detail::yield();
                    for (std::size_t i = n; i < all.size(); i += 2) {
                        const std::size_t at = round % 2 ? i : all.size() - 1 - i;
                        one_shot::finish(std::move(all[at]));
                    }
                });
        }
        check(t, many);
    }
}

void timers_outlive_the_thread_that_armed_them() {
    const auto clock = ctx::real_clock();
    const std::size_t before = clock->pending();
    tally t;
    std::vector<std::unique_ptr<one_shot>> soon, late;
    constexpr int threads = 40; // more than there are cores, one after the other
    for (int n = 0; n < threads; ++n)
        std::jthread([&] {
            soon.push_back(std::make_unique<one_shot>(*clock, t, 1ms));
            late.push_back(std::make_unique<one_shot>(*clock, t, 1h));
        }).join();
    for (auto& one : soon) one->join();
    QCOMPARE(t.fired, long(threads));
    QCOMPARE(clock->pending(), before + threads);
    for (auto& one : late) QVERIFY(one->disarm());
    check(t, 2 * threads);
    QCOMPARE(clock->pending(), before);
}

/// A thread that is just going to sleep for longer must not miss a timer that is due earlier.
void a_nearer_timer_is_never_missed() {
    const auto clock = ctx::real_clock();
    tally t;
    const auto actor = [&] {
        one_shot near(*clock, t, 3us);
        near.join();
    };
    std::unique_ptr<one_shot> far;
    race(
        scaled(5000), [&] { far = std::make_unique<one_shot>(*clock, t, 1h); }, {actor, actor},
        [&] { QVERIFY(far->disarm()); });
    check(t, 3 * long(scaled(5000)));
}

void virtual_timers_are_taken_back_while_time_goes_on() {
    ctx::virtual_clock clock;
    tally t;
    constexpr int threads = 2, each = scaled(20000);
    std::atomic<int> running{threads};
    std::array<std::atomic<one_shot*>, 64> shared{};
    {
        std::vector<std::jthread> all;
        for (unsigned n = 0; n < threads; ++n)
            all.emplace_back([&, n] {
                exchange_timers(clock, t, n + 1, each, 20, shared);
                --running;
            });
        while (running > 0) {
            clock.advance(1us);
            ctx::detail::yield();
        }
    }
    for (auto& s : shared) one_shot::finish(std::unique_ptr<one_shot>(s.exchange(nullptr)));
    check(t, threads * long(each));
    QCOMPARE(clock.pending(), 0u);
}

} // namespace

void tst_race_timers::eachFiresOrIsDisarmed_data() {
    rules({
        {"CHN-041 CHN-044 timers are taken back by other threads", timers_are_taken_back_by_other_threads},
        {"CHN-041 many due at once are taken back", many_due_at_once_are_taken_back},
        {"CTX-088 timers outlive the thread that armed them", timers_outlive_the_thread_that_armed_them},
        {"CHN-044 a nearer timer is never missed", a_nearer_timer_is_never_missed},
        {"CHN-041 CHN-044 virtual timers are taken back while time goes on",
         virtual_timers_are_taken_back_while_time_goes_on},
    });
}

QTEST_APPLESS_MAIN(tst_race_timers)
#include "tst_race_timers.moc"
