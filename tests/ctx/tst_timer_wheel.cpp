// SPDX-License-Identifier: MIT
#include "rules.h"

#include "ctx/detail/timer_wheel.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <vector>

/// The wheels of the real clock, driven by hand: against a sorted list, and at the ends of their range.
class tst_timer_wheel : public QObject {
    Q_OBJECT

  private slots:
    void agreesWithASortedList_data();
    void agreesWithASortedList();
    void neverEarlyAtAnyDistance_data();
    void neverEarlyAtAnyDistance();
    void keepsOrder_data();
    void keepsOrder() { run_rule(); }
};

using namespace std::chrono_literals;
using ctx::detail::timer_wheel;

namespace {

using rep = ctx::duration::rep;
constexpr rep smallest = std::numeric_limits<rep>::min();
constexpr rep largest = std::numeric_limits<rep>::max();

ctx::time_point at(rep ns) {
    return ctx::time_point(ctx::duration(ns));
}

struct entry final : ctx::detail::timer_entry {
    entry() = default;
    explicit entry(ctx::time_point t) : timer_entry(t) {}
    ~entry() override = default;
    using timer_entry::due;

  protected:
    void fire() noexcept override {}
};

/// Takes one by one what is due.
std::vector<const ctx::detail::timer_entry*> all_due(timer_wheel& wheel, ctx::time_point now) {
    std::vector<const ctx::detail::timer_entry*> taken;
    while (const auto* e = wheel.take_due(now)) taken.push_back(e);
    return taken;
}

/// A wheel, and beside it a sorted list that is given the same to do.
class pair_of_both {
  public:
    pair_of_both(ctx::time_point from, unsigned seed) : wheel_(from), now_(from), random_(seed) {}

    ctx::time_point now() const { return now_; }
    std::mt19937_64& random() { return random_; }

    void arm(ctx::time_point due) {
        if (unused_.empty()) {
            made_.push_back({std::make_unique<entry>(), {}, 0});
            unused_.push_back(made_.size() - 1);
        }
        const std::size_t n = unused_.back();
        unused_.pop_back();
        one& o = made_[n];
        wheel_.arm(*o.timer, due);
        QCOMPARE(o.timer->due(), due);
        o.in_list = list_.emplace(std::max(due, wheel_.reached()), n);
        o.place = armed_.size();
        armed_.push_back(n);
    }

    void disarm_any() {
        if (armed_.empty()) return;
        const std::size_t n = armed_[random_() % armed_.size()];
        QVERIFY(wheel_.disarm(*made_[n].timer));
        QVERIFY(!wheel_.disarm(*made_[n].timer));
        forget(n);
        maybe_stale_ = true;
    }

    /// Moves on, and takes out at most `limit` of what is due.
    void go_to(ctx::time_point t, std::size_t limit) {
        now_ = std::max(now_, t);
        for (; limit > 0; --limit) {
            const auto* e = wheel_.take_due(now_);
            if (list_.empty() || list_.begin()->first > now_) {
                QVERIFY(!e);
                return;
            }
            const std::size_t n = list_.begin()->second;
            QVERIFY2(e == made_[n].timer.get(), "another one is due first");
            QVERIFY(!wheel_.disarm(*made_[n].timer));
            forget(n);
        }
    }

    void compare() const {
        QCOMPARE(wheel_.size(), list_.size());
        QVERIFY(wheel_.reached() <= now_);
        const auto first = wheel_.earliest();
        QCOMPARE(first.has_value(), !list_.empty());
        if (!first) return;
        QVERIFY(*first <= list_.begin()->first);
        if (!maybe_stale_) QCOMPARE(*first, list_.begin()->first);
    }

    std::optional<ctx::time_point> next() const { return wheel_.earliest(); }
    std::size_t size() const { return list_.size(); }

  private:
    struct one {
        std::unique_ptr<entry> timer;
        std::multimap<ctx::time_point, std::size_t>::iterator in_list;
        std::size_t place; // in armed_
    };

    void forget(std::size_t n) {
        list_.erase(made_[n].in_list);
        const std::size_t place = made_[n].place;
        armed_[place] = armed_.back();
        made_[armed_[place]].place = place;
        armed_.pop_back();
        unused_.push_back(n);
    }

    timer_wheel wheel_;
    ctx::time_point now_;
    std::mt19937_64 random_;
    std::vector<one> made_;
    std::vector<std::size_t> unused_, armed_;
    std::multimap<ctx::time_point, std::size_t> list_; // of equal times in order of insertion
    bool maybe_stale_ = false;                         // something was disarmed
};

/// How far ahead timers are set, and steps are made.
struct distances {
    rep from;            // where time begins
    unsigned least_bits; // a distance has at least so many binary digits, and at most
    unsigned most_bits;
    unsigned past_percent; // of the timers are due already
    unsigned disarm_percent;
    unsigned step_bits;
};

} // namespace

Q_DECLARE_METATYPE(distances)

