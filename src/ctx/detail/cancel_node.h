// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/after_func.h"
#include "ctx/detail/callback.h"
#include "ctx/detail/history.h"
#include "ctx/detail/node_memory.h"
#include "ctx/detail/select_core.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

/// Contexts that can be cancelled. Their ownership, locks and publication: tree.h.
namespace ctx::detail {

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
    /// The usual case of it in short, by somebody who has a handle. False: it is another case, and nothing
    /// has happened.
    bool cancel_simply(const error& cause) noexcept { return end_alone(by_cancel, cause, true); }

    /// Steps 1 to 5 of CTX-160: arranges that this node falls with its parent. `past_due`: its deadline is
    /// over, which makes it done unless the parent is already. Called once, before anyone else knows the
    /// node.
    void connect(const error* past_due_cause);
    /// The same in short, where nobody observes it, without a deadline that is over. False: connect() has to
    /// do it.
    bool connect_simply() {
        if (parent_->kind() == kind::root) {
            stay_apart();
            return true;
        }
        return parent_->kind() == kind::cancel && link_to(static_cast<cancel_node*>(parent_));
    }

    /// Arranges that this node falls with another context too, with its err and cause: a moment later, by a
    /// watcher.
    void join(const context& other);

    /// Linked children that are not done, and registrations not claimed. O(children)
    std::size_t child_count() noexcept;
    inline class deadline_node* as_deadline() noexcept;
    inline class registration_node* as_registration() noexcept;
    friend link_queue& done_waiters(selectable& done) noexcept;
    friend error other_err(const node* owner);
    friend void give_up_kept_back() noexcept;

    void retain() noexcept { node::retain(); }
    void release() noexcept { node::release(this); }
    /// Of a node that nobody else knows.
    void begin_with(std::uint32_t handles) noexcept {
        refs_.store(handles + list_ref + (refs_.load(std::memory_order_relaxed) & source_refs),
                    std::memory_order_relaxed);
    }
    void never_began() noexcept {
        refs_.store(1, std::memory_order_relaxed);
        node::release(this);
    }

    /// The reference of a timer, of a foreign parent, or of another context that this one follows.
    void retain_as_source() noexcept { refs_.fetch_add(source_ref, std::memory_order_relaxed); }
    void release_as_source() noexcept;

  protected:
    friend class node;
    friend struct node_memory;
    friend class watcher;
    friend struct node_access;
    ~cancel_node() {
        if (has_annex()) delete_annex();
    }
    void delete_annex() noexcept;

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
    /// In refs_, from birth until the list is closed with children in it or nobody else is counted: the list
    /// as a whole, whose last child goes on where the last handle left off.
    static constexpr std::uint32_t list_ref = std::uint32_t{1} << 31;
    /// In refs_, once for each source of cancellation, of which there are three at the most. They do not get
    /// more once others know the node.
    static constexpr std::uint32_t source_ref = std::uint32_t{1} << 29;
    static constexpr std::uint32_t source_refs = 3 * source_ref;
    /// In refs_, all the others: who could notice that it ends.
    static constexpr std::uint32_t counted_refs = source_ref - 1;

    /// The references in `refs` of sources that have not given theirs back.
    inline std::uint32_t sources_in(std::uint32_t refs) const noexcept;

    /// What comes of marking a node.
    struct marked {
        bool first = false;              // it was not done before
        bool passed = false;             // in the same step, as nothing else is to be done with it
        cancel_node* children = nullptr; // the closed list, which is the caller's now
    };

    /// How a child without references left the list. Bits of one byte, which stays in a register.
    enum parting : std::uint8_t {
        left = 0,
        closed = 1, // it did not: the list is closed
        stays = 2,  // owned by the list
        goes_on = 4 // the caller has got a reference to the list's node
    };

    bool is_registration() const noexcept { return asked_ == made_by::after_func; }
    bool pinned() noexcept;
    cancel_node* link_target() const noexcept;

