// SPDX-License-Identifier: MIT
#include "ctx/detail/timer_heap.h"

namespace ctx::detail {

bool timer_heap::before(const timer_entry* a, const timer_entry* b) noexcept {
    return a->due_ != b->due_ ? a->due_ < b->due_ : a->heap_.order < b->heap_.order;
}

void timer_heap::put(std::size_t at, timer_entry* e) noexcept {
    heap_[at] = e;
    e->heap_.place = at;
}

void timer_heap::sift_up(std::size_t at) noexcept {
    timer_entry* e = heap_[at];
    for (; at > 0 && before(e, heap_[(at - 1) / 2]); at = (at - 1) / 2) put(at, heap_[(at - 1) / 2]);
    put(at, e);
}

void timer_heap::sift_down(std::size_t at) noexcept {
    timer_entry* e = heap_[at];
    for (;;) {
        std::size_t child = 2 * at + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
        if (!before(heap_[child], e)) break;
        put(at, heap_[child]);
        at = child;
    }
    put(at, e);
}

void timer_heap::push(timer_entry& e, time_point due) {
    heap_.push_back(&e);
    e.set_due(due);
    e.heap_ = {.order = armed_++, .place = heap_.size() - 1};
    e.slot_ = 0;
    sift_up(heap_.size() - 1);
}

bool timer_heap::remove(timer_entry& e) noexcept {
    if (e.slot_ == timer_entry::nowhere) return false;
    const std::size_t at = e.heap_.place;
    e.slot_ = timer_entry::nowhere;
    timer_entry* last = heap_.back();
    heap_.pop_back();
    if (last != &e) {
        put(at, last);
        sift_up(at);
        sift_down(last->heap_.place);
    }
    return true;
}

timer_entry* timer_heap::pop_due(time_point now) noexcept {
    if (heap_.empty() || heap_.front()->due_ > now) return nullptr;
    timer_entry* e = heap_.front();
    remove(*e);
    return e;
}

std::optional<time_point> timer_heap::next() const noexcept {
    if (heap_.empty()) return std::nullopt;
    return heap_.front()->due_;
}

} // namespace ctx::detail
