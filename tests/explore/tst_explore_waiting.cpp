// SPDX-License-Identifier: MIT
#include "explore/world.h"

#include "explore/instruments.h"

using namespace explore;

/// Waiting for channels, contexts and groups, in every order in which others can make that end.
class tst_explore_waiting : public QObject {
    Q_OBJECT

  private slots:
    void contexts_data();
    void contexts() { explore_rule(); }
    void channels_data();
    void channels() { explore_rule(); }
    void groups_data();
    void groups() { explore_rule(); }
    void locks_data();
    void locks() { explore_rule(); }
};

namespace {

void a_wait_for_done_ends() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    const auto wait = [&] {
        c.context.done().wait();
        check(!!c.context.err(), "woken too early");
    };
    together({wait, wait, [&] { c.cancel(); }});
}

void a_select_on_done_ends() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto c = ctx::with_cancel(top.context);
    const ctx::chan<int> never(0);
    together({[&] {
                  check(ctx::select(ctx::recv(never), ctx::recv(c.context.done())) == 1, "the wrong case");
                  check(!!c.context.err(), "woken too early");
              },
              [&] { top.cancel(); }});
    check(!never.try_send(1), "the case that lost is still queued");
}

void a_select_takes_a_value_or_done() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::chan<int> values(0);
    std::size_t taken = 9;
    bool sent = false;
    together({[&] {
                  int v = 0;
                  taken = ctx::select(ctx::recv(values, v), ctx::recv(c.context.done()));
                  check(taken != 0 || v == 7, "another value");
              },
              [&] { sent = ctx::select(ctx::send(values, 7), ctx::recv(c.context.done())) == 0; },
              [&] { c.cancel(); }});
    check(sent == (taken == 0), "sent and not received, or received and not sent");
    check(!values.try_send(1) && !values.try_receive(), "a case that lost is still queued");
}

void a_context_is_dropped_after_the_wait() {
    const world w;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    const ctx::cancel_func cancel = c->cancel;
    together({[&] {
                  const ctx::recv_chan<ctx::empty> done = c->context.done();
                  c.reset();
                  done.wait();
              },
              [&] { cancel(); }});
}

void a_deadline_wakes_a_select() {
    const world w;
    const auto c = ctx::with_timeout(w.root, 1s);
    const ctx::chan<int> values(1);
    std::size_t taken = 9;
    together({[&] { taken = ctx::select(ctx::recv(values), ctx::recv(c.context.done())); },
              [&] { w.clock->advance(1s); }, [&] { values.send(1); }});
    check(taken == 1 || !values.try_receive(), "the value was taken, and is still there");
    check(taken == 0 || c.context.err() == ctx::deadline_exceeded, "woken too early");
}

void a_value_is_received_once() {
    const ctx::chan<int> c(0);
    int sum = 0, closed = 0;
    const auto receive = [&] {
        if (const auto v = c.receive())
            sum += *v;
        else
            ++closed;
    };
    together({[&] {
                  c.send(5);
                  c.close();
              },
              receive, receive});
    check(sum == 5 && closed == 1, "not received once");
}

void a_buffer_keeps_the_order() {
    const ctx::chan<int> c(1);
    together({[&] {
                  for (int i = 1; i <= 3; ++i) c.send(i);
              },
              [&] {
                  for (int i = 1; i <= 3; ++i) check(c.receive() == i, "another order");
              }});
    check(!c.try_receive(), "something is left");
}

void a_close_wakes_all() {
    const ctx::chan<int> c(0);
    int refused = 0, empty = 0;
    together({[&] { empty += !c.receive(); },
              [&] {
                  try {
                      c.send(1);
                  } catch (const std::invalid_argument&) {
                      ++refused;
                  }
              },
              [&] { c.close(); }});
    check((refused == 1 && empty == 1) || (refused == 0 && empty == 0),
          "the two did not meet, nor were both woken");
}

void a_close_wakes_two_senders() {
    const ctx::chan<int> c(0);
    int refused = 0;
    const auto send = [&] {
        try {
            c.send(1);
        } catch (const std::invalid_argument&) {
            ++refused;
        }
    };
    together({send, send, [&] { c.close(); }});
    check(refused == 2, "a value was sent on a closed channel");
}

void two_selects_meet() {
    const ctx::chan<int> a(0), b(0);
    int sent = 0, received = 0;
    const auto player = [&](const ctx::chan<int>& out, const ctx::chan<int>& in) {
        int v = 0;
        if (ctx::select(ctx::send(out, 1), ctx::recv(in, v)) == 0)
            ++sent;
        else
            received += v;
    };
    together({[&] { player(a, b); }, [&] { player(b, a); }});
    check(sent == 1 && received == 1, "they did not meet once");
    check(!a.try_send(1) && !b.try_send(1), "a case that lost is still queued");
}

void two_selects_meet_or_are_cancelled() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::chan<int> a(0), b(0);
    int sent = 0, received = 0, ended = 0;
    const auto player = [&](const ctx::chan<int>& out, const ctx::chan<int>& in) {
        switch (ctx::select(ctx::send(out, 1), ctx::recv(in), ctx::recv(c.context.done()))) {
        case 0:
            ++sent;
            break;
        case 1:
            ++received;
            break;
        default:
            ++ended;
        }
    };
    together({[&] { player(a, b); }, [&] { player(b, a); }, [&] { c.cancel(); }});
    check(sent == received && sent + received + ended == 2, "one met nobody");
}

