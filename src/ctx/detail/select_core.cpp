// SPDX-License-Identifier: MIT
#include "ctx/detail/select_core.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

namespace ctx::detail {

void link_queue::push_on_done(case_link& l) noexcept {
    const auto on = [](const case_link& c) { return &static_cast<const worker_waiter*>(c.owner)->on(); };
    const bool deferred = l.owner->any_order && (!head_ || !head_->deferred || on(*head_) == on(l));
    push(l);
    l.deferred = deferred;
    if (deferred) head_ = &l;
}

case_link* link_queue::claim_next(const waiter* not_of, const scheduler* by) noexcept {
    case_link* l = head_;
    while (l) {
        if (l->owner != not_of && l->owner->claim(l->index, by)) {
            remove(*l);
            return l;
        }
        // Claimed elsewhere: its owner is about to take it out.
        l = l->next == head_ ? nullptr : l->next;
    }
    return nullptr;
}

void link_queue::claim_urgent(wake_list& wakes) noexcept {
    if (!head_) return;
    case_link* first = head_;
    if (first->deferred) {
        while (!first->prev->deferred) first = first->prev;
        if (!first->deferred) head_ = first;
    }
    for (case_link* l = head_; l && !l->deferred;) {
        case_link* const next = l->next == head_ ? nullptr : l->next;
        if (l->owner->claim(l->index)) {
            remove(*l);
            l->ok = false;
            wakes.add(l);
        }
        l = next;
    }
}

std::size_t link_queue::count() const noexcept {
    std::size_t n = 0;
    for (const case_link* l = head_; l; l = l->next == head_ ? nullptr : l->next) ++n;
    return n;
}

namespace {

/// Workers that were started one after the other mostly wait in that order, those of a thread side by side in
/// memory: guesses where the next ones are, and fetches what will be needed of them, whatever is there.
class fetching_ahead {
  public:
    void from(const case_link& l, const case_link& after) noexcept {
        const std::intptr_t step = address(&after) - address(&l);
        if (std::abs(step) < std::abs(step_)) step_ = step;
        if (std::abs(step_) == farthest) return;
        const auto& w = static_cast<const worker_waiter&>(*l.owner);
        for (const std::intptr_t part : {address(&l), address(&w), address(w.frame().address())})
            __builtin_prefetch(reinterpret_cast<const void*>(part + 6 * step_), 1);
    }

  private:
    static constexpr std::intptr_t farthest = 4096;
    static std::intptr_t address(const void* p) noexcept { return reinterpret_cast<std::intptr_t>(p); }
    std::intptr_t step_ = farthest; // the least between two neighbours
};

} // namespace

std::size_t link_queue::claim_deferred(std::span<case_link*> into, const scheduler* by) noexcept {
    std::size_t n = 0;
    fetching_ahead ahead;
    while (n < into.size() && has_deferred()) {
        // The Done itself is touched before and after, as other threads count its references meanwhile.
        case_link* const first = head_;
        case_link* l = first->prev;
        bool lost = false;
        do {
            ahead.from(*l, *l->prev);
            lost = !l->owner->claim(l->index, by);
            if (lost) break;
            l->queued = l->ok = false;
            into[n++] = l;
            if (l == first) {
                head_ = nullptr;
                return n;
            }
            l = l->prev;
        } while (n < into.size() && l->deferred);
        l->next = first;
        first->prev = l;
        if (lost) { // its owner is about to take it out; until then it stands in front
            l->deferred = false;
            head_ = l;
        }
    }
    return n;
}

namespace {

/// Locks the channels of a select once each, in order of address; and then, if asked to, its Dones.
class locked_channels {
  public:
    explicit locked_channels(std::span<case_link> cases) {
        if (cases.size() > std::size(few_)) more_ = std::make_unique<selectable*[]>(cases.size());
        lock_these(cases, false);
    }
    ~locked_channels() {
        while (count_ > 0) begin()[--count_]->unlock();
    }
    locked_channels(const locked_channels&) = delete;
    locked_channels& operator=(const locked_channels&) = delete;

    void lock_dones(std::span<case_link> cases) noexcept { lock_these(cases, true); }

  private:
    selectable** begin() noexcept { return more_ ? more_.get() : few_; }

    void lock_these(std::span<case_link> cases, bool dones) noexcept {
        selectable** const first = begin() + count_;
        selectable** last = first;
        for (const case_link& c : cases)
            if (c.channel && c.channel->stands_for_done() == dones) *last++ = c.channel;
        if (last - first > 1) {
            std::sort(first, last, std::less<>());
            last = std::unique(first, last);
        }
        for (selectable** c = first; c != last; ++c) (*c)->lock();
        count_ = static_cast<std::size_t>(last - begin());
    }

