// SPDX-License-Identifier: MIT
#include "ctx/detail/worker_pool.h"

#include <algorithm>

namespace ctx {
namespace {
/// Parts of a pool's list of workers.
constexpr std::size_t worker_lists = 16;

unsigned threads_of(unsigned asked) noexcept {
    return asked > 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
}
} // namespace

pool_scheduler::pool_scheduler(unsigned threads, std::shared_ptr<clock> c)
    : scheduler(std::move(c), std::max<std::size_t>(worker_lists, threads_of(threads))),
      pool_(std::make_unique<detail::worker_pool>(*this, threads_of(threads))) {}

pool_scheduler::~pool_scheduler() {
    pool_->stop();
    destroy_workers();
}

void pool_scheduler::post(std::coroutine_handle<> h) {
    pool_->post(h.address());
}
void pool_scheduler::post_next(std::coroutine_handle<> h) {
    pool_->post_next(h.address());
}
void pool_scheduler::post_last(std::coroutine_handle<> h) {
    pool_->post_last(h.address());
}
void pool_scheduler::take_back(std::coroutine_handle<> h) noexcept {
    pool_->take_back(h.address());
}
void pool_scheduler::hand_over(detail::selectable& done) noexcept {
    pool_->hand_over(done);
}

void pool_scheduler::call(std::function<void()> f) {
    detail::run_in_thread(std::move(f));
}

std::uint64_t pool_scheduler::random() noexcept {
    return detail::thread_random();
}

} // namespace ctx
