// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/sync.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <span>

/// The machinery under channels and select: who waits for what, and how exactly one case wins.
///
/// A select locks its channels in order of address, looks whether a case can proceed, and if none can, leaves
/// a case_link in each channel's queue before it unlocks them. Whoever later makes a case possible claims the
/// waiter (one compare-and-swap), completes the case under the channel's lock, and wakes the waiter after
/// letting go of it. Lock order: channels by address, then Dones by address; nothing else is ever locked
/// under one, and no user code runs under one except a value's move constructor and destructor.
///
/// What keeps a woken worker from running away under the thread that is still queueing its cases: that thread
/// holds the locks of all of them until all are queued, unlocking each is the last thing it does with it, and
/// the worker, before it does anything else, locks every channel but the winner's to leave its queue.
///
/// What keeps a channel that was given by name while cases are queued in it: a link stays in its queue until
/// somebody claims its waiter for it, or the waiter's owner takes it out. A Done has one reference as long as
/// its queue is not empty; a channel whose last handle goes stays until its queues are empty; other
/// selectables are counted by each link.
namespace ctx {
class scheduler;
}

namespace ctx::detail {

class selectable;
class worker;
struct waiter;

enum class direction : std::uint8_t { receive, send };

/// One case of one blocked select, and its place in the channel's queue.
struct case_link {
    selectable* channel = nullptr;
    void* slot = nullptr; ///< receive: std::optional<T>* to fill; send: T* to move from
    waiter* owner = nullptr;
    case_link* prev = nullptr;
    case_link* next = nullptr;
    std::uint32_t index = 0;
    direction way = direction::receive;
    /// The channel is somebody else's, who may let go of it while the case is queued.
    bool borrowed : 1 = false;
    bool counted : 1 = false; ///< so this is a reference to it; neither a Done nor a channel<T>
    // Written with the channel's lock held:
    bool queued : 1 = false;
    bool deferred : 1 = false; ///< in a Done's queue: its worker may be told a while later
    bool ok : 1 = false; ///< a value was passed (false: the channel was closed); by whoever completes it
};

/// A thread or a worker that is blocked in a select.
struct waiter {
    static constexpr std::uint32_t unclaimed = UINT32_MAX;

    /// Which case won. Set once, by whoever claims the waiter; read by its owner after it was woken.
    atomic<std::uint32_t> winner{unclaimed};
    /// A worker whose scheduler runs its workers in any order.
    bool any_order = false;
    const bool is_worker = false;

    waiter() = default;
    /// To be called once by whoever claimed it, without a lock. It may be gone when this returns.
    inline void wake() noexcept;

    /// With the lock held of the channel in whose queue the case is. Until it is woken it is the caller's.
    bool claim(std::uint32_t index) noexcept {
        std::uint32_t expected = unclaimed;
        return winner.compare_exchange_strong(expected, index, std::memory_order_acq_rel,
                                              std::memory_order_relaxed);
    }

  protected:
    struct a_worker {};
    explicit waiter(a_worker) noexcept : is_worker(true) {}
};

/// One that is not a worker.
struct calling_waiter : waiter {
    void (*call)(waiter*) = nullptr; ///< the waiter may be gone when it returns
};

/// Waiters that were claimed under a lock and are woken after it is released.
class wake_list {
  public:
    wake_list() = default;
    wake_list(const wake_list&) = delete;
    wake_list& operator=(const wake_list&) = delete;
    ~wake_list() { wake_all(); }

    /// The case that its waiter was claimed for, which is in no queue any more.
    void add(case_link* l) noexcept {
        l->next = nullptr;
        *tail_ = l;
        tail_ = &l->next;
    }
    void wake_all() noexcept {
        case_link* l = head_;
        head_ = nullptr;
        tail_ = &head_;
        while (l) {
            case_link* const next = l->next;
            l->owner->wake();
            l = next;
        }
    }

  private:
    case_link* head_ = nullptr;
    case_link** tail_ = &head_;
};

/// A queue of case_links, first come first served (CHN-003). Guarded by the channel's lock.
class link_queue {
  public:
    bool empty() const noexcept { return head_ == nullptr; }
    std::size_t count() const noexcept;
    void push(case_link& l) noexcept;
    /// For the queue of a Done. In front of the others, and so in backward order, stand workers that need not
    /// be told at once; all of them are of one scheduler.
    void push_on_done(case_link& l) noexcept;
    void remove(case_link& l) noexcept;
    /// Takes out the first link whose waiter could be claimed for it; null if there is none. Never `not_of`'s
    /// links: a select does not meet itself. CHN-027
    case_link* claim_first(const waiter* not_of = nullptr) noexcept;
    /// In the queue of a Done that is closed: puts those who must be told at once in front, and claims them.
    void claim_urgent(wake_list& wakes) noexcept;
    /// After that: claims workers, those first that have waited longest, as many as have room in `into`, and
    /// gives their number.
    std::size_t claim_deferred(std::span<case_link*> into) noexcept;
    bool has_deferred() const noexcept { return head_ && head_->prev->deferred; }