void tst_timer_wheel::agreesWithASortedList_data() {
    QTest::addColumn<distances>("d");
    QTest::addColumn<int>("operations");
    const auto row = [](const char* tag, distances d) { QTest::newRow(tag) << d << scaled(100000); };
    row("a few nanoseconds, many ties", {0, 1, 3, 0, 20, 3});
    row("microseconds", {123456789, 1, 12, 5, 30, 10});
    row("microseconds to seconds, mostly disarmed", {987654321987, 10, 30, 1, 45, 24});
    row("all within a minute, none disarmed", {55, 1, 36, 0, 0, 30});
    row("an hour ahead, small steps", {987654321987654, 41, 42, 0, 48, 20});
    row("nanoseconds to centuries", {-5, 1, 62, 1, 40, 30});
    row("nanoseconds to centuries in large steps", {-5, 1, 62, 1, 40, 58});
    row("from the beginning of time", {smallest, 1, 62, 0, 40, 50});
    row("near the end of time", {largest - 1000000, 1, 25, 1, 40, 4});
    row("much is due already", {1, 1, 20, 50, 10, 10});
}

void tst_timer_wheel::agreesWithASortedList() {
    QFETCH(const distances, d);
    QFETCH(const int, operations);
    pair_of_both both(at(d.from), 1);
    auto& random = both.random();
    const auto distance = [&](unsigned least, unsigned most) {
        const unsigned bits = least + static_cast<unsigned>(random() % (most - least + 1));
        return ctx::duration(static_cast<rep>(random() >> (64 - bits)));
    };
    for (int i = 0; i < operations && !QTest::currentTestFailed(); ++i) {
        const auto dice = static_cast<unsigned>(random() % 100);
        if (dice < d.disarm_percent) {
            both.disarm_any();
        } else if (dice < d.disarm_percent + 5) {
            both.go_to(ctx::saturating_add(both.now(), distance(1, d.step_bits)), 1 + random() % 50);
        } else if (dice < d.disarm_percent + 7 && both.next()) {
            both.go_to(*both.next(), operations);
        } else {
            const bool past = random() % 100 < d.past_percent;
            const ctx::duration far = distance(d.least_bits, d.most_bits);
            both.arm(ctx::saturating_add(both.now(), past ? -far : far));
        }
        both.compare();
    }
    both.go_to(ctx::time_point::max(), std::numeric_limits<std::size_t>::max());
    both.compare();
    QCOMPARE(both.size(), 0u);
}

void tst_timer_wheel::neverEarlyAtAnyDistance_data() {
    QTest::addColumn<qint64>("from");
    QTest::newRow("from the beginning of time") << qint64(smallest);
    QTest::newRow("from below a carry of all digits") << qint64(-1);
    QTest::newRow("from zero") << qint64(0);
    QTest::newRow("from some time") << qint64(0x123456789ABCDEF);
}

void tst_timer_wheel::neverEarlyAtAnyDistance() {
    QFETCH(const qint64, from);
    for (unsigned bit = 0; bit < 63; ++bit) {
        for (const rep off : {-1, 0, 1}) {
            const ctx::time_point due = ctx::saturating_add(at(from), ctx::duration((rep{1} << bit) + off));
            if (due == at(from)) continue;
            timer_wheel wheel(at(from));
            entry e, later, gone;
            wheel.arm(later, ctx::time_point::max());
            wheel.arm(e, due);
            wheel.arm(gone, due - 1ns);
            QVERIFY(wheel.disarm(gone));
            QVERIFY(wheel.earliest() >= due - 1ns);
            QVERIFY(!wheel.take_due(due - 1ns));
            QCOMPARE(wheel.earliest(), due); // it has told once of the one that is gone
            QCOMPARE(wheel.take_due(due), &e);
            QVERIFY(due == ctx::time_point::max() || !wheel.take_due(ctx::time_point::max() - 1ns));
            QCOMPARE(wheel.take_due(ctx::time_point::max()), &later);
            QCOMPARE(wheel.size(), 0u);
            QVERIFY(!wheel.earliest());
        }
    }
}

