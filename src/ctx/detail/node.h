// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/environment.h"
#include "ctx/detail/history.h"
#include "ctx/detail/select_core.h"

#include <cstddef>
#include <cstdint>

/// What is behind a context handle.
///
/// Ownership. A node holds a counted reference to its parent, so a handle keeps its ancestors alive. A cancel
/// node P knows the children that are linked to it without counting them: a child's last reference is dropped
/// under P's lock, and takes the child out of P's list, or, if something still has to happen through the
/// child (it is *pinned*: an AfterFunc that has not run, or a pinned child of its own), leaves it to P's
/// list, which then owns it. Such a child gives its reference to its parent back, so there is no cycle: when
/// P goes, its list goes with it (CTX-302, CTX-306). References that only a source of cancellation holds (an
/// armed timer, a watcher) are counted apart, so that an unpinned node that nobody else refers to can take
/// them back and go.
///
/// Locks. `mutex_` of a cancel node guards its child list and its step from open to done. Lock order: child
/// before nothing, parent before nothing: no thread ever holds two of them. Below it: a clock's lock.
/// Separate from it, and never held together with it: the selectable's lock, which guards the waiters on
/// Done. No user code and no observer runs under either.
///
/// Publication. cause, then err, then done_ (release); readers load done_ (acquire). Waiters are woken after
/// that.
namespace ctx::detail {

enum class kind : std::uint8_t { root, cancel, value, without_cancel, custom };

class cancel_node;
class custom_node;

class node {
  public:
    node(const node&) = delete;
    node& operator=(const node&) = delete;

    void retain() noexcept {
        if (!immortal_) refs_.fetch_add(1, std::memory_order_relaxed);
    }
    /// Drops one reference, and with it, iteratively, whatever that frees.
    void release() noexcept { release(this); }
    static void release(node* n) noexcept;

    environment& env() const noexcept { return *env_; }
    node* parent() const noexcept { return parent_; }
    made_by asked() const noexcept { return asked_; }
    ctx::detail::kind kind() const noexcept { return kind_; }

    /// The nearest of this node and its ancestors with a Done of its own; null: never done.
    node* done_owner() const noexcept { return done_owner_; }
    cancel_node* as_cancel() noexcept;
    custom_node* as_custom() noexcept;

    observer* watched_by() const noexcept { return env_->watched_by(); }
    node_id id() const noexcept {
        const history* const h = const_cast<node*>(this)->kept();
        return h ? h->made.id : 0;
    }
    /// What is kept of an observed context; null for others.
    history* kept() noexcept;

    std::optional<time_point> deadline();
    recv_chan<empty> done();
    error err();
    error cause();
    any_value value(const any_key& k);
    /// Value without telling the observer.
    any_value find(const any_key& k, std::vector<node_id>* path);
    /// Who answers the private key: the cancel node behind this context, through views and custom contexts;
    /// or null.
    cancel_node* nearest_cancel();
    std::string string();
    std::string own_string();

    /// Memory for a node, with room for its history in front of it when the tree is observed.
    template <class N, class... A>
    static N* make(environment& env, A&&... arguments);
    static void free(node* n) noexcept;

  protected:
    node(ctx::detail::kind k, made_by asked, environment* env, node* parent, bool owns_done) noexcept
        : env_(env), parent_(parent),
          done_owner_(owns_done ? this : (parent ? parent->done_owner_ : nullptr)), kind_(k), asked_(asked) {
        if (parent_) parent_->retain();
    }
    ~node() = default;

    atomic<std::uint32_t> refs_{1};
    environment* env_;
    node* parent_; // counted; null for roots, and for a pinned node that its list owns
    node* done_owner_;
    const ctx::detail::kind kind_;
    const made_by asked_;
    bool immortal_ = false;
    bool observed_ = false; // a history stands in front of the node
    bool named_stop_ctx_ =
        false; // registered through the parent's AfterFunc method: the name hides the parent (CTX-166)

  private:
    friend class cancel_node;
    /// Drops one reference. True: `n` has let go of `up`, whose reference is to be dropped next.
    static bool drop(node* n, node*& up) noexcept;
    static void destroy(node* n) noexcept;
};

/// Background, TODO, and the roots of other trees.
class root_node final : public node {
  public:
    root_node(made_by asked, std::shared_ptr<environment> env, bool immortal)
        : node(kind::root, asked, env.get(), nullptr, false), own_(std::move(env)) {
        immortal_ = immortal;
    }

