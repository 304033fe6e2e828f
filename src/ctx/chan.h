// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/ring.h"
#include "ctx/detail/select_core.h"
#include "ctx/scheduler.h"

#include <coroutine>
#include <functional>
#include <optional>
#include <utility>

/// Go's channels: typed, bounded, closable, for any number of senders and receivers.
///
///     ctx::chan<int> c(1);                  // make(chan int, 1)
///     c.send(42);                           // c <- 42
///     c.close();                            // close(c)
///     assert(c.receive() == 42);            // <-c
///     assert(c.receive() == std::nullopt);  // closed and drained: v, ok := <-c; !ok
///
/// In a worker, where nothing may block, a receive is awaited, and everything else is a select (select.h):
///
///     const std::optional<int> v = co_await c;   // v, ok := <-c
///     co_await context.done();                   // <-ctx.Done()
///     co_await ctx::select(ctx::send(c, 42));    // c <- 42
///
/// Thread safety: a handle is a value like a shared_ptr; the channel behind it may be used from any number of
/// threads. Memory order: a send happens before its receive returns; a close before a receive that returns
/// because of it (CHN-010). Lifetime: the channel lives as long as a handle. A default-constructed handle is
/// Go's nil channel: it blocks for ever in both directions and is never ready in a select (CHN-007).
namespace ctx {

/// Go's `struct{}`: what a channel carries that is only ever closed.
struct empty {
    friend bool operator==(empty, empty) = default;
};

template <class T>
class recv_chan;
template <class T>
class send_chan;

namespace detail {

template <class T>
class channel final : public channel_base {
  public:
    explicit channel(std::size_t capacity) : channel_base(what::channel), capacity_(capacity) {}

