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

void gate::pass(point p) {
    if (!stepping_.load(std::memory_order_acquire)) return;
    std::unique_lock lock(mutex_);
    const bool is_server = std::this_thread::get_id() == server_;
    if (!stepping_ || !stops_at(p) || (is_server && serving_)) return;
    wants_more_ = false;
    bool go_on = false;
    const auto place = waiting_.insert(waiting_.end(), &go_on);
    held_.fetch_add(1, std::memory_order_release);
    while (!go_on) {
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
        changed_.wait(lock, [&] { return go_on || pokes_ != seen; });
    }
    held_.fetch_sub(1, std::memory_order_release);
    waiting_.erase(place);
}

void gate::step(step_size size) {
    const std::lock_guard lock(mutex_);
    stepping_.store(true, std::memory_order_release);
    size_ = size;
    wants_more_ = true;
    for (bool* go_on : waiting_) {
        if (*go_on) continue;
        *go_on = true;
        break;
    }
    changed_.notify_all();
}

void gate::open() {
    const std::lock_guard lock(mutex_);
    stepping_.store(false, std::memory_order_release);
    wants_more_ = false;
    for (bool* go_on : waiting_) *go_on = true;
    changed_.notify_all();
}

bool gate::wants_more() const {
    const std::lock_guard lock(mutex_);
    return wants_more_;
}

void gate::finish_step() {
    const std::lock_guard lock(mutex_);
    wants_more_ = false;
}

step_size gate::size() const {
    const std::lock_guard lock(mutex_);
    return size_;
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
