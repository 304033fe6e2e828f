// SPDX-License-Identifier: MIT
#include "allocations.h"
#include "rules.h"
#include "world.h"

#include <QDir>
#include <vector>

/// What contexts cost: allocations, threads, and the time of the questions that are asked most.
class tst_cost : public QObject {
    Q_OBJECT

  private slots:
    void staysBelowGosCeilings_data();
    void staysBelowGosCeilings();
    void isCheap_data();
    void isCheap() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};
const ctx::key<int> missing{"missing"};

void ask_for_roots() {
    (void)ctx::background();
    (void)ctx::todo();
    (void)ctx::context();
}
void bind_and_look_up() {
    (void)ctx::with_value(ctx::background(), number, 1).value(number);
}
void expire() {
    ctx::with_timeout(ctx::background(), 1ns).context.done().wait();
}
void cancel() {
    const auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    made.context.done().wait();
}
void cancel_in_time() {
    const auto made = ctx::with_timeout(ctx::background(), 5ms);
    made.cancel();
    made.context.done().wait();
}

/// Runs callbacks and watchers in threads, and counts them.
class counting final : public ctx::scheduler {
  public:
    counting() : scheduler(ctx::real_clock()) {}
    void post(std::coroutine_handle<>) override {}
    void call(std::function<void()> f) override {
        ++started;
        ctx::detail::run_in_thread(std::move(f));
    }
    std::uint64_t random() noexcept override { return 0; }
    std::atomic<int> started{0};
};

qsizetype threads() {
    return QDir("/proc/self/task").entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

void library_contexts_and_wrappers_start_no_thread() {
    (void)ctx::with_timeout(ctx::background(), 1h).context.done(); // the clock's one thread, for all trees
    counting starter;
    const ctx::context root =
        ctx::background({.clock = {}, .scheduler = &starter, .observer = {}, .sibling_seed = {}});
    const qsizetype before = threads();
    QVERIFY(before >= 1);
    {
        std::vector<ctx::cancelable> all{ctx::with_cancel(root)};
        for (std::size_t i = 0; i < 1000; ++i) {
            const ctx::context parent = all[i / 2].context;
            const ctx::context view = make<wrapper>(root, ctx::with_value(parent, number, 1));
            all.push_back(i % 2 ? ctx::with_timeout(view, 1h) : ctx::with_cancel(view));
        }
        QCOMPARE(threads(), before);
        for (std::size_t i = all.size(); i > 0; i -= 7 < i ? 7 : i) all[i - 1].cancel();
        all.front().cancel();
        QCOMPARE(threads(), before);
    }
    QCOMPARE(starter.started.load(), 0);
    // A foreign context does, which shows that the count counts.
    const auto outside = std::make_shared<foreign>();
    const ctx::context child = ctx::with_cancel(ctx::context(outside, root)).context;
    outside->cancel();
    child.done().wait();
    QCOMPARE(starter.started.load(), 1);
}

/// Processor time of one call, over many.
template <class F>
double nanoseconds_per_call(int calls, F f) {
    const double begin = cpu_nanoseconds();
    for (int i = 0; i < calls; ++i) f();
    return (cpu_nanoseconds() - begin) / calls;
}

void err_and_a_poll_of_done_take_no_memory_and_no_time() {
    const auto open = ctx::with_timeout(ctx::background(), 1h), done = ctx::with_cancel(ctx::background());
    done.cancel();
    for (const ctx::context& c : {open.context, done.context}) {
        int answers = 0;
        const auto ask = [&] { answers += bool(c.err()) + c.done().closed(); };
        if (counts_allocations) QCOMPARE(allocations_per_run(10'000, ask), 0.0);
        // Nanoseconds in a release build; this bound is for unoptimised ones, and far from a system call.
        const double ns = nanoseconds_per_call(100'000, ask);
        QVERIFY2(sanitized || ns < 1000, qPrintable(QString::number(ns)));
        QVERIFY(c == open.context ? answers == 0 : answers > 0);
    }
}

void a_look_up_takes_the_same_time_a_level() {
    ctx::context c = ctx::background();
    const int depth = 20'000;
    for (int i = 0; i < depth; ++i) c = ctx::with_value(c, number, i);
    int found = 0;
    const auto ask = [&] { found += c.value(missing) != nullptr; };
    if (counts_allocations) QCOMPARE(allocations_per_run(10, ask), 0.0);
    const double ns = nanoseconds_per_call(20, ask) / depth;
    QVERIFY2(sanitized || ns < 500, qPrintable(QString::number(ns)));
    QCOMPARE(found, 0);
}

} // namespace

void tst_cost::staysBelowGosCeilings_data() {
    QTest::addColumn<rule_body>("run");
    QTest::addColumn<int>("ceiling");
    const auto row = [](const char* tag, rule_body f, int n) { QTest::newRow(tag) << f << n; };
    row("CTX-320 CTX-020 roots are never allocated", ask_for_roots, 0);
    row("CTX-320 with_value and a look-up", bind_and_look_up, 3);
    row("CTX-320 with_timeout that expires", expire, 12);
    row("CTX-320 with_cancel and its cancel", cancel, 5);
    row("CTX-320 with_timeout and its cancel", cancel_in_time, 8);
}

void tst_cost::staysBelowGosCeilings() {
    QFETCH(const rule_body, run);
    QFETCH(const int, ceiling);
    if (!counts_allocations) QSKIP("a sanitizer counts its own allocations");
    const double n = allocations_per_run(100, run);
    QVERIFY2(n <= ceiling, qPrintable(QString("%1 allocations").arg(n)));
    QCOMPARE(n == 0, ceiling == 0); // the count counts
}

void tst_cost::isCheap_data() {
    rules({
        {"CTX-305 no thread is started for library contexts and delegating wrappers",
         library_contexts_and_wrappers_start_no_thread},
        {"CTX-321 Err and a poll of Done take no memory and hardly any time",
         err_and_a_poll_of_done_take_no_memory_and_no_time},
        {"CTX-321 a look-up takes no memory and the same time a level",
         a_look_up_takes_the_same_time_a_level},
    });
}

QTEST_APPLESS_MAIN(tst_cost)
#include "tst_cost.moc"