    /// Gives up one reference. False: it may be the last one, and nothing has happened.
    bool drop_one_of_many() noexcept;
    /// After that. The result is what loses one by it.
    node* drop_last() noexcept;
    [[gnu::noinline]] node* drop_slowly() noexcept;
    bool left_to_children(std::uint32_t refs) noexcept;
    node* leave() noexcept;
    node* leave_closed() noexcept;
    node* free_released() noexcept;
    std::uint8_t part_with(cancel_node* child) noexcept;
    [[gnu::noinline]] std::uint8_t part_with_in_share(cancel_node* child, share& in) noexcept;
    static std::uint8_t take_out(cancel_node* child, cancel_node*& first, std::uint32_t& counted) noexcept;
    [[gnu::noinline]] static void take_over(cancel_node* child) noexcept;
    std::uint8_t last_child_left() noexcept;
    bool nobody_counts() noexcept {
        return counted_children_ == 0 &&
               (below_.load(std::memory_order_relaxed) & 1 ? no_share_counts() : true);
    }
    bool has_children() noexcept {
        const std::uintptr_t below = below_.load(std::memory_order_relaxed);
        return below & 1 ? annex_has_children() : below != 0;
    }
    bool no_share_counts() noexcept;
    bool annex_has_children() noexcept;
    void free_owned(cancel_node*& rest) noexcept;
    share* spread() const noexcept {
        const annex* const a = annex_if_any();
        return a ? a->spread.load(std::memory_order_acquire) : nullptr;
    }
    void spread_out() noexcept;
    cancel_node* close_shares(cancel_node* children) noexcept;

    /// `held`: the caller has a handle.
    bool end_alone(std::uint8_t how, const error& cause, bool held) noexcept;
    void cancel_all(const error& err, const error& cause, const trigger& by);
    /// `list`: the closed list in which it was found, if it was; then the caller has to pass it.
    /// `also`: `swept`, if its children need not be done before it is passed.
    marked mark(const error& err, const error& cause, const wave& by, cancel_node* list,
                std::uint8_t also = 0);
    /// With the lock held, or before others know the node. Gives the list that was closed.
    cancel_node* end_as(const error& err, const error& cause, const wave& by, std::uint8_t also = 0);
    cancel_node* close_list();
    void stay_apart() noexcept {
        parent_->retain();
        link_.store(apart, std::memory_order_relaxed);
    }
    void born_done(const error& err, const error& cause, const wave& by);
    void born_done_like(cancel_node& parent);
    static std::uint32_t length_of(const cancel_node* list) noexcept;
    std::size_t propagate(cancel_node* child, const error& err, const error& cause, const wave& by);
    bool pass_simply(std::uint8_t how, const error& cause, cancel_node*& pending);
    void sweep(cancel_node* pending, const error& err, const error& cause);
    /// The walk leaves `child` behind; it may be gone afterwards.
    static void pass(cancel_node* child) noexcept;
    /// With the lock held. True if nobody counts it any more: whoever passes it frees it.
    bool let_go() noexcept;
    static void free_passed(cancel_node* child, bool was_owned) noexcept;
    /// Of an observed node: what its history will say, and that of all that fall with it.
    wave begin_wave(const trigger& by);
    /// Before it is done.
    void keep_ending(const wave& by) noexcept;
    void settle() noexcept;
    void settle_alone() noexcept;
    bool is_settled() noexcept;
    void wait_settled() noexcept;
    void meet_done(node_id begun_at, bool may_wait);
    /// Of an observed node: out of its parent's list at once.
    void detach_self() noexcept;
    void release_sources() {
        if (has_sources()) take_back_sources();
    }
    bool has_sources() const noexcept { return (refs_.load(std::memory_order_acquire) & source_refs) != 0; }
    bool has_handles() const noexcept { return (refs_.load(std::memory_order_acquire) & counted_refs) != 0; }
    void take_back_sources();
    void shuffle_children();

