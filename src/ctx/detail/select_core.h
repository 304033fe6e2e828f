// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/biased_mutex.h"
#include "ctx/detail/sync.h"
#include "ctx/detail/waiter.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <span>

/// The machinery under channels and select: who waits for what, and how exactly one case wins.
///
/// A select locks its channels in order of address, looks whether a case can proceed, and if none can, leaves
/// a case_link in each channel's queue before it unlocks them. Whoever later makes a case possible claims the
/// waiter (waiter::claim), completes the case under the channel's lock, and wakes the waiter after
/// letting go of it. Lock order: channels by address, then Dones by address; nothing else is ever locked
/// under one, and no user code runs under one except a value's move constructor and destructor.
///
/// What keeps a woken worker from running away under the thread that is still queueing its cases: that thread
/// holds the locks of all of them until all are queued, unlocking each is the last thing it does with it, and
/// the worker, before it does anything else, locks every channel but the winner's to leave its queue.
///
/// What keeps a channel that was given by name while cases are queued in it: a link stays in its queue until
/// somebody claims its waiter for it, or the waiter's owner takes it out. The queue of a Done has one
/// reference to it from the first borrowed link until it is empty; a channel whose last handle goes stays
/// until its queues are empty; other selectables are counted by each link.
namespace ctx::detail {

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

    inline void lock() noexcept;
    inline void unlock() noexcept;

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
    /// Of a Done, with its lock held: its queue is empty, and the caller has to call left() once it has let
    /// go of the lock.
    [[nodiscard]] bool done_queue_left() noexcept {
        return queue_counts_ && done_waiters(*this).empty() && !(queue_counts_ = false);
    }
    /// A channel<T>, with the T of the handle by which it is known.
    bool is_channel() const noexcept { return what_ == what::channel; }

  protected:
    enum class what : std::uint8_t { other, channel, done };
    explicit selectable(what w) noexcept : what_(w) {}
    ~selectable() = default;

    tiny_mutex lock_; // of a Done; that of a channel may have a favourite thread
    const what what_;
    /// Of a Done: its queue has a reference to it. Guarded by the lock.
    bool queue_counts_ = false;
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

    void lock() noexcept { lock_.lock(); }
    void unlock() noexcept { lock_.unlock(); }

  protected:
    explicit channel_base(what w = what::other) noexcept : selectable(w) {}
    ~channel_base() = default;

  private:
    biased_mutex lock_;
};

inline channel_base& as_channel(selectable& s) noexcept {
    return static_cast<channel_base&>(s);
}
inline const channel_base& as_channel(const selectable& s) noexcept {
    return static_cast<const channel_base&>(s);
}

inline void selectable::lock() noexcept {
    stands_for_done() ? lock_.lock() : as_channel(*this).lock();
}
inline void selectable::unlock() noexcept {
    stands_for_done() ? lock_.unlock() : as_channel(*this).unlock();
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
        if (l.borrowed && !queue_counts_) {
            queue_counts_ = true;
            done_retain(*this);
        }
        return done_waiters(*this).push_on_done(l);
    }
    if (l.borrowed && !is_channel()) {
        l.counted = true;
        retain();
    }
    as_channel(*this).enqueue(l);
}
inline bool selectable::dequeue(case_link& l) noexcept {
    if (!stands_for_done()) return as_channel(*this).dequeue(l);
    done_waiters(*this).remove(l);
    return done_queue_left();
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

/// From now on this thread keeps back the references to `done` that it is to give up, and gives them up
/// together: when it says so, which it has to.
void keep_refs_back(selectable& done) noexcept;
void give_up_kept_back() noexcept;

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

} // namespace ctx::detail
