// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/promise.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

/// Who waits in a select, and the queues of what they wait for. How they are used: select_core.h.
namespace ctx::detail {

class selectable;
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
    bool any_order : 1 = false;
    /// Such a worker, and it waits in one queue only.
    bool sole : 1 = false;
    const bool is_worker = false;

    waiter() = default;
    /// To be called once by whoever claimed it, without a lock. It may be gone when this returns.
    inline void wake() noexcept;

    /// With the lock held of the channel in whose queue the case is. Until it is woken it is the caller's.
    /// `by`: the scheduler whose worker this thread is running, if any.
    ///
    /// A sole waiter of that scheduler needs no compare and swap: whoever else would claim it waits for the
    /// lock, and it does not give up, as a scheduler destroys workers only when no thread runs any for it.
    bool claim(std::uint32_t index, const scheduler* by = nullptr) noexcept {
        if (sole && by && is_of(*by)) {
            winner.store(index, std::memory_order_release);
            return true;
        }
        std::uint32_t expected = unclaimed;
        return winner.compare_exchange_strong(expected, index, std::memory_order_acq_rel,
                                              std::memory_order_relaxed);
    }

  protected:
    inline bool is_of(const scheduler& s) const noexcept;
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
    case_link* claim_first(const waiter* not_of = nullptr, const scheduler* by = nullptr) noexcept {
        if (!head_) return nullptr;
        case_link& l = *head_;
        if (l.owner == not_of || !l.owner->claim(l.index, by)) return claim_next(not_of, by);
        remove(l);
        return &l;
    }
    /// In the queue of a Done that is closed: puts those who must be told at once in front, and claims them.
    void claim_urgent(wake_list& wakes) noexcept;
    /// After that: claims workers, those first that have waited longest, as many as have room in `into`, and
    /// gives their number.
    std::size_t claim_deferred(std::span<case_link*> into, const scheduler* by) noexcept;
    bool has_deferred() const noexcept { return head_ && head_->prev->deferred; }

  private:
    case_link* claim_next(const waiter* not_of, const scheduler* by) noexcept;

    case_link* head_ = nullptr; // of a ring: the one before it is the last
};

inline void link_queue::push(case_link& l) noexcept {
    if (!head_) {
        head_ = l.prev = l.next = &l;
    } else {
        l.next = head_;
        l.prev = head_->prev;
        l.prev->next = &l;
        head_->prev = &l;
    }
    l.queued = true;
}

inline void link_queue::remove(case_link& l) noexcept {
    if (l.next == &l) {
        head_ = nullptr;
    } else {
        l.prev->next = l.next;
        l.next->prev = l.prev;
        if (head_ == &l) head_ = l.next;
    }
    l.queued = false;
}

/// A worker that waits in a select. It lives in the worker's frame.
struct worker_waiter : waiter {
    worker_waiter() noexcept : waiter(a_worker{}) {}

    /// Takes a case that can proceed, and gives false; or queues all of them, and gives true: then the worker
    /// may be running in another thread already, and nothing in its frame may be touched.
    bool suspend(std::coroutine_handle<> h, worker& self, std::span<case_link> cases);
    /// In the worker, after suspend gave false or it was woken: the case that won.
    std::uint32_t resume(std::span<case_link> cases);

    /// The two ends of suspend, of a worker whose scheduler has threads and no observer. The first with the
    /// locks held of all channels, before its cases are queued. `in_one`: there is only one.
    void begin(std::coroutine_handle<> h, bool in_one) noexcept {
        handle_ = h;
        state_ = queued;
        any_order = true;
        sole = in_one;
    }
    void passed(std::uint32_t won) noexcept { winner.store(won, std::memory_order_relaxed); }
    std::uint32_t resume_sole(case_link& c) {
        if (state_ != passing) return resume({&c, 1});
        return winner.load(std::memory_order_relaxed);
    }

    /// The worker is destroyed, perhaps while it waits: leaves the queues.
    void leave(std::span<case_link> cases) noexcept {
        if (state_ >= queued) abandon(cases);
    }

    /// While it waits: its worker.
    worker& self() const noexcept { return *promise_of(handle_).current_worker(); }
    scheduler& on() const noexcept { return self().on(); }
    std::coroutine_handle<> frame() const noexcept { return handle_; }
    /// The waker's last access to a waiter.
    void let_go() noexcept { let_go_.store(true, std::memory_order_release); }
    void wake_worker() noexcept {
        scheduler& to = on();
        const std::coroutine_handle<> frame = handle_;
        let_go();
        to.post_next(frame);
    }

  private:
    void abandon(std::span<case_link> cases) noexcept;

    enum state : std::uint8_t { passing, told, queued, queued_told };

    /// Whether it waits, and whether the scheduler's observer was told that it is parked.
    std::uint8_t state_ = passing;
    atomic<bool> let_go_{false};
    std::coroutine_handle<> handle_;
};

inline bool waiter::is_of(const scheduler& s) const noexcept {
    return &static_cast<const worker_waiter*>(this)->on() == &s;
}

inline void waiter::wake() noexcept {
    if (is_worker)
        static_cast<worker_waiter*>(this)->wake_worker();
    else
        static_cast<calling_waiter*>(this)->call(this);
}

} // namespace ctx::detail
