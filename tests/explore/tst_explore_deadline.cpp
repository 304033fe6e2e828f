// SPDX-License-Identifier: MIT
#include "explore/world.h"

using namespace explore;

/// Deadlines, callbacks and timers, in every order in which they can fire, be taken back and be dropped.
class tst_explore_deadline : public QObject {
    Q_OBJECT

  private slots:
    void deadlines_data();
    void deadlines() { explore_rule(); }
    void callbacks_data();
    void callbacks() { explore_rule(); }
    void timers_data();
    void timers() { explore_rule(); }
};

namespace {

const ctx::time_point soon{1s};

void check_consistent(const world& w, const ctx::context& c, const ctx::error& late,
                      const ctx::error& canceled_by) {
    const ctx::error err = c.err(), why = ctx::cause(c);
    check((err == ctx::canceled && why == canceled_by) || (err == ctx::deadline_exceeded && why == late),
          "err and cause are of different ends");
    check(w.clock->pending() == 0, "a timer is still armed");
}

void a_deadline_passes_while_it_is_cancelled() {
    const world w;
    const ctx::error late("late"), above("above");
    const auto top = ctx::with_cancel_cause(w.root);
    const auto c = ctx::with_deadline_cause(top.context, soon, late);
    together({[&] { w.clock->advance_to(soon); }, [&] { top.cancel(above); }});
    check_consistent(w, c.context, late, above);
}

void a_deadline_passes_while_its_own_cancel_is_called() {
    const world w;
    const ctx::error late("late");
    const auto c = ctx::with_deadline_cause(w.root, soon, late);
    const auto leaf = ctx::with_cancel(c.context);
    together({[&] { w.clock->advance_to(soon); },
              [&] {
                  c.cancel();
                  check(leaf.context.err() == c.context.err(), "cancel returned before the leaf was done");
              }});
    check_consistent(w, c.context, late, ctx::canceled);
    check(leaf.context.err() == c.context.err(), "the leaf has another end");
}

void a_deadline_passes_while_its_last_handle_goes() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_deadline(w.root, soon);
    together({[&] { w.clock->advance_to(soon); }, [&] { c.reset(); }});
    check(w.clock->pending() == 0, "a timer is still armed");
}

void a_deadline_is_dropped_while_its_parent_is_cancelled() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> c = ctx::with_deadline(top.context, soon);
    together({[&] { top.cancel(); }, [&] { c.reset(); }, [&] { w.clock->advance_to(soon); }});
    check(w.clock->pending() == 0, "a timer is still armed");
    check(ctx::children_of(top.context) == 0u, "the child stayed in the list");
}

void a_deadline_is_set_while_its_parent_is_cancelled() {
    const world w;
    const ctx::error late("late"), above("above");
    const auto top = ctx::with_cancel_cause(w.root);
    std::optional<ctx::cancelable> c;
    together({[&] { top.cancel(above); }, [&] { c = ctx::with_deadline_cause(top.context, soon, late); }});
    check_consistent(w, c->context, late, above);
}

void a_deadline_is_set_while_time_passes_it() {
    const world w;
    const ctx::error late("late"), above("above");
    const auto top = ctx::with_cancel_cause(w.root);
    std::optional<ctx::cancelable> c;
    together({[&] { c = ctx::with_deadline_cause(top.context, soon, late); },
              [&] { w.clock->advance_to(soon); }, [&] { top.cancel(above); }});
    w.clock->advance_to(soon + 1s);
    check_consistent(w, c->context, late, above);
}

void parent_and_child_expire_together() {
    const world w;
    const auto top = ctx::with_deadline(w.root, soon);
    const auto child = ctx::with_deadline(top.context, ctx::time_point(500ms));
    together({[&] { w.clock->advance_to(soon); }, [&] { child.cancel(); }, [&] { top.cancel(); }});
    check(!!child.context.err() && !!top.context.err(), "one is not done");
    check(w.clock->pending() == 0, "a timer is still armed");
}