    selectable* few_[8];
    std::unique_ptr<selectable*[]> more_; // selects with more than eight cases
    std::size_t count_ = 0;
};

/// A Done is not locked here: it is closed or not.
bool try_one(case_link& c, wake_list& wakes) {
    return c.channel && c.channel->try_complete(c, wakes);
}

std::uint32_t complete_one(std::span<case_link> cases, std::uint64_t random, wake_list& wakes) {
    // Each ready case must win equally often (CHN-021), also when ready ones stand side by side, so the order
    // of the search is a random permutation: an inside-out shuffle of at most a few entries, drawn lazily.
    constexpr std::uint64_t multiplier = 6364136223846793005u, increment = 1442695040888963407u;
    const auto n = static_cast<std::uint32_t>(cases.size());
    if (n == 1) return try_one(cases[0], wakes) ? 0 : waiter::unclaimed;
    if (n == 2) { // the same, without the table
        const std::uint32_t first = (random * multiplier + increment) >> 63;
        if (try_one(cases[first], wakes)) return first;
        return try_one(cases[1 - first], wakes) ? 1 - first : waiter::unclaimed;
    }
    std::uint32_t few[16];
    std::vector<std::uint32_t> more;
    if (n > std::size(few)) more.resize(n);
    std::uint32_t* const order = more.empty() ? few : more.data();
    for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
    for (std::uint32_t i = 0; i < n; ++i) {
        random = random * multiplier + increment;
        const auto j = i + static_cast<std::uint32_t>(((random >> 32) * (n - i)) >> 32);
        std::swap(order[i], order[j]);
        if (try_one(cases[order[i]], wakes)) return order[i];
    }
    return waiter::unclaimed;
}

std::uint32_t poll_or_enqueue_sole(case_link& c, waiter& w) {
    c.index = 0;
    c.owner = &w;
    if (!c.channel) return waiter::unclaimed;
    wake_list wakes; // destroyed, and so woken, after the lock is gone
    const std::lock_guard lock(*c.channel);
    if (c.channel->try_complete(c, wakes)) {
        w.winner.store(0, std::memory_order_relaxed);
        return 0;
    }
    c.channel->enqueue(c);
    return waiter::unclaimed;
}

} // namespace

std::uint32_t poll_cases(std::span<case_link> cases, std::uint64_t random) {
    wake_list wakes; // destroyed, and so woken, after the locks are gone
    if (cases.size() == 1) {
        case_link& c = cases[0];
        if (!c.channel) return waiter::unclaimed;
        if (c.channel->stands_for_done()) return try_one(c, wakes) ? 0 : waiter::unclaimed;
        const std::lock_guard lock(*c.channel);
        return try_one(c, wakes) ? 0 : waiter::unclaimed;
    }
    locked_channels locked(cases);
    return complete_one(cases, random, wakes);
}

std::uint32_t poll_or_enqueue(std::span<case_link> cases, std::uint64_t random, waiter& w) {
    if (cases.size() == 1) return poll_or_enqueue_sole(cases[0], w);
    wake_list wakes;
    locked_channels locked(cases);
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        cases[i].index = i;
        cases[i].owner = &w;
    }
    std::uint32_t done = complete_one(cases, random, wakes);
    if (done == waiter::unclaimed) {
        // Only now that it has to be queued: until then a look at a Done needs no lock.
        locked.lock_dones(cases);
        for (std::uint32_t i = 0; i < cases.size() && done == waiter::unclaimed; ++i)
            if (cases[i].channel && cases[i].channel->stands_for_done() && try_one(cases[i], wakes)) done = i;
    }
    if (done != waiter::unclaimed) {
        w.winner.store(done, std::memory_order_relaxed);
        return done;
    }
    for (case_link& c : cases)
        if (c.channel) c.channel->enqueue(c);
    return waiter::unclaimed;
}

namespace {

/// Of a case that its waiter was not claimed for.
void leave_queue(case_link& c) noexcept {
    c.channel->lock();
    const bool last = c.channel->dequeue(c);
    c.channel->unlock();
    if (last) c.channel->left();
    give_back(c);
}

} // namespace

void dequeue_losers(std::span<case_link> cases, std::uint32_t winner) {
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        case_link& c = cases[i];
        if (!c.channel) continue;
        if (i != winner)
            leave_queue(c);
        else
            give_back(c);
    }
}

bool withdraw(std::span<case_link> cases, waiter& w) {
    const bool in_time = w.claim(waiter::unclaimed - 1);
    const std::uint32_t won = in_time ? waiter::unclaimed : w.winner.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < cases.size(); ++i)
        if (i != won && cases[i].channel) leave_queue(cases[i]);
    return in_time; // who claimed the case that won may still be writing to it
}

void panic(const char* text) {
    throw std::invalid_argument(text);
}

} // namespace ctx::detail