namespace {

void it_knows_its_time_before_it_is_armed() {
    const entry e(at(5));
    QCOMPARE(e.due(), at(5));
    QCOMPARE(entry().due(), at(0));
}

void what_was_never_armed_is_not_disarmed() {
    timer_wheel wheel;
    entry e;
    QVERIFY(!wheel.disarm(e));
    QVERIFY(!wheel.earliest());
    QVERIFY(!wheel.take_due(ctx::time_point::max()));
}

/// Armed from nearer and nearer, so that each comes to the slot of the others from another level.
void ties_come_in_order_of_arming_whenever_they_were_armed() {
    timer_wheel wheel(at(0));
    const ctx::time_point due = at(1'000'000'007);
    std::vector<std::unique_ptr<entry>> ties, steps;
    std::vector<const ctx::detail::timer_entry*> expected;
    for (rep ahead = 1'000'000'007; ahead > 0; ahead /= 3) {
        steps.push_back(std::make_unique<entry>());
        wheel.arm(*steps.back(), due - ctx::duration(ahead));
        QCOMPARE(wheel.take_due(due - ctx::duration(ahead)), steps.back().get());
        for (int i = 0; i < 3; ++i) {
            ties.push_back(std::make_unique<entry>());
            expected.push_back(ties.back().get());
            wheel.arm(*ties.back(), due);
        }
    }
    QVERIFY(!wheel.take_due(due - 1ns));
    QVERIFY(all_due(wheel, due) == expected);
}

void what_is_due_already_follows_what_else_is() {
    timer_wheel wheel(at(0));
    entry first, second, third, later;
    wheel.arm(first, at(10));
    wheel.arm(second, at(10));
    wheel.arm(later, at(11));
    QCOMPARE(wheel.take_due(at(10)), &first);
    wheel.arm(third, at(3));
    QCOMPARE(wheel.earliest(), at(10));
    QVERIFY(
        (all_due(wheel, at(11)) == std::vector<const ctx::detail::timer_entry*>{&second, &third, &later}));
}

void ties_are_taken_before_what_is_armed_while_they_are() {
    timer_wheel wheel(at(0));
    entry ties[3], again, soon, later;
    for (entry& e : ties) wheel.arm(e, at(1'000'000));
    wheel.arm(later, at(3'000'000));
    QCOMPARE(wheel.take_due(at(2'000'000)), &ties[0]);
    QCOMPARE(wheel.reached(), at(1'000'000));
    wheel.arm(again, at(1'000'000));
    wheel.arm(soon, at(1'000'001));
    QCOMPARE(wheel.earliest(), at(1'000'000));
    QVERIFY(wheel.disarm(ties[1]));
    QCOMPARE(wheel.take_due(at(2'000'000)), &ties[2]);
    wheel.arm(ties[0], at(1'000'064));
    QVERIFY((all_due(wheel, at(3'000'000)) ==
             std::vector<const ctx::detail::timer_entry*>{&again, &soon, &ties[0], &later}));
}

/// As when another wheel has something that is due before.
void it_takes_nothing_out_before_its_turn() {
    timer_wheel wheel(at(0));
    entry a, b;
    wheel.arm(a, at(10));
    wheel.arm(b, at(10));
    QCOMPARE(wheel.take_due(at(20)), &a);
    QVERIFY(!wheel.take_due(at(9)));
    QCOMPARE(wheel.take_due(at(10)), &b);
}

void what_is_due_can_be_disarmed_until_it_is_taken_out() {
    timer_wheel wheel(at(0));
    std::vector<std::unique_ptr<entry>> all;
    for (int i = 0; i < 100; ++i) {
        all.push_back(std::make_unique<entry>());
        wheel.arm(*all.back(), at(1000));
    }
    QCOMPARE(wheel.take_due(at(1000)), all[0].get());
    QVERIFY(!wheel.disarm(*all[0]));
    for (std::size_t i = 1; i < 100; i += 2) QVERIFY(wheel.disarm(*all[i]));
    for (std::size_t i = 2; i < 100; i += 2) QCOMPARE(wheel.take_due(at(1000)), all[i].get());
    QVERIFY(!wheel.take_due(at(1000)));
}

/// Each time that is asked for is that of a timer that is there, but for one.
void it_tells_of_those_that_are_gone_only_once() {
    timer_wheel wheel(at(0));
    std::vector<std::unique_ptr<entry>> all;
    for (int i = 0; i < 1000; ++i) {
        all.push_back(std::make_unique<entry>());
        wheel.arm(*all.back(), at(1'000'000 + i));
    }
    for (std::size_t i = 0; i < 999; ++i) QVERIFY(wheel.disarm(*all[i]));
    int asked = 0;
    while (const auto next = wheel.earliest()) {
        ++asked;
        if (const auto* e = wheel.take_due(*next)) QCOMPARE(e, all[999].get());
    }
    QVERIFY2(asked <= 2, qPrintable(QString::number(asked)));
}

} // namespace

void tst_timer_wheel::keepsOrder_data() {
    rules({
        {"it knows its time before it is armed", it_knows_its_time_before_it_is_armed},
        {"what was never armed is not disarmed", what_was_never_armed_is_not_disarmed},
        {"ties come in order of arming, whenever they were armed",
         ties_come_in_order_of_arming_whenever_they_were_armed},
        {"ties are taken before what is armed while they are",
         ties_are_taken_before_what_is_armed_while_they_are},
        {"what is due already follows what else is", what_is_due_already_follows_what_else_is},
        {"it takes nothing out before its turn", it_takes_nothing_out_before_its_turn},
        {"what is due can be disarmed until it is taken out",
         what_is_due_can_be_disarmed_until_it_is_taken_out},
        {"it tells of those that are gone only once", it_tells_of_those_that_are_gone_only_once},
    });
}

QTEST_APPLESS_MAIN(tst_timer_wheel)
#include "tst_timer_wheel.moc"