    /// False: `p` is done.
    bool link_to(cancel_node* p) noexcept {
        if (p->has_annex()) return link_slowly(p, false);
        if (!p->lock_.try_lock()) return link_slowly(p, true);
        const std::uintptr_t below = p->below_.load(std::memory_order_relaxed);
        const bool simple = !(below & 1) && !p->is_done();
        if (simple) {
            auto* head = reinterpret_cast<cancel_node*>(below);
            push(head, this);
            p->below_.store(reinterpret_cast<std::uintptr_t>(head), std::memory_order_release);
            ++p->counted_children_;
            link_.store(linked, std::memory_order_relaxed);
        }
        p->lock_.unlock();
        return simple || link_slowly(p, false);
    }
    /// `met`: another thread had the lock.
    bool link_slowly(cancel_node* p, bool met) noexcept;
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
            below_.store(reinterpret_cast<std::uintptr_t>(c), std::memory_order_release);
    }
    static void push(cancel_node*& first, cancel_node* c) noexcept {
        if (!first) {
            first = c->next_ = c->prev_ = c;
            return;
        }
        cancel_node* const last = first->prev_;
        c->next_ = first;
        c->prev_ = last;
        last->next_ = c;
        first->prev_ = c;
    }
    static void remove(cancel_node*& first, cancel_node* c) noexcept {
        cancel_node* const after = c->next_;
        if (after == c) {
            first = nullptr;
            return;
        }
        c->prev_->next_ = after;
        after->prev_ = c->prev_;
        if (first == c) first = after;
    }

    bool has_annex() const noexcept { return (below_.load(std::memory_order_relaxed) & 1) != 0; }
    annex* annex_if_any() const noexcept {
        const std::uintptr_t below = below_.load(std::memory_order_acquire);
        return below & 1 ? reinterpret_cast<annex*>(below - 1) : nullptr;
    }
    /// Made when first asked for. With the lock held, or before others know the node.
    annex& own_annex();

    atomic<std::uint8_t> link_{fresh};
    std::uint32_t counted_children_ = 0; // those in the list that it does not own; guarded by the lock
    cancel_node* prev_ =
        nullptr; // in the parent's list, a ring; of a child that a walk is in: where to go back to
    cancel_node* next_ = nullptr; // in a closed list the last one has none
    // The first child, or, with the lowest bit set, the annex. Guarded by the lock, but drop_last() looks
    // without it.
    atomic<std::uintptr_t> below_{0};
    link_queue waiters_; // on Done; guarded by the lock
    error cause_;        // before state_, never after. With by_other_error it is an ending_pair
};

/// WithDeadline with a timer of its own.
class deadline_node final : public cancel_node {
  public:
    deadline_node(made_by asked, node* parent, time_point when) noexcept
        : cancel_node(asked, parent), timer_(when) {
        flags_ |= timed;
        refs_.store(1 + source_ref, std::memory_order_relaxed);
    }
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
    /// connect_simply() and arm() in one. False: both have to be done.
    bool begin_simply();
    /// True if this call kept the timer from firing.
    bool disarm() noexcept;
    /// The same for somebody who has a handle: the timer's reference stays in refs_, and counts no more.
    void disarm_held() noexcept {
        if (disarm()) timer_.is_back.store(true, std::memory_order_relaxed);
    }
    bool timer_is_back() const noexcept { return timer_.is_back.load(std::memory_order_relaxed); }

  private:
    friend struct node_memory;
    ~deadline_node() = default;

    /// A member and not a base, so that the node begins where its memory does.
    class timer final : public timer_entry {
      public:
        explicit timer(time_point when) noexcept : timer_entry(when) {}
        time_point when() const noexcept { return due(); }
        /// Written by somebody who has a handle then, so whoever drops the last one sees it.
        atomic<bool> is_back{false};

      private:
        void fire() noexcept override { deadline_node::of(*this).expire(); }
    };
    static deadline_node& of(timer& t) noexcept {
        static_assert(sizeof(deadline_node) == sizeof(cancel_node) + sizeof(timer));
        auto* const at = reinterpret_cast<std::byte*>(&t) - sizeof(cancel_node);
        return *std::launder(reinterpret_cast<deadline_node*>(at));
    }
    void arm_timer();
    void expire() noexcept;

    timer timer_;
};

inline std::uint32_t cancel_node::sources_in(std::uint32_t refs) const noexcept {
    const std::uint32_t sources = refs & source_refs;
    if (sources != source_ref || !(flags_ & timed)) return sources;
    return static_cast<const deadline_node*>(this)->timer_is_back() ? 0 : sources;
}

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

} // namespace ctx::detail
