// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <thread>

/// Lines that make contexts and forget to cancel them.
class tst_radar : public QObject {
    Q_OBJECT

  private slots:
    void finds_data();
    void finds() { run_rule(); }
};

using namespace test;

namespace {

struct sea {
    std::shared_ptr<census> count = std::make_shared<census>();
    std::shared_ptr<ctx::lost_cancel_radar> radar = std::make_shared<ctx::lost_cancel_radar>(count);
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::context root = ctx::background({.clock = clock, .observer = radar, .sibling_seed = {}});
};

void a_forgotten_cancel_in_a_loop() {
    sea s;
    unsigned line = 0;
    for (int i = 0; i < 100; ++i) {
        line = ctx::call_site::current().line() + 1;
        const auto c = ctx::with_cancel(s.root);
        if (i < 3) c.cancel();
    }
    const auto found = s.radar->lines();
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].where.line(), line);
    QCOMPARE(found[0].made, 100u);
    QCOMPARE(found[0].dropped, 97u);
    QCOMPARE(found[0].lost(), 97u);
    const QString text = QString::fromStdString(s.radar->text());
    QVERIFY2(text.startsWith(
                 QString("1 line makes contexts that nobody cancels:\n  tst_radar.cpp:%1 in ").arg(line)) &&
                 text.endsWith(": 97 of 100 (97 dropped while open)\n"),
             qPrintable(text));
}

void nothing_where_a_guard_cancels() {
    sea s;
    const auto parent = ctx::with_cancel(s.root);
    for (int i = 0; i < 10; ++i) {
        const auto a = ctx::with_cancel(s.root), b = ctx::with_timeout(s.root, 1s),
                   c = ctx::with_cancel(parent.context);
        const ctx::cancel_guard stop_a(a.cancel), stop_b(b.cancel), stop_c(c.cancel);
        if (i == 5) s.clock->advance(2s);
        if (i == 9) parent.cancel();
    }
    QVERIFY(s.radar->lines().empty());
    QCOMPARE(s.radar->text(), std::string("Every context was cancelled by whoever made it.\n"));
}

void one_that_had_to_wait_for_its_timer() {
    sea s;
    {
        const auto c = ctx::with_timeout(s.root, 1s);
        s.clock->advance(1s);
    }
    const auto found = s.radar->lines();
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].waited, 1u);
    QCOMPARE(found[0].lost(), 1u);
}

void one_that_only_its_parent_ended() {
    sea s;
    const auto parent = ctx::with_cancel(s.root);
    {
        const ctx::context kept = ctx::with_timeout(parent.context, 1s).context;
        parent.cancel();
    }
    const auto found = s.radar->lines();
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].ended_by_ancestor, 1u);
}

void one_that_is_open_at_the_time_of_the_report() {
    sea s;
    const auto c = ctx::with_cancel(s.root);
    QCOMPARE(s.radar->lines().at(0).open, 1u);
    QVERIFY(s.radar->text().find("1 of 1 (1 still open)") != std::string::npos);
    c.cancel();
    QVERIFY(s.radar->lines().empty());
}

void nothing_in_what_needs_no_cancel() {
    sea s;
    (void)ctx::with_value(s.root, ctx::any_key(1), ctx::any_value(2));
    (void)ctx::without_cancel(s.root);
    (void)ctx::with_timeout(s.root, 0s);
    const auto done = ctx::with_cancel(s.root);
    done.cancel();
    (void)ctx::with_cancel(done.context);
    ctx::after_func(s.root, [] {});
    QVERIFY(s.radar->lines().empty());
}

void nothing_in_the_library_itself() {
    sea s;
    {
        ctx::pool_scheduler pool(1);
        const auto [group, c] = ctx::err_group::with_context(s.root, pool);
        QVERIFY(!group.wait());
        const ctx::single_flight<int, int> flights;
        QCOMPARE(flights.run(s.root, 1, [](const ctx::context&) { return 2; }).value, 2);
        const ctx::from_stop_token life(std::stop_token(), s.root);
        const auto [merged, cancel] = ctx::merge(make<foreign>(s.root), s.root);
        cancel();
    }
    QCOMPARE(s.radar->text(), std::string("Every context was cancelled by whoever made it.\n"));
}

