// SPDX-License-Identifier: MIT
#include "ctx/detail/select_core.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <vector>

namespace ctx::detail {

void link_queue::push(case_link& l) noexcept {
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

void link_queue::remove(case_link& l) noexcept {
    if (l.next == &l) {
        head_ = nullptr;
    } else {
        l.prev->next = l.next;
        l.next->prev = l.prev;
        if (head_ == &l) head_ = l.next;
    }
    l.queued = false;
}

case_link* link_queue::claim_first(const waiter* not_of) noexcept {
    case_link* l = head_;
    while (l) {
        case_link* const next = l->next == head_ ? nullptr : l->next;
        if (l->owner != not_of) {
            // Out of the queue before the claim: a woken waiter's frame may vanish. A waiter that lost the
            // race for this link was claimed elsewhere and does not need it any more.
            remove(*l);
            if (l->owner->claim(l->index)) return l;
        }
        l = next;
    }
    return nullptr;
}

void wake_done(selectable& done) noexcept {
    wake_list wakes; // destroyed, and so woken, after the lock is gone
    const std::lock_guard lock(done);
    link_queue& waiters = done_waiters(done);
    while (case_link* l = waiters.claim_first()) {
        l->ok = false;
        wakes.add(l->owner);
    }
}

namespace {

/// Locks every channel of a select once, in order of address.
class locked_channels {
  public:
    explicit locked_channels(std::span<case_link> cases) {
        for (case_link& c : cases)
            if (c.channel) add(c.channel);
        selectable** const end = begin() + count_;
        std::sort(begin(), end, std::less<>());
        count_ = static_cast<std::size_t>(std::unique(begin(), end) - begin());
        for (std::size_t i = 0; i < count_; ++i) begin()[i]->lock();
    }
    ~locked_channels() { unlock(); }
    locked_channels(const locked_channels&) = delete;
    locked_channels& operator=(const locked_channels&) = delete;

    void unlock() noexcept {
        for (std::size_t i = count_; i-- > 0;) begin()[i]->unlock();
        count_ = 0;
    }

  private:
    selectable** begin() { return more_.empty() ? few_ : more_.data(); }
    void add(selectable* c) {
        if (count_ < std::size(few_) && more_.empty()) {
            few_[count_++] = c;
            return;
        }
        if (more_.empty()) more_.assign(few_, few_ + count_);
        more_.push_back(c);
        ++count_;
    }

    selectable* few_[8];
    std::vector<selectable*> more_; // selects with more than eight cases
    std::size_t count_ = 0;
};

std::uint32_t complete_one(std::span<case_link> cases, std::uint64_t random, wake_list& wakes) {
    // Each ready case must win equally often (CHN-021), also when ready ones stand side by side, so the order
    // of the search is a random permutation: an inside-out shuffle of at most a few entries, drawn lazily.
    const auto n = static_cast<std::uint32_t>(cases.size());
    if (n == 1)
        return cases[0].channel && cases[0].channel->try_complete(cases[0], wakes) ? 0 : waiter::unclaimed;
    std::uint32_t few[16];
    std::vector<std::uint32_t> more;
    if (n > std::size(few)) more.resize(n);
    std::uint32_t* const order = more.empty() ? few : more.data();
    for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
    for (std::uint32_t i = 0; i < n; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const auto j = i + static_cast<std::uint32_t>(((random >> 32) * (n - i)) >> 32);
        std::swap(order[i], order[j]);
        case_link& c = cases[order[i]];
        if (c.channel && c.channel->try_complete(c, wakes)) return order[i];
    }
    return waiter::unclaimed;
}

struct thread_waiter : waiter {
    /// Outlives the waiter: whoever wakes it may still be inside notify_one when the woken thread has moved
    /// on.
    struct parking_place {
        atomic<std::uint32_t> refs{1};
        atomic<std::int32_t> awake{0};
        void retain() noexcept { refs.fetch_add(1, std::memory_order_relaxed); }
        void release() noexcept {
            if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
        }
    };

    /// A thread waits in one place at a time, so one does for all its waits.
    struct parking {
        ref<parking_place> place = ref<parking_place>::adopt(new parking_place);
    };

    ref<parking_place> place;

    thread_waiter() {
        place = per_thread<parking>().place;
        place->awake.store(0, std::memory_order_relaxed);
        wake = [](waiter* w) {
            parking_place& at = *static_cast<thread_waiter*>(w)->place;
            at.retain();
            at.awake.store(1, std::memory_order_release);
            at.awake.notify_one();
            at.release();
        };
    }
    void park() noexcept { place->awake.wait(0, std::memory_order_acquire); }
};

} // namespace

std::uint32_t poll_cases(std::span<case_link> cases, std::uint64_t random) {
    wake_list wakes; // destroyed, and so woken, after the locks are gone
    locked_channels locked(cases);
    return complete_one(cases, random, wakes);
}

std::uint32_t poll_or_enqueue(std::span<case_link> cases, std::uint64_t random, waiter& w) {
    wake_list wakes;
    locked_channels locked(cases);
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        cases[i].index = i;
        cases[i].owner = &w;
    }
    const std::uint32_t done = complete_one(cases, random, wakes);
    if (done != waiter::unclaimed) {
        w.winner.store(done, std::memory_order_relaxed);
        return done;
    }
    for (case_link& c : cases)
        if (c.channel) c.channel->enqueue(c);
    return waiter::unclaimed;
}

void dequeue_losers(std::span<case_link> cases, std::uint32_t winner) {
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        case_link& c = cases[i];
        if (!c.channel || i == winner) continue;
        c.channel->lock();
        if (c.queued) c.channel->dequeue(c);
        c.channel->unlock();
    }
}

bool withdraw(std::span<case_link> cases, waiter& w) {
    const bool in_time = w.claim(waiter::unclaimed - 1);
    dequeue_losers(cases, waiter::unclaimed);
    return in_time;
}

std::uint32_t block_on(std::span<case_link> cases, std::uint64_t random) {
    thread_waiter w;
    std::uint32_t winner = poll_or_enqueue(cases, random, w);
    if (winner == waiter::unclaimed) {
        w.park();
        winner = w.winner.load(std::memory_order_acquire);
        dequeue_losers(cases, winner);
    }
    check_completed(cases[winner]);
    return winner;
}

void panic(const char* text) {
    throw std::invalid_argument(text);
}

void check_completed(const case_link& l) {
    if (l.closed_under) panic("send on closed channel");
}

namespace {
struct choices {
    std::uint64_t state = random_seed();
};
} // namespace

std::uint64_t thread_random() noexcept {
    std::uint64_t& state = per_thread<choices>().state;
    state += 0x9E3779B97F4A7C15u; // SplitMix64
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace ctx::detail
