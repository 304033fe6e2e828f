// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/after_func.h"
#include "ctx/detail/environment.h"
#include "ctx/detail/history.h"
#include "ctx/detail/node.h"
#include "ctx/detail/pool_cache.h"
#include "ctx/detail/select_core.h"
#include "ctx/detail/value_node.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

/// The nodes behind context handles.
///
/// Ownership (lifetime.cpp). A node lives while somebody counts it in refs_: handles, its value nodes and
/// views, sources of cancellation that may still act through it (an armed timer, a watcher). A cancel node P
/// also lives while it has linked children: being in P's list is a child's reference to P, counted by the
/// list. Nobody counts a linked child for being linked: its last reference is dropped under the list's lock
/// and takes it out, or, if something still has to happen through it (it is *pinned*: an AfterFunc that has
/// not run, or a pinned child of its own), leaves it to the list, which then owns it. Such a child keeps P
/// alive no longer, so there is no cycle: when P goes, what its list owns goes with it (CTX-302, CTX-306).
///
/// Cancelling (propagate.cpp). The one who marks P closes its list in the same step: nothing is added any
/// more, nobody but the marker takes anything out, and each child in it gets a counted reference to P. The
/// marker walks the list without a lock. A child whose last reference goes meanwhile stays where it is for
/// the marker to free.
///
/// Shares. A node on whose lock threads meet gets shares of its list, each with a lock of its own; a thread
/// links new children into its share. A share is closed after its node is done. Not in trees that somebody
/// observes, or whose order of siblings is given: there the list is one.
///
/// Locks. The selectable's lock of a cancel node guards its children and its waiters, and its step from open
/// to done. No thread holds the locks of two nodes, but for a select, which locks by address. Below it: the
/// locks of its shares, one at a time; and a clock's lock. No user code and no observer runs under them.
///
/// Publication. cause, then state (release); readers load state (acquire). Waiters are woken after that.
namespace ctx::detail {

/// What a node is made in: its environment stands in front of it, unless that is the real world's, and its
/// history in front of that.
struct node_memory {
    static constexpr std::size_t env_room = alignof(std::max_align_t);

    static environment* own_env(const node* n) noexcept {
        return n->flags_ & node::own_tree ? *env_slot(n) : nullptr;
    }
    static history* kept(const node* n) noexcept {
        if (!(n->flags_ & node::observed)) return nullptr;
        return reinterpret_cast<history*>(start_of(n) - env_room - history_room);
    }

    template <class N, class... A>
    static N* make(environment* own_env, A&&... arguments) {
        return make_sized<N>(own_env, sizeof(N), std::forward<A>(arguments)...);
    }
    /// Makes an N at the beginning of `size` bytes.
    template <class N, class... A>
    static N* make_sized(environment* own_env, std::size_t size, A&&... arguments);
    static void free(node* n) noexcept;

  private:
    static std::byte* start_of(const node* n) noexcept {
        return reinterpret_cast<std::byte*>(const_cast<node*>(n));
    }
    static environment** env_slot(const node* n) noexcept {
        return reinterpret_cast<environment**>(start_of(n) - env_room);
    }
    static void free_value(value_node* n, std::size_t room) noexcept; // value_node.cpp
    template <class N>
    static void destroy_as(node* n, std::size_t room) noexcept {
        static_cast<N*>(n)->~N();
        pool_put(start_of(n) - room, room + sizeof(N));
    }
};

/// The Background or TODO of a tree of its own.
class root_node final : public node {
  public:
    root_node(made_by asked, std::shared_ptr<environment> env)
        : node(kind::root, asked, nullptr), own_(std::move(env)) {}

  private:
    friend struct node_memory;
    ~root_node() = default;
    const std::shared_ptr<environment> own_;
};

class without_cancel_node final : public view_node {
  public:
    explicit without_cancel_node(node* parent)
        : view_node(kind::without_cancel, made_by::without_cancel, parent, nullptr) {}

  private:
    friend struct node_memory;
    ~without_cancel_node() = default;
};

class custom_node final : public node {
  public:
    custom_node(std::shared_ptr<custom_context> c, std::shared_ptr<environment> env)
        : node(kind::custom, made_by::custom, nullptr), impl(std::move(c)), own_(std::move(env)) {}
    const std::shared_ptr<custom_context> impl;