void lines_in_order_of_their_number() {
    sea s;
    (void)ctx::with_cancel(s.root);
    for (int i = 0; i < 3; ++i) (void)ctx::with_cancel(s.root);
    const auto found = s.radar->lines();
    QCOMPARE(found.size(), 2u);
    QCOMPARE(found[0].lost(), 3u);
    QCOMPARE(found[1].lost(), 1u);
}

void and_hands_everything_on() {
    sea s;
    QCOMPARE(s.count->live(), 1L);
    const auto c = ctx::with_cancel(s.root);
    QCOMPARE(s.count->live(), 2L);

    struct heard_all : ctx::observer {
        void created(const ctx::creation&) override { heard |= 1; }
        void cancel_called(ctx::node_id, const ctx::error&) override { heard |= 2; }
        void deadline_expired(ctx::node_id) override { heard |= 4; }
        void visiting(ctx::node_id, ctx::node_id) override { heard |= 8; }
        void done(ctx::node_id, const ctx::error&, const ctx::error&, ctx::node_id) override { heard |= 16; }
        void wave_finished(ctx::node_id, std::size_t) override { heard |= 32; }
        void detached(ctx::node_id, ctx::node_id) override { heard |= 64; }
        void timer_stopped(ctx::node_id) override { heard |= 128; }
        void after_func_started(ctx::node_id) override { heard |= 256; }
        void after_func_stopped(ctx::node_id) override { heard |= 512; }
        void dropped(ctx::node_id) override { heard |= 1024; }
        void value_looked_up(ctx::node_id, const std::string&, bool, const std::string&,
                             std::span<const ctx::node_id>) override {
            heard |= 2048;
        }
        int heard = 0;
    };
    const auto all = std::make_shared<heard_all>();
    ctx::step_scheduler steps(s.clock, 1);
    const ctx::context root = ctx::background({.clock = s.clock,
                                               .scheduler = &steps,
                                               .observer = std::make_shared<ctx::lost_cancel_radar>(all),
                                               .sibling_seed = {}});
    {
        const auto parent = ctx::with_timeout(root, 1s);
        const auto child = ctx::with_cancel(parent.context), stopped = ctx::with_timeout(root, 1s);
        ctx::after_func(child.context, [] {});
        ctx::after_func(child.context, [] {})();
        (void)child.context.value(ctx::any_key(1));
        stopped.cancel();
        s.clock->advance(1s);
        steps.run_until_idle();
    }
    QCOMPARE(all->heard, 4095);
    c.cancel();
}

void contexts_of_many_threads() {
    const auto radar = std::make_shared<ctx::lost_cancel_radar>();
    const ctx::context root = ctx::background({.clock = {}, .observer = radar, .sibling_seed = {}});
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < scaled(1000); ++i) {
                    const auto c = ctx::with_cancel(root);
                    if (i % 2) c.cancel();
                    if (i % 100 == 0) (void)radar->text();
                }
            });
    }
    QCOMPARE(radar->lines().at(0).dropped, static_cast<std::size_t>(4 * scaled(1000) / 2));
}

} // namespace

void tst_radar::finds_data() {
    rules({
        {"a forgotten cancel in a loop", a_forgotten_cancel_in_a_loop},
        {"nothing where a guard cancels", nothing_where_a_guard_cancels},
        {"one that had to wait for its timer", one_that_had_to_wait_for_its_timer},
        {"one that only its parent ended", one_that_only_its_parent_ended},
        {"one that is open at the time of the report", one_that_is_open_at_the_time_of_the_report},
        {"nothing in what needs no cancel", nothing_in_what_needs_no_cancel},
        {"nothing in the library itself", nothing_in_the_library_itself},
        {"lines in order of their number", lines_in_order_of_their_number},
        {"and hands everything on", and_hands_everything_on},
        {"contexts of many threads", contexts_of_many_threads},
    });
}

QTEST_APPLESS_MAIN(tst_radar)
#include "tst_radar.moc"