  private:
    friend class node;
    std::shared_ptr<environment> own_;
};

class value_node final : public node {
  public:
    value_node(node* parent, any_key k, any_value v)
        : node(kind::value, made_by::with_value, &parent->env(), parent, false), key(std::move(k)),
          held(std::move(v)) {}
    const any_key key;
    const any_value held;
};

class without_cancel_node final : public node {
  public:
    explicit without_cancel_node(node* parent)
        : node(kind::without_cancel, made_by::without_cancel, &parent->env(), parent, false) {
        done_owner_ = nullptr;
    }
};

class custom_node final : public node {
  public:
    custom_node(std::shared_ptr<custom_context> c, std::shared_ptr<environment> env)
        : node(kind::custom, made_by::custom, env.get(), nullptr, true), own_(std::move(env)),
          impl(std::move(c)) {}

  private:
    friend class node;
    std::shared_ptr<environment> own_;

  public:
    const std::shared_ptr<custom_context> impl;
};

/// How a child hangs on a parent that the library cannot see into: a watcher, or a registration through the
/// parent's own AfterFunc method.
class foreign_link {
  public:
    virtual ~foreign_link() = default;
    /// True if the child's cancellation will not come this way any more.
    virtual bool sever() = 0;
    std::shared_ptr<foreign_link> next; // of the same child; guarded by the child's mutex_
};

/// A context with a Done of its own, made by WithCancel; and, with a callback, an AfterFunc registration.
class cancel_node : public node, public selectable {
  public:
    cancel_node(made_by asked, node* parent, bool timed = false)
        : node(kind::cancel, asked, &parent->env(), parent, true), selectable(what::done), timed_(timed) {}

    bool is_done() const noexcept { return done_.load(std::memory_order_acquire); }
    /// Only when is_done().
    const error& final_err() const noexcept { return err_; }
    const error& final_cause() const noexcept { return cause_; }

    /// Ends this context and everything linked below it. Returns when that is so, whoever did it (CTX-190).
    /// `cause` empty: err. CTX-063
    void cancel(const error& err, const error& cause, const trigger& by);

    /// Steps 1 to 5 of CTX-160: arranges that this node falls with its parent. `past_due`: its deadline is
    /// over, which makes it done unless the parent is already. Called once, before anyone else knows the
    /// node.
    void connect(const error* past_due_cause);

    /// Arranges that this node falls with another context too, with its err and cause: a moment later, by a
    /// watcher.
    void join(const context& other);

    std::size_t child_count() noexcept;
    class deadline_node* as_deadline() noexcept;
    class registration_node* as_registration() noexcept;

    using node::release;
    using node::retain;
    friend link_queue& done_waiters(selectable& done) noexcept;

  protected:
    friend class node;
    virtual ~cancel_node() = default; // never through a base; virtual because friends could

    bool is_registration() const noexcept { return asked_ == made_by::after_func; }
    bool pinned() const noexcept;
    bool drop_reference(node*& up) noexcept;
    /// Marks it done and wakes the waiters. False if it was done already.
    bool mark(const error& err, const error& cause, const wave& by);
    void born_done(const error& err, const error& cause, const wave& by);
    /// Under a parent that is done already.
    void born_done_like(cancel_node& parent);
    std::size_t propagate(const error& err, const error& cause, const wave& by);
    /// Of an observed node: what its history will say, and that of all that fall with it.
    wave begin_wave(const trigger& by);
    /// Before done_ is set.
    void keep_ending(const wave& by) noexcept;
    void settle() noexcept;
    void wait_settled() noexcept;
    /// Takes the next child, with a reference; null when there is none.
    cancel_node* pop_child() noexcept;
    /// Takes this node out of the list it is in, if any.
    void detach_self();
    void release_sources();
    void shuffle_children();

    bool link_to(cancel_node* p);
    void link_foreign(const context& parent, const recv_chan<empty>& done, custom_after_func* method);
    /// With mutex_ held.
    void push_child(cancel_node* c) noexcept;
    void remove_child(cancel_node* c) noexcept;

    /// The timer or the foreign parent takes or gives back its reference.
    void retain_as_source() noexcept {
        sources_.fetch_add(1, std::memory_order_relaxed);
        node::retain();
    }
    void release_as_source() noexcept {
        sources_.fetch_sub(1, std::memory_order_relaxed);
        node::release();
    }
    friend class watcher;
    friend class after_func_link;