  private:
    case_link* head_ = nullptr; // of a ring: the one before it is the last
};

class selectable;

// The Done of a context, as its node implements it. Called without the lock unless they say so.
void done_retain(selectable& done) noexcept;
void done_release(selectable& done) noexcept;
bool done_is_closed(const selectable& done) noexcept;
/// Who waits for it. Guarded by the selectable's lock.
link_queue& done_waiters(selectable& done) noexcept;

/// Anything that can stand in a select: a channel, a timer, the Done of a context. A Done has no virtual
/// functions, so that a context need not carry a pointer to them; everything else is a channel_base.
class selectable {
  public:
    selectable(const selectable&) = delete;
    selectable& operator=(const selectable&) = delete;

    inline void retain() noexcept;
    inline void release() noexcept;

    void lock() noexcept { lock_.lock(); }
    void unlock() noexcept { lock_.unlock(); }

    // The following three are called with the lock held; try_complete of a Done also without.

    /// Completes the case if it can proceed now. Partners that this sets free go to `wakes`.
    inline bool try_complete(case_link& l, wake_list& wakes);
    inline void enqueue(case_link& l) noexcept;
    /// True: the caller has to call left() once it has let go of the lock.
    [[nodiscard]] inline bool dequeue(case_link& l) noexcept;
    /// Nobody waits in this queue any more.
    inline void left() noexcept;

    /// Closed and drained: a receive proceeds at once, for ever, with no value. Called with or without the
    /// lock.
    inline bool is_closed() const noexcept;
    inline std::size_t length() noexcept;
    inline std::size_t capacity() const noexcept;

    bool stands_for_done() const noexcept { return what_ == what::done; }
    /// A channel<T>, with the T of the handle by which it is known.
    bool is_channel() const noexcept { return what_ == what::channel; }

  protected:
    enum class what : std::uint8_t { other, channel, done };
    explicit selectable(what w) noexcept : what_(w) {}
    ~selectable() = default;

    tiny_mutex lock_;
    const what what_;
};

/// A selectable that is not a Done.
class channel_base : public selectable {
  public:
    virtual void retain() noexcept = 0;
    virtual void release() noexcept = 0;
    virtual bool try_complete(case_link& l, wake_list& wakes) = 0;
    virtual void enqueue(case_link& l) noexcept = 0;
    /// True: nobody else knows it, and nobody waits.
    virtual bool dequeue(case_link& l) noexcept = 0;
    /// Nobody knows it.
    virtual void destroy() noexcept {}
    virtual bool is_closed() const noexcept = 0;
    virtual std::size_t length() noexcept { return 0; }
    virtual std::size_t capacity() const noexcept { return 0; }