    void retain() noexcept override { refs_.fetch_add(1, std::memory_order_relaxed); }
    void release() noexcept override {
        if (refs_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        lock();
        unknown_ = true;
        const bool last = !waited_for();
        unlock();
        if (last) delete this;
    }
    void destroy() noexcept override { delete this; }

    bool try_complete(case_link& l, wake_list& wakes) override {
        case_link* partner = nullptr;
        const bool passed = pass(l, partner, nullptr);
        if (partner) wakes.add(partner);
        return passed;
    }
    /// As worker_waiter::suspend, for a worker of `on` that waits here only.
    bool pass_or_wait(case_link& l, worker_waiter& w, std::coroutine_handle<> h, const scheduler& on) {
        case_link* partner = nullptr;
        {
            const std::lock_guard held(*this);
            if (!pass(l, partner, &on)) {
                w.begin(h, true);
                l.owner = &w;
                queue(l).push(l);
                return true;
            }
        }
        w.passed(0);
        if (partner) partner->owner->wake();
        return false;
    }
    /// The same for one that waits for a Done, too.
    bool pass_or_wait(case_link& l, case_link& d, worker_waiter& w, std::coroutine_handle<> h,
                      const scheduler& on) {
        case_link* partner = nullptr;
        {
            const std::lock_guard held(*this);
            const bool closed = d.channel->is_closed();
            // If both are ready, one is as likely as the other. CHN-021
            if (!(closed && thread_random() >> 63) && pass(l, partner, &on)) {
                w.passed(l.index);
            } else if (closed || !wait_for_both(l, d, w, h)) {
                d.ok = false;
                w.passed(d.index);
            } else {
                return true;
            }
        }
        if (partner) partner->owner->wake();
        return false;
    }
    void enqueue(case_link& l) noexcept override { queue(l).push(l); }
    bool dequeue(case_link& l) noexcept override {
        queue(l).remove(l);
        return unknown_ && !waited_for();
    }
    bool is_closed() const noexcept override { return drained_.load(std::memory_order_acquire); }
    std::size_t capacity() const noexcept override { return capacity_; }
    std::size_t length() noexcept override {
        lock();
        const std::size_t n = buffer_.size();
        unlock();
        return n;
    }

    void close() {
        wake_list wakes;
        lock();
        if (closed_) {
            unlock();
            panic("close of closed channel");
        }
        closed_ = true;
        if (buffer_.empty()) drained_.store(true, std::memory_order_release);
        while (case_link* l = receivers_.claim_first()) {
            l->ok = false;
            wakes.add(l);
        }
        while (case_link* l = senders_.claim_first()) {
            l->ok = false;
            wakes.add(l);
        }
        unlock();
    }

  private:
    bool waited_for() const noexcept { return !receivers_.empty() || !senders_.empty(); }
    /// With the lock held. False: the Done is closed.
    bool wait_for_both(case_link& l, case_link& d, worker_waiter& w, std::coroutine_handle<> h) {
        const std::lock_guard held(*d.channel);
        if (d.channel->is_closed()) return false;
        w.begin(h, false);
        l.owner = d.owner = &w;
        queue(l).push(l);
        d.channel->enqueue(d);
        return true;
    }
    link_queue& queue(const case_link& l) { return l.way == direction::receive ? receivers_ : senders_; }
    static std::optional<T>& target(case_link& l) { return *static_cast<std::optional<T>*>(l.slot); }
    static T& source(case_link& l) { return *static_cast<T*>(l.slot); }

    /// With the lock held. `partner`: whoever it was passed to or taken from, if somebody waited.
    /// `by`: as waiter::claim has it.
    bool pass(case_link& l, case_link*& partner, const scheduler* by) {
        return l.way == direction::receive ? try_receive(l, partner, by) : try_send(l, partner, by);
    }
    bool try_receive(case_link& l, case_link*& partner, const scheduler* by) {
        if (!buffer_.empty()) {
            target(l).emplace(std::move(buffer_.front()));
            buffer_.pop_front();
            if (case_link* s = senders_.claim_first(l.owner, by)) {
                buffer_.push_back(std::move(source(*s)), capacity_);
                s->ok = true;
                partner = s;
            }
            if (closed_ && buffer_.empty()) drained_.store(true, std::memory_order_release);
        } else if (case_link* s = senders_.claim_first(l.owner, by)) {
            target(l).emplace(std::move(source(*s)));
            s->ok = true;
            partner = s;
        } else if (closed_) {
            target(l).reset();
            l.ok = false;
            return true;
        } else {
            return false;
        }
        l.ok = true;
        return true;
    }

    bool try_send(case_link& l, case_link*& partner, const scheduler* by) {
        if (closed_) {
            l.ok = false;
            return true;
        }
        if (case_link* r = receivers_.claim_first(l.owner, by)) {
            target(*r).emplace(std::move(source(l)));
            r->ok = true;
            partner = r;
        } else if (buffer_.size() < capacity_) {
            buffer_.push_back(std::move(source(l)), capacity_);
        } else {
            return false;
        }
        l.ok = true;
        return true;
    }

    atomic<std::uint32_t> refs_{1};
    const std::size_t capacity_;
    // Guarded by the lock:
    bool closed_ = false;
    bool unknown_ = false; // no handle is left; it is gone when nobody waits for it
    ring<T> buffer_;       // never longer than capacity_
    link_queue receivers_; // waits only while buffer_ is empty and not closed
    link_queue senders_;   // waits only while buffer_ is full and not closed
    // Written under the lock, read anywhere: closed_ && buffer_.empty()
    atomic<bool> drained_{false};
};

/// worker_waiter::suspend for the only case of a select, on a channel of T.
template <class T>
bool suspend_sole(worker_waiter& w, case_link& l, std::coroutine_handle<> h, worker& self) {
    if (const scheduler& on = self.on(); l.channel && l.channel->is_channel() && on.plain())
        return static_cast<channel<T>&>(*l.channel).pass_or_wait(l, w, h, on);
    return w.suspend(h, self, {&l, 1});
}

/// One receive in a worker. Lives in its frame, as long as it waits.
template <class T>
class receiving {
  public:
    receiving(selectable* from, bool borrowed) noexcept
        : link_{.channel = from, .slot = &got_, .borrowed = borrowed} {}
    receiving(const receiving&) = delete;
    receiving& operator=(const receiving&) = delete;
    ~receiving() {
        waiter_.leave({&link_, 1});
        if (link_.channel && !link_.borrowed) link_.channel->release();
    }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> h) {
        return suspend_sole<T>(waiter_, link_, h, *h.promise().current_worker());
    }
    std::optional<T> await_resume() {
        waiter_.resume_sole(link_);
        return std::move(got_);
    }

  private:
    worker_waiter waiter_;
    [[no_unique_address]] case_link link_;
    std::optional<T> got_;
};

/// What chan, recv_chan and send_chan share: a counted pointer to a channel, null for Go's nil.
class chan_handle {
  public:
    constexpr chan_handle() noexcept = default;
    explicit chan_handle(ref<selectable> c) noexcept : c_(std::move(c)) {}

    /// False for the nil channel.
    explicit operator bool() const noexcept { return static_cast<bool>(c_); }
    /// Values buffered now (Go: len); 0 for nil. A snapshot. CHN-008
    std::size_t size() const { return c_ ? c_->length() : 0; }
    /// Go: cap.
    std::size_t capacity() const { return c_ ? c_->capacity() : 0; }
    /// The channel itself, for identity, hashing and select.
    selectable* get() const noexcept { return c_.get(); }
    /// Gives the reference to a select.
    ref<selectable> keep() && noexcept { return std::move(c_); }