    const bool timed_;                // is a deadline_node
    atomic<bool> done_{false};        // set once, under mutex_, after err_ and cause_
    bool list_owned_ = false;         // guarded by the mutex_ of linked_to_
    atomic<std::uint8_t> sources_{0}; // of refs_, those that only a source of cancellation holds
    small_mutex mutex_;
    atomic<std::uint32_t> settled_{0}; // 1: everything linked below is done too; who lost a race waits for it
    std::uint32_t pins_ = 0;           // children that the list owns; guarded by mutex_
    std::uint32_t children_ = 0;       // length of the list; guarded by mutex_
    cancel_node* first_ = nullptr;     // children in order of creation; guarded by mutex_
    cancel_node* last_ = nullptr;
    cancel_node* prev_ = nullptr; // siblings; guarded by the mutex_ of linked_to_
    cancel_node* next_ = nullptr;
    atomic<cancel_node*> linked_to_{nullptr}; // whose list it is in; set at birth, cleared under that mutex_
    cancel_node* up_ = nullptr; // during a propagation, owned by the propagating thread: where to go on
    link_queue waiters_;        // on Done; guarded by the selectable's lock
    error err_;                 // written under mutex_ before done_, never after
    error cause_;
    std::shared_ptr<foreign_link> foreign_; // guarded by mutex_
};

/// WithDeadline with a timer of its own.
class deadline_node final : public cancel_node, private timer_entry {
  public:
    deadline_node(made_by asked, node* parent, time_point when, error cause,
                  const std::optional<system_time>& wall)
        : cancel_node(asked, parent, true), made_from_wall_(wall.has_value()), when_(when),
          deadline_cause_(std::move(cause)), wall_(wall.value_or(not_asked).time_since_epoch().count()) {}

    time_point when() const noexcept { return when_; }
    /// The wall time it is shown with: the one it was made from, or else what when() was when first asked.
    /// It does not change when the machine's clock is set.
    system_time wall() noexcept;
    bool made_from_wall() const noexcept { return made_from_wall_; }
    const error& deadline_cause() const noexcept { return deadline_cause_; }
    void arm();
    /// True if this call kept the timer from firing.
    bool disarm() noexcept;

  private:
    void fire() noexcept override;

    static constexpr system_time not_asked = system_time::min();
    const bool made_from_wall_;
    const time_point when_;
    const error deadline_cause_;
    atomic<duration::rep> wall_;
    atomic<bool> armed_{false};
};

/// An AfterFunc registration: a child that is never visible as a context.
class registration_node final : public cancel_node {
  public:
    registration_node(node* parent, std::function<void()> f)
        : cancel_node(made_by::after_func, parent), callback_(std::move(f)) {}

    /// The one who gets true decides what becomes of the callback: it runs, or it never will (CTX-144).
    bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }
    bool claimed() const noexcept { return claimed_.load(std::memory_order_acquire); }
    /// Starts the callback if nobody was first.
    void run();
    bool stop();

  private:
    atomic<bool> claimed_{false};
    std::function<void()> callback_; // moved out by whoever claimed
};

/// The private key with which a context is asked for the nearest cancel node behind it.
extern const key<cancel_node> cancel_node_key;

inline cancel_node* node::as_cancel() noexcept {
    return kind_ == kind::cancel ? static_cast<cancel_node*>(this) : nullptr;
}
inline deadline_node* cancel_node::as_deadline() noexcept {
    return timed_ ? static_cast<deadline_node*>(this) : nullptr;
}
inline registration_node* cancel_node::as_registration() noexcept {
    return is_registration() ? static_cast<registration_node*>(this) : nullptr;
}
inline custom_node* node::as_custom() noexcept {
    return kind_ == kind::custom ? static_cast<custom_node*>(this) : nullptr;
}

/// The bridge between handles and nodes.
struct node_access {
    static node* get(const context& c) noexcept { return c.node_; }
    static context adopt(node* n) noexcept { return context(n); }
    static context share(node* n) noexcept {
        n->retain();
        return context(n);
    }
    template <class F>
    static F function(context c) {
        return F(std::move(c));
    }
};

/// Tells the observer that `n` exists; before anything can happen to it.
void announce(node* n, bool born_done, const call_site& where);

template <class N, class... A>
N* node::make(environment& env, A&&... arguments) {
    const bool watched = env.watched_by() != nullptr;
    const std::size_t room = watched ? history_room : 0;
    auto* raw = static_cast<std::byte*>(::operator new(room + sizeof(N)));
    N* n = nullptr;
    try {
        n = new (raw + room) N(std::forward<A>(arguments)...);
    } catch (...) {
        ::operator delete(raw);
        throw;
    }
    if (watched) {
        n->observed_ = true;
        new (raw) history{.made = {.id = env.next_id(), .tree = &env}, .ended = {}};
    }
    return n;
}

} // namespace ctx::detail
