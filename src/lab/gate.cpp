// SPDX-License-Identifier: MIT
#include "lab/gate.h"

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

void gate::pass(const passage& here) {
    if (!stepping_.load(std::memory_order_acquire)) return;
    std::unique_lock lock(mutex_);
    const std::thread::id me = std::this_thread::get_id();
    if (me == server_) server_waits_ = false;
    if (!stepping_ || (me == server_ && serving_)) return;
    const bool turn = has_turn(me);
    if (turn ? stops_at(here.at) : here.at != point::aside) {
        hold(lock, here, turn);
        return;
    }
    if (me == server_) server_waits_ = here.waits;
    if (!turn) return;
    going_ = here.last ? std::thread::id() : me;
    if (!here.last || !wants_more_ || !hand_over() || me == server_) return;
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
    const bool is_server = mine.thread == server_;
    while (!mine.go_on) {
        if (!is_server) {
            changed_.wait(lock);
            continue;
        }
        const std::uint64_t seen = pokes_;
        serving_ = true;
        lock.unlock();
        while (serve_()) {
        }
        lock.lock();
        serving_ = false;
        changed_.wait(lock, [&] { return mine.go_on || pokes_ != seen; });
    }
    if (is_server) server_waits_ = here.waits;
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

/// The step goes on with those who stand in line, unless the first of them stands where it ends. True if
/// nobody is left: it is the loop's turn.
bool gate::hand_over() {
    while (!waiting_.empty()) {
        if (stops_at(waiting_.front()->here.at)) {
            wants_more_ = false;
            changed_.notify_all();
            return false;
        }
        if (!release_first()) return false;
    }
    return true;
}

void gate::step(step_size size) {
    std::unique_lock lock(mutex_);
    stepping_.store(true, std::memory_order_release);
    size_ = size;
    wants_more_ = true;
    going_ = {};
    const bool is_loops = waiting_.empty() || (release_first() && hand_over());
    lock.unlock();
    if (is_loops && turn_) turn_();
}

void gate::open() {
    const std::lock_guard lock(mutex_);
    stepping_.store(false, std::memory_order_release);
    while (!waiting_.empty()) release_first();
    wants_more_ = false;
    going_ = {};
    server_waits_ = false;
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

void gate::set_server(std::thread::id thread, std::function<bool()> serve) {
    const std::lock_guard lock(mutex_);
    server_ = thread;
    serve_ = std::move(serve);
}

void gate::poke() {
    const std::lock_guard lock(mutex_);
    ++pokes_;
    changed_.notify_all();
}

} // namespace lab