  protected:
    ref<selectable> c_;
};

} // namespace detail

/// The receiving end (Go: `<-chan T`). Cannot send, cannot close. CHN-011
template <class T>
class recv_chan : public detail::chan_handle {
  public:
    using value_type = T;
    using detail::chan_handle::chan_handle;

    /// Blocks this thread until a value comes; nullopt once the channel is closed and drained. CHN-004
    std::optional<T> receive() const {
        detail::refuse_in_worker("receive");
        std::optional<T> out;
        detail::case_link l{.channel = c_.get(), .slot = &out};
        detail::block_on({&l, 1}, 0);
        return out;
    }
    /// A receive that does not block: nullopt if nothing is there, and also if the channel is closed.
    std::optional<T> try_receive() const {
        std::optional<T> out;
        detail::case_link l{.channel = c_.get(), .slot = &out};
        detail::poll_cases({&l, 1}, 0);
        return out;
    }
    /// `std::optional<T> v = co_await c;` in a worker (Go: `v, ok := <-c`): as receive(), but it is the
    /// worker that waits. A select with this one case, and the cheapest way to wait. CHN-004
    detail::receiving<T> operator co_await() const& noexcept { return {c_.get(), true}; }
    // clang-format off
    detail::receiving<T> operator co_await() && noexcept { return {c_.detach(), false}; }
    // clang-format on
    /// Closed and drained. For a Done channel: one atomic load, `select { case <-done: true; default: false
    /// }`. CHN-028
    bool closed() const noexcept { return c_ && c_->is_closed(); }
    /// Blocks until closed() (values that come meanwhile are dropped). For ever on a nil channel.
    void wait() const {
        while (receive()) {
        }
    }

    friend bool operator==(const recv_chan& a, const recv_chan& b) noexcept { return a.get() == b.get(); }
};

/// The sending end (Go: `chan<- T`).
template <class T>
class send_chan : public detail::chan_handle {
  public:
    using value_type = T;
    using detail::chan_handle::chan_handle;

    /// Blocks this thread until the value is taken or buffered. Throws std::invalid_argument
    /// `send on closed channel` (CHN-005).
    void send(T value) const {
        detail::refuse_in_worker("send");
        detail::case_link l{.channel = c_.get(), .slot = &value, .way = detail::direction::send};
        detail::block_on({&l, 1}, 0);
    }
    /// A send that does not block; false if it could not be done at once. Throws as send.
    bool try_send(T value) const {
        detail::case_link l{.channel = c_.get(), .slot = &value, .way = detail::direction::send};
        if (detail::poll_cases({&l, 1}, 0) != 0) return false;
        detail::check_completed(l);
        return true;
    }
    /// Go: close. Throws `close of closed channel` or `close of nil channel` (CHN-006).
    void close() const {
        if (!c_) detail::panic("close of nil channel");
        static_cast<detail::channel<T>*>(c_.get())->close();
    }

    friend bool operator==(const send_chan& a, const send_chan& b) noexcept { return a.get() == b.get(); }
};

/// A channel (Go: `chan T`). Default-constructed: nil. `chan<T>(0)`: unbuffered.
template <class T>
class chan : public recv_chan<T> {
  public:
    using value_type = T;
    constexpr chan() noexcept = default;
    /// Go: make(chan T, capacity). CHN-001
    explicit chan(std::size_t capacity)
        : recv_chan<T>(detail::ref<detail::selectable>::adopt(new detail::channel<T>(capacity))) {}

    void send(T value) const { sender().send(std::move(value)); }
    bool try_send(T value) const { return sender().try_send(std::move(value)); }
    void close() const { sender().close(); }

    recv_chan<T> receiver() const { return *this; }
    send_chan<T> sender() const { return send_chan<T>(this->c_); }
    operator send_chan<T>() const { return sender(); }
};

} // namespace ctx

template <class T>
struct std::hash<ctx::recv_chan<T>> {
    std::size_t operator()(const ctx::recv_chan<T>& c) const noexcept {
        return std::hash<const void*>()(c.get());
    }
};
template <class T>
struct std::hash<ctx::send_chan<T>> {
    std::size_t operator()(const ctx::send_chan<T>& c) const noexcept {
        return std::hash<const void*>()(c.get());
    }
};
template <class T>
struct std::hash<ctx::chan<T>> : std::hash<ctx::recv_chan<T>> {};