void three_want_one_value() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::chan<int> values(0);
    int received = 0;
    bool sent = false;
    const auto receive = [&] {
        if (ctx::select(ctx::recv(values), ctx::recv(c.context.done())) == 0) ++received;
    };
    together({receive, receive, [&] {
                  sent = values.try_send(1);
                  c.cancel();
              }});
    check(received == sent, "not received once");
}

void the_last_handle_of_a_channel_goes() {
    std::optional<ctx::chan<int>> c(std::in_place, 1);
    ctx::recv_chan<int> in = *c;
    together({[&] {
                  c->send(1);
                  c.reset();
              },
              [&] {
                  check(in.receive() == 1, "another value");
                  in = {};
              }});
}

void a_wait_group_is_waited_for() {
    const ctx::wait_group all;
    all.add(2);
    int left = 0;
    together({[&] {
                  all.wait();
                  check(left == 2, "woken too early");
              },
              [&] {
                  ++left;
                  all.done();
              },
              [&] {
                  ++left;
                  all.done();
              }});
}

ctx::task<ctx::error> fail_with(ctx::error e) {
    co_return e;
}

ctx::task<ctx::error> until_done(ctx::context c, ctx::chan<int> work) {
    co_await ctx::select(ctx::recv(c.done()), ctx::recv(work));
    co_return c.err();
}

void an_error_group_gives_the_first_error() {
    world w;
    const ctx::error bad("bad");
    const auto [group, c] = ctx::err_group::with_context(w.root, w.threads);
    together({[&] {
        group.go(fail_with, bad);
        group.go(until_done, c, ctx::chan<int>());
        check(group.wait() == bad, "another error");
    }});
    check(c.err() == ctx::canceled && ctx::cause(c) == bad, "the context did not end so");
}

ctx::task<> receive_one(ctx::chan<int> c, int* got) {
    co_await ctx::select(ctx::recv(c, *got));
}

void a_worker_is_woken_once() {
    world w;
    const ctx::chan<int> c(0);
    int got = 0;
    together({[&] { ctx::go(w.threads, receive_one, c, &got); }, [&] { c.send(3); }});
    check(got == 3 && w.threads.live() == 0, "the worker did not come to its end");
}

void a_waiting_worker_is_destroyed_while_it_is_woken() {
    const world w;
    const ctx::chan<int> c(0);
    ctx::step_scheduler steps(w.clock, 7);
    int got = 0;
    ctx::go(steps, receive_one, c, &got);
    steps.run_until_idle();
    together({[&] { c.try_send(3); }, [&] { steps.abandon(); }});
    check(steps.live() == 0, "the worker is still there");
    check(!c.try_send(3), "it is still queued");
}

void a_lock_excludes() {
    ctx::detail::small_mutex m;
    int inside = 0, entered = 0;
    const auto enter = [&] {
        const std::lock_guard lock(m);
        check(++inside == 1, "two are inside");
        ++entered;
        --inside;
    };
    together({enter, enter, enter});
    check(entered == 3, "one never entered");
}

void a_lock_is_entered_again() {
    ctx::detail::small_mutex m;
    int entered = 0;
    const auto enter = [&] {
        for (int i = 0; i < 2; ++i) {
            const std::lock_guard lock(m);
            ++entered;
        }
    };
    together({enter, enter});
    check(entered == 4, "one never entered");
}

} // namespace

void tst_explore_waiting::contexts_data() {
    rules({
        {"CTX-004 all waits for Done end", a_wait_for_done_ends},
        {"CTX-004 CHN-026 a select on Done ends, and leaves no trace", a_select_on_done_ends},
        {"CHN-020 CHN-026 a select takes a value or Done", a_select_takes_a_value_or_done, 3},
        {"CTX-302 a context is dropped while its Done is waited for", a_context_is_dropped_after_the_wait},
        {"CTX-088 a deadline or a value wakes a select", a_deadline_wakes_a_select, 3},
        {"CTX-004 the same, down to the insides of the locks", a_select_on_done_ends, 2,
         detail::insides_of_locks},
    });
}

void tst_explore_waiting::channels_data() {
    rules({
        {"CHN-002 a value is received once", a_value_is_received_once, 3},
        {"CHN-003 a buffer keeps the order", a_buffer_keeps_the_order},
        {"CHN-004 CHN-005 a close wakes sender and receiver", a_close_wakes_all},
        {"CHN-005 a close wakes two senders", a_close_wakes_two_senders},
        {"CHN-020 two selects meet once", two_selects_meet},
        {"CHN-020 two selects meet or are cancelled", two_selects_meet_or_are_cancelled, 2},
        {"CHN-026 two selects want one value", three_want_one_value, 2},
        {"CHN-010 the last handle of a channel goes", the_last_handle_of_a_channel_goes},
    });
}

void tst_explore_waiting::groups_data() {
    rules({
        {"CHN-062 a wait group is waited for", a_wait_group_is_waited_for, 3},
        {"CHN-064 CHN-065 an error group gives the first error", an_error_group_gives_the_first_error, 2},
        {"CHN-020 a worker is woken once", a_worker_is_woken_once},
        {"CHN-026 a waiting worker is destroyed while it is woken",
         a_waiting_worker_is_destroyed_while_it_is_woken},
    });
}

void tst_explore_waiting::locks_data() {
    rules({
        {"CTX-190 a lock lets one in at a time, and all in the end", a_lock_excludes, no_bound,
         detail::insides_of_locks},
        {"CTX-190 a lock is entered again", a_lock_is_entered_again, no_bound, detail::insides_of_locks},
    });
}

QTEST_APPLESS_MAIN(tst_explore_waiting)
#include "tst_explore_waiting.moc"