void a_callback_is_registered_while_its_context_is_cancelled() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    int ran = 0;
    std::optional<ctx::stop_func> stop;
    together({[&] { c.cancel(); }, [&] { stop = ctx::after_func(c.context, [&] { ++ran; }); }});
    check(ran == 1, "the callback did not run once");
    check(!(*stop)(), "stopped what has run");
}

void a_callback_runs_or_is_stopped() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    int ran = 0, stopped = 0;
    const auto stop = ctx::after_func(c.context, [&] { ++ran; });
    const auto try_stop = [&] { stopped += stop(); };
    together({[&] { c.cancel(); }, try_stop, try_stop});
    check(ran + stopped == 1, "not exactly one of run and stop");
}

void a_callback_runs_after_all_handles_went() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    const ctx::cancel_func cancel = c->cancel;
    int ran = 0;
    std::optional<ctx::stop_func> stop = ctx::after_func(c->context, [&] { ++ran; });
    together({[&] { cancel(); }, [&] { c.reset(); }, [&] { stop.reset(); }});
    check(ran == 1, "the callback did not run once");
}

void a_forgotten_callback_goes_with_its_context() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> child = ctx::with_cancel(c->context);
    int ran = 0;
    std::optional<ctx::stop_func> stop = ctx::after_func(child->context, [&] { ++ran; });
    together({[&] { stop.reset(); }, [&] { child.reset(); }, [&] { c.reset(); }});
    check(ran == 0, "the callback ran");
}

void a_stopped_callback_does_not_keep_its_context() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> child = ctx::with_cancel(c->context);
    int stopped = 0, ran = 0;
    const auto stop = ctx::after_func(child->context, [&] { ++ran; });
    together({[&] { stopped += stop(); }, [&] { child.reset(); }, [&] { c->cancel(); }});
    check(ran + stopped == 1, "not exactly one of run and stop");
    check(ctx::children_of(c->context) == 0u, "somebody stayed in the list");
}

void a_callback_on_a_deadline_is_dropped_while_it_fires() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_deadline(w.root, soon);
    int ran = 0, stopped = 0;
    const auto stop = ctx::after_func(c->context, [&] { ++ran; });
    together({[&] { w.clock->advance_to(soon); }, [&] { c.reset(); }, [&] { stopped += stop(); }});
    check(ran + stopped == 1, "not exactly one of run and stop");
    check(w.clock->pending() == 0, "a timer is still armed");
}

void a_timer_fires_or_is_stopped() {
    const world w;
    ctx::timer t(1s, w.clock);
    bool stopped = false;
    together({[&] { w.clock->advance_to(soon); }, [&] { stopped = t.stop(); }});
    check(stopped != t.channel().try_receive().has_value(), "not exactly one of fired and stopped");
    check(w.clock->pending() == 0, "the timer is still armed");
}

void the_last_reader_goes_while_the_timer_fires() {
    const world w;
    auto c = ctx::after(1s, w.clock);
    together({[&] { w.clock->advance_to(soon); }, [&] { c = {}; }});
    check(w.clock->pending() == 0, "the timer is still armed");
}

void readers_go_while_the_timer_fires() {
    const world w;
    auto one = ctx::after(1s, w.clock);
    auto other = one;
    together({[&] { w.clock->advance_to(soon); }, [&] { one = {}; }, [&] { other = {}; }});
    check(w.clock->pending() == 0, "the timer is still armed");
}

void a_reader_goes_while_the_timer_fires_and_is_reset() {
    const world w;
    std::optional<ctx::timer> t(std::in_place, 1s, w.clock);
    auto reader = t->channel();
    together({[&] { w.clock->advance_to(soon); }, [&] { reader = {}; }, [&] { t->reset(5s); }});
    check(w.clock->pending() == 1, "the timer is not armed");
    w.clock->advance(5s);
    check(t->channel().try_receive().has_value(), "the timer did not fire again");
}

/// One looks whether it is the last reader, while the other gives its reference up: of two looks the first
/// saw both readers, and the second none, so that neither took the timer back (A13 B2 C9 B2 C1 B3).
void all_go_while_the_timer_fires_and_is_reset() {
    const world w;
    std::optional<ctx::timer> t(std::in_place, 1s, w.clock);
    auto reader = t->channel();
    together({[&] { w.clock->advance_to(soon); }, [&] { reader = {}; },
              [&] {
                  t->reset(5s);
                  t.reset();
              }});
    check(w.clock->pending() == 0, "the timer is still armed");
}

