// SPDX-License-Identifier: MIT
#include "lab/gate.h"

#include <algorithm>

namespace lab {

bool gate::stops_at(point p) const {
    switch (size_) {
    case step_size::hook:
        return true;
    case step_size::node:
        return p == point::node;
    case step_size::wave:
        return p == point::wave;
    case step_size::reaction:
        return p == point::reaction;
    case step_size::timer:
        return false;
    }
    return false;
}

/// Between two steps it is the server's turn, if nobody stands in line: it does what people ask for.
bool gate::has_turn(std::thread::id me) const {
    if (going_ == me) return true;
    return going_ == std::thread::id() && (wants_more_ || (me == server_ && waiting_.empty()));
}

bool gate::holds(std::thread::id me, point p) const {
    return stepping_ && (has_turn(me) ? stops_at(p) : p != point::aside);
}

void gate::pass(const passage& here) {
    if (!stepping_.load(std::memory_order_acquire) && !watched_.load(std::memory_order_acquire)) return;
    std::unique_lock lock(mutex_);
    const std::thread::id me = std::this_thread::get_id();
    if (me == server_) server_waits_ = false;
    if (me == server_ && serving_) return;
    if (me == server_ && at_point_ && !holds(me, here.at)) ask_watcher(lock);
    if (!stepping_) return;
    const bool turn = has_turn(me);
    if (holds(me, here.at)) {
        hold(lock, here, turn);
        return;
    }
    if (me == server_) server_waits_ = here.waits;
    if (!turn) return;
    going_ = here.last ? std::thread::id() : me;
    if (!here.last || !wants_more_) return;
    hand_over();
    if (me == server_) return;
    lock.unlock();
    if (turn_) turn_();
}

void gate::hold(std::unique_lock<std::mutex>& lock, const passage& here, bool first) {
    place mine{.here = here, .thread = std::this_thread::get_id()};
    if (first) {
        wants_more_ = false;
        going_ = {};
    }
    waiting_.insert(first ? waiting_.begin() : waiting_.end(), &mine);
    held_.fetch_add(1, std::memory_order_release);
    changed_.notify_all();
    if (mine.thread != server_) {
        if (first && turn_) {
            lock.unlock();
            turn_();
            lock.lock();
        }
        changed_.wait(lock, [&] { return mine.go_on; });
        return;
    }
    server_place_ = &mine;
    while (!mine.go_on) serve(lock, mine);
    server_place_ = nullptr;
    server_waits_ = here.waits;
}

void gate::serve(std::unique_lock<std::mutex>& lock, const place& mine) {
    const std::uint64_t seen = pokes_;
    serving_ = true;
    for (bool more = true; more;) {
        const bool let_go = mine.go_on;
        lock.unlock();
        more = serve_(let_go);
        lock.lock();
    }
    serving_ = false;
    changed_.wait(lock, [&] { return mine.go_on || pokes_ != seen; });
}

void gate::ask_watcher(std::unique_lock<std::mutex>& lock) {
    serving_ = true;
    const auto ask = at_point_;
    lock.unlock();
    ask();
    lock.lock();
    serving_ = false;
}

/// True if it has nothing more to do in the library.
bool gate::release_first() {
    place& first = *waiting_.front();
    waiting_.pop_front();
    held_.fetch_sub(1, std::memory_order_release);
    first.go_on = true;
    going_ = first.here.last ? std::thread::id() : first.thread;
    changed_.notify_all();
    return first.here.last;
}

/// The step goes on with those who stand in line, unless the first of them stands where it ends; if nobody is
/// left, it is the loop's turn.
void gate::hand_over() {
    while (!waiting_.empty()) {
        if (stops_at(waiting_.front()->here.at)) {
            wants_more_ = false;
            changed_.notify_all();
            return;
        }
        if (!release_first()) return;
    }
}

void gate::step(step_size size) {
    std::unique_lock lock(mutex_);
    stepping_.store(true, std::memory_order_release);
    size_ = size;
    wants_more_ = true;
    going_ = {};
    if (!waiting_.empty() && release_first()) hand_over();
    lock.unlock();
    if (turn_) turn_();
}

void gate::stay() {
    const std::lock_guard lock(mutex_);
    stepping_.store(true, std::memory_order_release);
    size_ = step_size::hook;
    wants_more_ = false;
    going_ = {};
    if (server_place_ && server_place_->go_on) {
        server_place_->go_on = false;
        waiting_.push_front(server_place_);
        held_.fetch_add(1, std::memory_order_release);
    }
    changed_.notify_all();
}

void gate::open() {
    const std::lock_guard lock(mutex_);
    stepping_.store(false, std::memory_order_release);
    while (!waiting_.empty()) release_first();
    wants_more_ = false;
    going_ = {};
    server_waits_ = false;
}

bool gate::others_held() const {
    const std::lock_guard lock(mutex_);
    return std::any_of(waiting_.begin(), waiting_.end(),
                       [&](const place* p) { return p->thread != server_; });
}

std::vector<held_thread> gate::held_threads() const {
    const std::lock_guard lock(mutex_);
    std::vector<held_thread> all;
    for (const place* p : waiting_)
        all.push_back({.seq = p->here.seq, .worker = p->here.worker, .laboratory = p->thread == server_});
    return all;
}

bool gate::wants_more() {
    const std::lock_guard lock(mutex_);
    server_waits_ = false;
    return wants_more_ && (going_ == std::thread::id() || going_ == server_);
}

bool gate::under_way() const {
    const std::lock_guard lock(mutex_);
    return wants_more_;
}

bool gate::wait_step(std::chrono::nanoseconds limit) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return !wants_more_; });
}

void gate::finish_step() {
    const std::lock_guard lock(mutex_);
    wants_more_ = false;
    changed_.notify_all();
}

step_size gate::size() const {
    const std::lock_guard lock(mutex_);
    return size_;
}

bool gate::server_waits() const {
    const std::lock_guard lock(mutex_);
    return server_waits_;
}

void gate::set_server(std::thread::id thread, std::function<bool(bool)> serve) {
    const std::lock_guard lock(mutex_);
    server_ = thread;
    serve_ = std::move(serve);
}

void gate::watch(std::function<void()> at_point) {
    const std::lock_guard lock(mutex_);
    watched_.store(static_cast<bool>(at_point), std::memory_order_release);
    at_point_ = std::move(at_point);
}

void gate::poke() {
    const std::lock_guard lock(mutex_);
    ++pokes_;
    changed_.notify_all();
}

} // namespace lab