  private:
    friend struct node_memory;
    ~custom_node() = default;
    const std::shared_ptr<environment> own_; // null: the real world
};

/// How a child hangs on a parent that the library cannot see into: a watcher, or a registration through the
/// parent's own AfterFunc method.
class foreign_link {
  public:
    virtual ~foreign_link() = default;
    /// True if the child's cancellation will not come this way any more.
    virtual bool sever() = 0;
    std::shared_ptr<foreign_link> next; // of the same child; guarded by the child's lock
};

/// A part of the children of a busy node: a ring of siblings, in order of creation.
struct alignas(64) share {
    tiny_mutex lock;
    bool closed = false;       // guarded by the lock, as is the rest
    std::uint32_t counted = 0; // children that the list does not own
    cancel_node* first = nullptr;
};

/// What few cancel nodes need.
struct annex {
    cancel_node* first = nullptr;          // instead of the node's own; guarded by its lock
    std::shared_ptr<foreign_link> foreign; // guarded by its lock
    cancel_node* behind = nullptr;         // linked to this one, found through a custom parent; set at birth
    error deadline_cause;                  // set at birth
    std::optional<system_time> made_from;  // set at birth: the wall time of the deadline
    atomic<duration::rep> wall{unasked};   // the deadline's wall time, once somebody asked for it
    atomic<share*> spread{nullptr};        // the array of shares; set once, under the node's lock
    static constexpr duration::rep unasked = duration::min().count();
    ~annex() { delete[] spread.load(std::memory_order_relaxed); }
};

/// A context with a Done of its own, made by WithCancel; and, with a callback, an AfterFunc registration.
class cancel_node : public node, public selectable {
  public:
    cancel_node(made_by asked, node* parent) noexcept
        : node(kind::cancel, asked, parent), selectable(what::done) {}

    bool is_done() const noexcept { return state() != open; }
    /// Only when is_done().
    error final_err() const noexcept { return err_of(this); }
    error final_cause() const noexcept;

    /// Ends this context and everything linked below it. Returns when that is so, whoever did it (CTX-190).
    /// `cause` empty: err. CTX-063
    void cancel(const error& err, const error& cause, const trigger& by);
    /// The same with Canceled.
    void cancel(const error& cause, const trigger& by);

    /// Steps 1 to 5 of CTX-160: arranges that this node falls with its parent. `past_due`: its deadline is
    /// over, which makes it done unless the parent is already. Called once, before anyone else knows the
    /// node.
    void connect(const error* past_due_cause);

    /// Arranges that this node falls with another context too, with its err and cause: a moment later, by a
    /// watcher.
    void join(const context& other);

    /// Linked children that are not done, and registrations not claimed. O(children)
    std::size_t child_count() noexcept;
    inline class deadline_node* as_deadline() noexcept;
    inline class registration_node* as_registration() noexcept;
    friend link_queue& done_waiters(selectable& done) noexcept;
    friend error other_err(const node* owner);

