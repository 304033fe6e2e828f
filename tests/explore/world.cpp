// SPDX-License-Identifier: MIT
#include "explore/world.h"

#include <QElapsedTimer>

namespace explore {
namespace {

/// What the library makes once and keeps is made before a run, so that no run pays for it.
void warm_up() {
    const ctx::context kept[] = {ctx::background(), ctx::todo()};
    const auto made = ctx::with_cancel(kept[0]);
    made.cancel();
    (void)made.context.err().text();
    (void)ctx::cause(made.context);
}

limits limits_of(const explored_rule& r) {
    const QByteArray asked = qgetenv("CTX_EXPLORE_PREEMPTIONS");
    if (asked == "all") return {};
    return {.preemptions = asked.isEmpty() ? r.preemptions : asked.toInt()};
}

void tell(const char* tag, const limits& within, const report& r, qint64 ms) {
    const QString bound =
        within.preemptions == no_bound ? "all" : QString("up to %1 preemptions").arg(within.preemptions);
    qInfo("%s: %s, %zu runs of at most %zu steps (%zu more cut short), %lld ms", tag, qPrintable(bound),
          r.runs, r.longest, r.cut, static_cast<long long>(ms));
}

} // namespace

void rules(std::initializer_list<explored_rule> all) {
    QTest::addColumn<explored_rule>("rule");
    for (const explored_rule& r : all) QTest::newRow(r.tag) << r;
}

void explore_rule() {
    QFETCH(const explored_rule, rule);
    warm_up();
    look_inside = rule.also == detail::insides_of_locks;
    weak_fails = rule.also == detail::weak_failures;
    const QByteArray schedule = qgetenv("CTX_EXPLORE_SCHEDULE");
    report r;
    if (!schedule.isEmpty()) {
        r = replay(rule.program, schedule.toStdString());
    } else {
        const limits within = limits_of(rule);
        QElapsedTimer clock;
        clock.start();
        r = every_order(rule.program, within);
        tell(rule.tag, within, r, clock.elapsed());
    }
    look_inside = weak_fails = false;
    if (r.failed)
        QFAIL(qPrintable(QString("%1\nCTX_EXPLORE_SCHEDULE=\"%2\"\n%3")
                             .arg(QString::fromStdString(r.failed->what),
                                  QString::fromStdString(r.failed->schedule),
                                  QString::fromStdString(r.failed->story))));
    QVERIFY(r.complete);
}

} // namespace explore
