// SPDX-License-Identifier: MIT
#include "explore/world.h"

#include "explore/instruments.h"

using namespace explore;

/// Children of contexts that the library cannot see into, in every order in which either can end or go.
class tst_explore_foreign : public QObject {
    Q_OBJECT

  private slots:
    void watched_data();
    void watched() { explore_rule(); }
    void byAfterFunc_data();
    void byAfterFunc() { explore_rule(); }
};

namespace {

/// A context type of a program's own.
class own_context : public ctx::custom_context {
  public:
    std::optional<ctx::time_point> deadline() const override { return std::nullopt; }
    ctx::recv_chan<ctx::empty> done() const override { return done_; }
    ctx::error err() const override {
        const std::lock_guard lock(mutex_);
        return err_;
    }
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
    std::string string() const override { return "own"; }

    virtual void end() {
        {
            const std::lock_guard lock(mutex_);
            err_ = ctx::canceled;
        }
        done_.close();
    }

  protected:
    mutable ctx::detail::mutex mutex_;
    ctx::error err_; // guarded by mutex_

  private:
    const ctx::chan<ctx::empty> done_{0};
};

/// The same, which runs callbacks itself.
class own_after_func final : public own_context, public ctx::custom_after_func {
  public:
    std::function<bool()> after_func(std::function<void()> f) override {
        {
            const std::lock_guard lock(mutex_);
            if (!err_) {
                callback_ = std::move(f);
                return [this] {
                    std::function<void()> dropped;
                    const std::lock_guard mine(mutex_);
                    return static_cast<bool>(dropped = std::exchange(callback_, nullptr));
                };
            }
        }
        f();
        return [] { return false; };
    }
    void end() override {
        own_context::end();
        std::function<void()> f;
        {
            const std::lock_guard lock(mutex_);
            f = std::exchange(callback_, nullptr);
        }
        if (f) f();
    }

  private:
    std::function<void()> callback_; // guarded by mutex_
};

template <class C>
struct foreign_world : world {
    std::shared_ptr<C> own = std::make_shared<C>();
    ctx::context parent{own, root};
    std::optional<ctx::cancelable> child;
};

template <class C>
void a_child_ends_with_its_parent_or_by_itself() {
    foreign_world<C> w;
    w.child = ctx::with_cancel(w.parent);
    together({[&] { w.own->end(); }, [&] { w.child->cancel(); }});
    check(w.child->context.err() == ctx::canceled, "the child is not done");
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
}

template <class C>
void a_child_is_dropped_while_its_parent_ends() {
    foreign_world<C> w;
    w.child = ctx::with_cancel(w.parent);
    together({[&] { w.own->end(); }, [&] { w.child.reset(); }});
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
}

template <class C>
void a_child_is_made_while_its_parent_ends() {
    foreign_world<C> w;
    together({[&] { w.own->end(); }, [&] { w.child = ctx::with_cancel(w.parent); }});
    check(w.child->context.err() == ctx::canceled, "the child missed its parent's end");
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
}

template <class C>
void a_child_is_cancelled_and_dropped() {
    foreign_world<C> w;
    w.child = ctx::with_cancel(w.parent);
    std::optional<ctx::cancel_func> cancel = w.child->cancel;
    together({[&] {
                  (*cancel)();
                  cancel.reset();
              },
              [&] { w.child.reset(); }, [&] { w.own->end(); }});
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
}

template <class C>
void a_grandchild_ends_too() {
    foreign_world<C> w;
    w.child = ctx::with_cancel(w.parent);
    const auto leaf = ctx::with_cancel(w.child->context);
    together({[&] { w.own->end(); },
              [&] {
                  w.child->cancel();
                  check(leaf.context.err() == ctx::canceled, "cancel returned before the leaf was done");
              }});
    check(leaf.context.err() == ctx::canceled, "the leaf is not done");
}

template <class C>
void a_callback_runs_once() {
    foreign_world<C> w;
    int ran = 0, stopped = 0;
    const auto stop = ctx::after_func(w.parent, [&] { ++ran; });
    together({[&] { w.own->end(); }, [&] { stopped += stop(); }});
    check(ran + stopped == 1, "not exactly one of run and stop");
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
}

template <class C>
void a_deadline_passes() {
    foreign_world<C> w;
    w.child = ctx::with_timeout(w.parent, 1s);
    together({[&] { w.own->end(); }, [&] { w.clock->advance(1s); }, [&] { w.child.reset(); }});
    check(ctx::watchers_of(w.root) == 0, "a watcher is left");
    check(w.clock->pending() == 0, "a timer is still armed");
}

} // namespace

void tst_explore_foreign::watched_data() {
    rules({
        {"CTX-167 a watched child ends with its parent or by itself",
         a_child_ends_with_its_parent_or_by_itself<own_context>},
        {"CTX-167 a watched child is dropped while its parent ends",
         a_child_is_dropped_while_its_parent_ends<own_context>},
        {"CTX-037 CTX-160 a watched child is made while its parent ends",
         a_child_is_made_while_its_parent_ends<own_context>},
        {"CTX-167 a watched child is cancelled and dropped while its parent ends",
         a_child_is_cancelled_and_dropped<own_context>, 3},
        {"CTX-190 a watched child's child ends too", a_grandchild_ends_too<own_context>},
        {"CTX-144 a callback on a watched parent runs or is stopped", a_callback_runs_once<own_context>},
        {"CTX-088 a watched child's deadline passes while its parent ends", a_deadline_passes<own_context>,
         2},
    });
}

void tst_explore_foreign::byAfterFunc_data() {
    rules({
        {"CTX-165 a child by AfterFunc ends with its parent or by itself",
         a_child_ends_with_its_parent_or_by_itself<own_after_func>},
        {"CTX-165 a child by AfterFunc is dropped while its parent ends",
         a_child_is_dropped_while_its_parent_ends<own_after_func>},
        {"CTX-037 CTX-176 a child by AfterFunc is made while its parent ends",
         a_child_is_made_while_its_parent_ends<own_after_func>},
        {"CTX-165 a child by AfterFunc is cancelled and dropped while its parent ends",
         a_child_is_cancelled_and_dropped<own_after_func>, 3},
        {"CTX-190 the child of a child by AfterFunc ends too", a_grandchild_ends_too<own_after_func>},
        {"CTX-144 a callback by AfterFunc runs or is stopped", a_callback_runs_once<own_after_func>},
        {"CTX-088 the deadline of a child by AfterFunc passes while its parent ends",
         a_deadline_passes<own_after_func>, 3},
    });
}

QTEST_APPLESS_MAIN(tst_explore_foreign)
#include "tst_explore_foreign.moc"