void a_ticker_is_dropped_while_it_ticks() {
    const world w;
    std::optional<ctx::ticker> t(std::in_place, 1s, w.clock);
    auto reader = t->channel();
    together({[&] { w.clock->advance_to(ctx::time_point(2s)); }, [&] { t.reset(); }, [&] { reader = {}; }});
    check(w.clock->pending() == 0, "the ticker is still armed");
}

void a_timer_is_received_or_stopped() {
    const world w;
    ctx::timer t(1s, w.clock);
    const ctx::chan<ctx::empty> given_up(0);
    bool stopped = false, received = false;
    together({[&] { w.clock->advance_to(soon); },
              [&] {
                  stopped = t.stop();
                  given_up.close();
              },
              [&] { received = ctx::select(ctx::recv(t.channel()), ctx::recv(given_up)) == 0; }});
    check(stopped != received, "not exactly one of received and stopped");
}

} // namespace

void tst_explore_deadline::deadlines_data() {
    rules({
        {"CTX-061 CTX-088 CTX-194 a deadline passes while its parent is cancelled",
         a_deadline_passes_while_it_is_cancelled},
        {"CTX-061 CTX-190 a deadline passes while its own cancel is called",
         a_deadline_passes_while_its_own_cancel_is_called},
        {"CTX-302 a deadline passes while its last handle goes",
         a_deadline_passes_while_its_last_handle_goes},
        {"CTX-302 a deadline is dropped while it passes and its parent is cancelled",
         a_deadline_is_dropped_while_its_parent_is_cancelled, 3},
        {"CTX-037 CTX-088 a deadline is set while its parent is cancelled",
         a_deadline_is_set_while_its_parent_is_cancelled},
        {"CTX-088 a deadline is set while time passes it and its parent is cancelled",
         a_deadline_is_set_while_time_passes_it, 3},
        {"CTX-088 parent and child expire while they are cancelled", parent_and_child_expire_together, 3},
    });
}

void tst_explore_deadline::callbacks_data() {
    rules({
        {"CTX-142 a callback is registered while its context is cancelled",
         a_callback_is_registered_while_its_context_is_cancelled},
        {"CTX-144 a callback runs or is stopped", a_callback_runs_or_is_stopped},
        {"CTX-306 a callback runs after all handles went", a_callback_runs_after_all_handles_went, 3},
        {"CTX-306 a forgotten callback goes with its context", a_forgotten_callback_goes_with_its_context, 3},
        {"CTX-144 CTX-302 a stopped callback does not keep its context",
         a_stopped_callback_does_not_keep_its_context, 3},
        {"CTX-144 a callback on a deadline is stopped, dropped and fired",
         a_callback_on_a_deadline_is_dropped_while_it_fires, 3},
    });
}

void tst_explore_deadline::timers_data() {
    rules({
        {"CHN-041 a timer fires or is stopped", a_timer_fires_or_is_stopped},
        {"CHN-041 a timer is received or stopped", a_timer_is_received_or_stopped, 3},
        {"CHN-045 the last reader goes while the timer fires", the_last_reader_goes_while_the_timer_fires},
        {"CHN-045 two readers go while the timer fires", readers_go_while_the_timer_fires, 3},
        {"CHN-043 CHN-045 a reader goes while the timer fires and is reset",
         a_reader_goes_while_the_timer_fires_and_is_reset, 3},
        {"CHN-043 CHN-045 all go while the timer fires and is reset",
         all_go_while_the_timer_fires_and_is_reset, 3},
        {"CHN-043 CHN-045 the same, when a compare and swap fails for nothing",
         all_go_while_the_timer_fires_and_is_reset, 2, detail::weak_failures},
        {"CHN-045 a ticker is dropped while it ticks", a_ticker_is_dropped_while_it_ticks, 3},
    });
}

QTEST_APPLESS_MAIN(tst_explore_deadline)
#include "tst_explore_deadline.moc"
