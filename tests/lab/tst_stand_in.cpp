// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"
#include "lab/stand_in.h"

#include <QTest>

#include <optional>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;

namespace {

void let_pass(lab::laboratory& l, std::chrono::nanoseconds by) {
    QVERIFY(l.call(lab::change_clock{.action = clock_action::advance, .by = by}).ok());
}

lab::id_t make(lab::laboratory& l, lab::new_context c) {
    const lab::reply r = l.call(std::move(c), "you");
    if (!r.ok()) qFatal("%s", r.error.c_str());
    return r.id;
}

void start(lab::laboratory& l, lab::new_worker w) {
    const lab::reply r = l.call(std::move(w), "you");
    if (!r.ok()) qFatal("%s", r.error.c_str());
}

std::string of(const lab::state& s, lab::id_t id) {
    const lab::context_info* const c = s.context(id);
    return c ? c->name : "nobody";
}

/// All that can be seen of everybody.
QStringList everybody(const lab::state& s) {
    QStringList all;
    const auto time = [](std::optional<lab::lab_time> t) { return std::to_string(t.value_or(-1ns).count()); };
    for (const lab::context_info& c : s.contexts())
        all += QString::fromStdString(c.name + ' ' + std::string(to_string(c.kind)) + " below " +
                                      of(s, c.parent) + " from " + time(c.created) + " until " +
                                      time(c.deadline) + ' ' + c.key + '=' + c.value + ' ' + c.err + ' ' +
                                      c.cause + ' ' + time(c.done) + " by " + of(s, c.done_by));
    for (const lab::worker_info& w : s.workers())
        all += QString::fromStdString(w.name + ' ' + w.kind + " of " + of(s, w.context) + " from " +
                                      time(w.started) + ' ' + w.spans.back().what + ' ' + w.reason + ' ' +
                                      time(w.exited) + ' ' + time(w.noticed));
    all.sort(); // numbers are given anew
    return all;
}

} // namespace

class tst_stand_in : public QObject {
    Q_OBJECT
  private slots:
    void everything_is_made_anew();
    void workers_that_nobody_asked_for_are_replaced();
    void it_goes_on_like_the_first();

    void init() { m_laboratory.emplace(lab::options{.running = false, .as_fast_as_possible = true}); }

  private:
    std::optional<lab::laboratory> m_laboratory;
    lab::laboratory& first() { return *m_laboratory; }

    /// Contexts of every kind and workers, at different times; it is at 1.5 s then.
    void live() {
        const lab::id_t top =
            make(first(), {.kind = context_kind::with_timeout, .name = "top", .timeout = 4s});
        start(first(), {.context = top, .kind = "wait", .name = "polite"});
        let_pass(first(), 1s);
        const lab::id_t user = make(
            first(),
            {.parent = top, .kind = context_kind::with_value, .name = "user", .key = "user", .value = "ada"});
        const lab::id_t below =
            make(first(), {.parent = user, .kind = context_kind::with_cancel_cause, .name = "below"});
        make(first(), {.parent = below, .kind = context_kind::without_cancel, .name = "free"});
        make(first(), {.parent = below, .kind = context_kind::with_deadline, .name = "soon", .at = 3s});
        const lab::id_t ended = make(first(), {.parent = top, .name = "ended"});
        start(first(), {.context = below, .kind = "poller", .name = "poller", .every = 200ms});
        start(first(), {.context = ended, .kind = "wait", .name = "gone"});
        start(first(), {.context = ended, .kind = "stubborn", .name = "deaf", .duration = 2s});
        start(first(), {.context = below, .kind = "work", .name = "quick", .duration = 100ms});
        QVERIFY(first().call(lab::cancel_context{.context = ended}, "you").ok());
        const lab::id_t told =
            make(first(), {.parent = top, .kind = context_kind::with_cancel_cause, .name = "told"});
        make(first(), {.parent = told, .name = "with it"});
        let_pass(first(), 100ms);
        QVERIFY(first().call(lab::cancel_context{.context = told, .cause = "disk full"}, "you").ok());
        let_pass(first(), 500ms);
    }
    std::shared_ptr<const lab::scenario> again() {
        return lab::stand_in(first().snapshot(), first().inputs());
    }
};

void tst_stand_in::everything_is_made_anew() {
    live();
    const lab::state picture = first().snapshot();
    lab::laboratory second({.running = false, .as_fast_as_possible = true, .with = again()});
    let_pass(second, picture.now());
    QCOMPARE(everybody(second.snapshot()), everybody(picture));
    QCOMPARE(second.snapshot().now(), picture.now());
    QVERIFY(second.inputs().recorded_only.empty());
}

/// As handlers, whose requests are gone.
void tst_stand_in::workers_that_nobody_asked_for_are_replaced() {
    live();
    QStringList kinds;
    const auto made = lab::stand_in(first().snapshot(), {}); // nobody knows what was asked for
    for (const lab::scenario_command& line : made->commands)
        if (const auto* w = std::get_if<lab::new_worker>(&line.what))
            kinds += QString::fromStdString(w->name + ' ' + w->kind);
    QCOMPARE(kinds, (QStringList{"polite wait", "poller wait", "gone wait", "deaf stubborn", "quick work"}));
    lab::laboratory second({.running = false, .as_fast_as_possible = true, .with = made});
    let_pass(second, first().snapshot().now());
    const auto fate = [](const lab::state& s, std::string_view name) {
        for (const lab::worker_info& w : s.workers())
            if (w.name == name) return std::pair(w.exited, s.context(w.context)->name);
        return std::pair(std::optional<lab::lab_time>(), std::string("nobody"));
    };
    for (const char* name : {"polite", "poller", "gone", "deaf", "quick"})
        QCOMPARE(fate(second.snapshot(), name), fate(first().snapshot(), name));
}

void tst_stand_in::it_goes_on_like_the_first() {
    live();
    const lab::lab_time moment = first().snapshot().now();
    lab::laboratory second({.running = false, .as_fast_as_possible = true, .with = again()});
    let_pass(second, moment);
    let_pass(first(), 10s);
    let_pass(second, 10s);
    const auto ends = [&](const lab::state& s) {
        QStringList all;
        for (const lab::context_info& c : s.contexts())
            if (c.created <= moment && (!c.done || *c.done > moment))
                all += QString::fromStdString(c.name + ' ' + c.err + ' ' + c.cause + ' ' +
                                              std::to_string(c.done.value_or(lab::lab_time(-1)).count()));
        for (const lab::worker_info& w : s.workers())
            if (!w.exited || *w.exited > moment)
                all += QString::fromStdString(w.name + ' ' + w.reason + ' ' +
                                              std::to_string(w.exited.value_or(lab::lab_time(-1)).count()));
        return all;
    };
    QVERIFY(ends(first().snapshot())
                .contains("top context deadline exceeded context deadline exceeded 4000000000"));
    QCOMPARE(ends(second.snapshot()), ends(first().snapshot()));
}

QTEST_GUILESS_MAIN(tst_stand_in)
#include "tst_stand_in.moc"