    void retain() noexcept { node::retain(); }
    void release() noexcept { node::release(this); }
    /// Of a node that nobody else knows.
    void begin_with(std::uint32_t references) noexcept {
        refs_.store(references + sources_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    void never_began() noexcept {
        sources_.store(0, std::memory_order_relaxed);
        refs_.store(1, std::memory_order_relaxed);
        node::release(this);
    }

    /// The counted reference of a timer or of a foreign parent.
    void retain_as_source() noexcept {
        sources_.fetch_add(1, std::memory_order_relaxed);
        node::retain();
    }
    void release_as_source() noexcept {
        sources_.fetch_sub(1, std::memory_order_relaxed);
        node::release(this);
    }

  protected:
    friend class node;
    friend struct node_memory;
    friend class watcher;
    friend struct node_access;
    ~cancel_node() { delete annex_if_any(); }

    /// With its parent's list. `linked` and `owned` are left under that list's lock while it is open, and
    /// under this node's own lock once it is closed.
    enum membership : std::uint8_t {
        fresh,    // not connected yet: counts nothing
        apart,    // never linked: counts its parent
        linked,   // in the list, which counts it
        owned,    // in the list, which owns it: counts nothing
        released, // was in the list: counts its owner there
        in_share =
            8 // added to linked and owned: in that share, counted from 1, and not in the node's own list
    };
    static constexpr std::uint8_t membership_bits = in_share - 1;
    /// In refs_, while children are, or were, linked: the list as a whole, whose last child goes on where the
    /// last handle left off.
    static constexpr std::uint32_t list_ref = std::uint32_t{1} << 31;

    /// What comes of marking a node.
    struct marked {
        bool first = false;              // it was not done before
        bool passed = false;             // in the same step, as nothing else is to be done with it
        cancel_node* children = nullptr; // the closed list, which is the caller's now
    };

    /// How a child without references left the list.
    struct parting {
        bool closed = false; // it did not: the list is closed
        bool stays = false;  // owned by the list
        bool last = false;   // the caller has got a reference to the list's node
    };

    bool is_registration() const noexcept { return asked_ == made_by::after_func; }
    bool pinned() noexcept;
    cancel_node* link_target() const noexcept;

    node* drop() noexcept;
    node* leave() noexcept;
    node* leave_closed() noexcept;
    node* free_released() noexcept;
    parting part_with(cancel_node* child) noexcept;
    static bool take_out(cancel_node* child, cancel_node*& first, std::uint32_t& counted) noexcept;
    bool last_child_left() noexcept;
    bool nobody_counts() noexcept;
    bool has_children() noexcept;
    void free_owned(cancel_node*& rest) noexcept;
    share* spread() const noexcept {
        const annex* const a = annex_if_any();
        return a ? a->spread.load(std::memory_order_acquire) : nullptr;
    }
    void spread_out();
    cancel_node* close_shares(cancel_node* children) noexcept;

    /// `list`: the closed list in which it was found, if it was; then the caller has to pass it.
    bool end_alone(std::uint8_t how, const error& cause);
    void cancel_all(const error& err, const error& cause, const trigger& by);
    marked mark(const error& err, const error& cause, const wave& by, cancel_node* list);
    /// With the lock held, or before others know the node. Gives the list that was closed.
    cancel_node* end_as(const error& err, const error& cause, const wave& by);
    cancel_node* close_list();
    void stay_apart() noexcept {
        parent_->retain();
        link_.store(apart, std::memory_order_relaxed);
    }
    void born_done(const error& err, const error& cause, const wave& by);
    void born_done_like(cancel_node& parent);
    std::size_t propagate(cancel_node* child, const error& err, const error& cause, const wave& by);
    /// The walk of this node's list leaves `child` behind; it may be gone afterwards.
    void pass(cancel_node* child) noexcept;
    /// With the lock held. True if nobody counts it any more: whoever passes it frees it.
    bool let_go() noexcept;
    static void free_passed(cancel_node* child, cancel_node* list, bool was_owned) noexcept;
    /// Of an observed node: what its history will say, and that of all that fall with it.
    wave begin_wave(const trigger& by);
    /// Before it is done.
    void keep_ending(const wave& by) noexcept;
    void settle() noexcept;
    void settle_alone() noexcept;
    void wait_settled() noexcept;
    /// Of an observed node: out of its parent's list at once.
    void detach_self() noexcept;
    void release_sources() {
        if (sources_.load(std::memory_order_acquire) > 0) take_back_sources();
    }
    void take_back_sources();
    void shuffle_children();

    bool link_to(cancel_node* p);
    void link_foreign(const context& parent, const recv_chan<empty>& done, custom_after_func* method);

    // With the lock held.
    cancel_node* first() const noexcept {
        const std::uintptr_t below = below_.load(std::memory_order_relaxed);
        return below & 1 ? reinterpret_cast<annex*>(below - 1)->first : reinterpret_cast<cancel_node*>(below);
    }
    void set_first(cancel_node* c) noexcept {
        const std::uintptr_t below = below_.load(std::memory_order_relaxed);
        if (below & 1)
            reinterpret_cast<annex*>(below - 1)->first = c;
        else
            below_.store(reinterpret_cast<std::uintptr_t>(c), std::memory_order_relaxed);
    }
    static void push(cancel_node*& first, cancel_node* c) noexcept;
    static void remove(cancel_node*& first, cancel_node* c) noexcept;

    annex* annex_if_any() const noexcept {
        const std::uintptr_t below = below_.load(std::memory_order_acquire);
        return below & 1 ? reinterpret_cast<annex*>(below - 1) : nullptr;
    }
    /// Made when first asked for. With the lock held, or before others know the node.
    annex& own_annex();

    atomic<std::uint8_t> link_{fresh};
    atomic<std::uint8_t> sources_{0};    // of refs_, those that only a source of cancellation holds
    std::uint32_t counted_children_ = 0; // those in the list that it does not own; guarded by the lock
    cancel_node* prev_ =
        nullptr; // in the parent's list, a ring; of a child that a walk is in: where to go back to
    cancel_node* next_ = nullptr; // in a closed list the last one has none
    atomic<std::uintptr_t> below_{
        0};              // the first child, or, with the lowest bit set, the annex; guarded by the lock
    link_queue waiters_; // on Done; guarded by the lock
    error cause_;        // before state_, never after. With by_other_error it is an ending_pair
};

/// WithDeadline with a timer of its own.
class deadline_node final : public cancel_node {
  public:
    deadline_node(made_by asked, node* parent, time_point when, const error& cause,
                  const std::optional<system_time>& wall);

    time_point when() const noexcept { return timer_.when(); }
    /// The wall time it is shown with: the one it was made from, or else what when() was when first asked.
    /// It does not change when the machine's clock is set.
    system_time wall();
    bool made_from_wall() const noexcept;
    error deadline_cause() const noexcept;
    /// Its timer is a source from the beginning, and has one of the references that it begins with. Called
    /// once, when it is connected; if it is done by then, that reference is given back.
    void arm();
    /// True if this call kept the timer from firing.
    bool disarm() noexcept { return env().time().disarm(timer_); }

  private:
    friend struct node_memory;
    ~deadline_node() = default;

    /// A member and not a base, so that the node begins where its memory does.
    class timer final : public timer_entry {
      public:
        explicit timer(time_point when) noexcept : timer_entry(when) {}
        time_point when() const noexcept { return due(); }

      private:
        void fire() noexcept override { deadline_node::of(*this).expire(); }
    };
    static deadline_node& of(timer& t) noexcept {
        static_assert(sizeof(deadline_node) == sizeof(cancel_node) + sizeof(timer));
        auto* const at = reinterpret_cast<std::byte*>(&t) - sizeof(cancel_node);
        return *std::launder(reinterpret_cast<deadline_node*>(at));
    }
    void expire() noexcept;

    timer timer_;
};

/// An AfterFunc registration: a child that is never visible as a context.
class registration_node final : public cancel_node {
  public:
    registration_node(node* parent, callback f)
        : cancel_node(made_by::after_func, parent), callback_(std::move(f)) {}

    /// Somebody has decided what becomes of the callback: it runs, or it never will (CTX-144).
    bool claimed() const noexcept { return claimed_.load(std::memory_order_acquire); }
    /// Starts the callback if nobody was first.
    void run();
    bool stop();

  private:
    friend struct node_memory;
    ~registration_node() = default;
    bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }

    atomic<bool> claimed_{false};
    callback callback_; // taken by whoever claimed
};

/// The private key with which a context is asked for the nearest cancel node behind it.
extern const key<cancel_node> cancel_node_key;

inline environment& node::env() const noexcept {
    environment* const own = node_memory::own_env(this);
    return own ? *own : *environment::real();
}
inline observer* node::watched_by() const noexcept {
    environment* const own = node_memory::own_env(this);
    return own ? own->watched_by() : nullptr;
}
inline history* node::kept() const noexcept {
    return node_memory::kept(this);
}
inline node_id node::id() const noexcept {
    const history* const h = kept();
    return h ? h->made.id : 0;
}
inline cancel_node* node::as_cancel() noexcept {
    return kind_ == kind::cancel ? static_cast<cancel_node*>(this) : nullptr;
}
inline custom_node* node::as_custom() noexcept {
    return kind_ == kind::custom ? static_cast<custom_node*>(this) : nullptr;
}
inline deadline_node* cancel_node::as_deadline() noexcept {
    return flags_ & timed ? static_cast<deadline_node*>(this) : nullptr;
}
inline registration_node* cancel_node::as_registration() noexcept {
    return is_registration() ? static_cast<registration_node*>(this) : nullptr;
}

/// The answers of a context (answers.cpp).
std::optional<time_point> deadline_of(node* n);
recv_chan<empty> done_of(node* n);
error cause_of(node* n);
any_value value_of(node* n, const any_key& k);
/// Who answers the private key: the cancel node behind this context, through views and custom contexts; or
/// null.
cancel_node* nearest_cancel(node* n);
std::string string_of(node* n);

/// The bridge between handles and nodes.
struct node_access {
    static node* get(const context& c) noexcept { return c.node_; }
    static context adopt(node* n) noexcept { return context(n); }
    static context share(node* n) noexcept {
        n->retain();
        return context(n);
    }
    /// Gives the children of a cancellable context shares, as if threads had met there.
    static void spread_out(const context& c) { c.node_->as_cancel()->spread_out(); }
    /// A function that takes over a reference.
    template <class F>
    static F function(cancel_node* n) noexcept {
        return F(n);
    }
};

/// Tells the observer that `n` exists; before anything can happen to it.
void announce(node* n, bool born_done, const call_site& where);

template <class N, class... A>
N* node_memory::make_sized(environment* own_env, std::size_t size, A&&... arguments) {
    const bool watched = own_env && own_env->watched_by();
    const std::size_t room = (watched ? history_room : 0) + (own_env ? env_room : 0);
    auto* const raw = static_cast<std::byte*>(pool_take(room + size));
    N* n = nullptr;
    try {
        n = new (raw + room) N(std::forward<A>(arguments)...);
    } catch (...) {
        pool_put(raw, room + size);
        throw;
    }
    if (!own_env) return n;
    n->flags_ |= node::own_tree;
    *env_slot(n) = own_env;
    if (watched) {
        n->flags_ |= node::observed;
        new (raw) history{.made = {.id = own_env->next_id(), .tree = own_env}, .ended = {}};
    }
    return n;
}

} // namespace ctx::detail