  protected:
    explicit channel_base(what w = what::other) noexcept : selectable(w) {}
    ~channel_base() = default;
};

inline channel_base& as_channel(selectable& s) noexcept {
    return static_cast<channel_base&>(s);
}
inline const channel_base& as_channel(const selectable& s) noexcept {
    return static_cast<const channel_base&>(s);
}

inline void selectable::retain() noexcept {
    stands_for_done() ? done_retain(*this) : as_channel(*this).retain();
}
inline void selectable::release() noexcept {
    stands_for_done() ? done_release(*this) : as_channel(*this).release();
}
inline bool selectable::try_complete(case_link& l, wake_list& wakes) {
    if (!stands_for_done()) return as_channel(*this).try_complete(l, wakes);
    if (l.way == direction::send || !done_is_closed(*this)) return false;
    l.ok = false;
    return true;
}
inline void selectable::enqueue(case_link& l) noexcept {
    if (stands_for_done()) {
        link_queue& waiters = done_waiters(*this);
        if (waiters.empty()) done_retain(*this);
        return waiters.push_on_done(l);
    }
    if (l.borrowed && !is_channel()) {
        l.counted = true;
        retain();
    }
    as_channel(*this).enqueue(l);
}
inline bool selectable::dequeue(case_link& l) noexcept {
    if (!stands_for_done()) return as_channel(*this).dequeue(l);
    link_queue& waiters = done_waiters(*this);
    waiters.remove(l);
    return waiters.empty();
}
inline void selectable::left() noexcept {
    stands_for_done() ? done_release(*this) : as_channel(*this).destroy();
}
inline bool selectable::is_closed() const noexcept {
    return stands_for_done() ? done_is_closed(*this) : as_channel(*this).is_closed();
}
inline std::size_t selectable::length() noexcept {
    return stands_for_done() ? 0 : as_channel(*this).length();
}
inline std::size_t selectable::capacity() const noexcept {
    return stands_for_done() ? 0 : as_channel(*this).capacity();
}

/// Wakes all who wait for `done`. Called once, without any lock, by whoever closed it, after it is closed:
/// done_is_closed(done) holds already. Threads, watchers and workers of a scheduler with an order of its own
/// are woken now, in the order in which they came; many workers of a pool are handed over to it, and woken by
/// its threads.
void wake_done(selectable& done) noexcept;

/// For the scheduler to which wake_done handed `done` over: claims workers that wait for it, as many as have
/// room in `frames`, and gives their number; they are the caller's to resume. `more`: some are left.
std::size_t take_waiting(selectable& done, std::span<std::coroutine_handle<>> frames, bool& more) noexcept;

/// Cases with a null channel are never ready. Completes at most one; returns its index, or waiter::unclaimed.
/// `random` decides where the search begins. Nothing is left queued.
std::uint32_t poll_cases(std::span<case_link> cases, std::uint64_t random);

/// As poll_cases, but when nothing is ready leaves every case queued for `w` and returns waiter::unclaimed.
std::uint32_t poll_or_enqueue(std::span<case_link> cases, std::uint64_t random, waiter& w);

/// After `w` was woken: takes the losing cases out of their queues, and gives borrowed channels back.
void dequeue_losers(std::span<case_link> cases, std::uint32_t winner);

/// Gives a borrowed selectable back that the case has counted.
inline void give_back(case_link& c) noexcept {
    if (!c.counted) return;
    c.counted = false;
    c.channel->release();
}

/// Gives up: afterwards nothing is queued. False if a case won before: whoever completed it has woken the
/// waiter or is about to.
bool withdraw(std::span<case_link> cases, waiter& w);

/// Blocks this thread until a case was completed; returns its index. Throws if a send met a closed channel.
std::uint32_t block_on(std::span<case_link> cases, std::uint64_t random);

[[noreturn]] void panic(const char* text);
/// The error that a completed case reports by throwing (CHN-005).
inline void check_completed(const case_link& l) {
    if (l.way == direction::send && !l.ok) panic("send on closed channel");
}

/// A random number for choices outside any scheduler. Cheap; not for secrets.
std::uint64_t thread_random() noexcept;
/// The randomness in force: the scheduler's inside a worker, else the thread's own.
std::uint64_t choice_random() noexcept;
/// Throws if this thread is running a worker: blocking it would block its scheduler.
void refuse_in_worker(const char* what, const char* instead = "ctx::select(...)");

/// A worker that waits in a select. It lives in the worker's frame.
struct worker_waiter : waiter {
    worker_waiter() noexcept : waiter(a_worker{}) {}

    /// Takes a case that can proceed, and gives false; or queues all of them, and gives true: then the worker
    /// may be running in another thread already, and nothing in its frame may be touched.
    bool suspend(std::coroutine_handle<> h, worker& self, std::span<case_link> cases);
    /// In the worker, after suspend gave false or it was woken: the case that won.
    std::uint32_t resume(std::span<case_link> cases);

    /// The two parts of suspend for one case, of a worker whose scheduler has threads and no observer; the
    /// first with the channel's lock held, before the case is queued.
    void begin_sole(std::coroutine_handle<> h, case_link& c) noexcept {
        handle_ = h;
        state_ = queued;
        any_order = true;
        c.owner = this;
    }
    void passed_sole() noexcept { winner.store(0, std::memory_order_relaxed); }
    std::uint32_t resume_sole(case_link& c) {
        if (state_ != passing) return resume({&c, 1});
        return winner.load(std::memory_order_relaxed);
    }

    /// The worker is destroyed, perhaps while it waits: leaves the queues.
    void leave(std::span<case_link> cases) noexcept {
        if (state_ >= queued) abandon(cases);
    }

    /// While it waits: its worker.
    worker& self() const noexcept;
    scheduler& on() const noexcept;
    std::coroutine_handle<> frame() const noexcept { return handle_; }
    /// The waker's last access to a waiter.
    void let_go() noexcept { let_go_.store(true, std::memory_order_release); }
    void wake_worker() noexcept;

  private:
    void abandon(std::span<case_link> cases) noexcept;

    enum state : std::uint8_t { passing, told, queued, queued_told };

    /// Whether it waits, and whether the scheduler's observer was told that it is parked.
    std::uint8_t state_ = passing;
    atomic<bool> let_go_{false};
    std::coroutine_handle<> handle_;
};

inline void waiter::wake() noexcept {
    if (is_worker)
        static_cast<worker_waiter*>(this)->wake_worker();
    else
        static_cast<calling_waiter*>(this)->call(this);
}

} // namespace ctx::detail
