// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"

#include "lab/laboratory_impl.h"

namespace lab {

laboratory::laboratory(options o) : impl_(std::make_unique<impl>(std::move(o))) {}
laboratory::~laboratory() = default;

void laboratory::post(command c, on_reply done, std::string_view who) {
    impl_->post({std::move(c), std::move(done), std::string(who)});
}

reply laboratory::call(command c, std::string_view who) {
    std::promise<reply> answer;
    std::future<reply> waiting = answer.get_future();
    post(
        std::move(c), [&answer](const reply& r) { answer.set_value(r); }, who);
    return waiting.get();
}

const event_log& laboratory::log() const {
    return impl_->journal_.log();
}
event_log& laboratory::log() {
    return impl_->journal_.log();
}

lab_time laboratory::now() const {
    return impl_->current()->clock().lab_now();
}

state laboratory::snapshot() const {
    return impl_->journal_.snapshot();
}

bool laboratory::wait_idle(std::chrono::nanoseconds limit) const {
    std::unique_lock lock(impl_->mutex_);
    return impl_->idle_changed_.wait_for(lock, limit, [&] { return impl_->idle_ && impl_->queue_.empty(); });
}

bool laboratory::held() const {
    return impl_->gate_.held();
}
std::vector<held_thread> laboratory::held_threads() const {
    return impl_->gate_.held_threads();
}
bool laboratory::wait_step(std::chrono::nanoseconds limit) const {
    return impl_->gate_.wait_step(limit);
}

life laboratory::inputs() const {
    return impl_->inputs();
}

std::vector<life> laboratory::lives() const {
    return impl_->lives();
}

std::string laboratory::recorded_only() const {
    return impl_->inputs().recorded_only;
}

reply laboratory::replayed() const {
    std::unique_lock lock(impl_->mutex_);
    impl_->replay_over_.wait(lock, [&] { return !impl_->replaying_; });
    return impl_->replayed_;
}

void laboratory::set_request_sender(request_sender* s) {
    impl_->sender_.store(s, std::memory_order_release);
}

ctx::context laboratory::root() const {
    return impl_->current()->root();
}

id_t laboratory::adopt(ctx::context c, std::function<void(const std::string& cause)> cancel) {
    return impl_->current()->adopt(std::move(c), std::move(cancel));
}

void laboratory::release(const ctx::context& c) {
    impl_->current()->release(c);
}

void laboratory::on_restart(std::function<void()> f) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->on_restart_ = std::move(f);
}

id_t laboratory::next_request_id() {
    return ++impl_->request_ids_;
}
id_t laboratory::next_client_id() {
    return ++impl_->client_ids_;
}

void laboratory::record(event e) {
    impl_->journal_.record(std::move(e));
}

laboratory::naming::naming(std::string name)
    : previous_(std::exchange(recorder::next_name(), std::move(name))) {}
laboratory::naming::~naming() {
    recorder::next_name() = std::move(previous_);
}

laboratory::answering*& laboratory::answering::here() {
    thread_local answering* innermost = nullptr;
    return innermost;
}
laboratory::answering::answering(laboratory& lab)
    : world_(lab.impl_->current()), before_(std::exchange(here(), this)) {}
laboratory::answering::~answering() {
    here() = before_;
    for (const id_t worker : woken_) world_->thread_over(worker);
}

laboratory::worker_scope::worker_scope(laboratory& lab, const ctx::context& c, std::string_view kind,
                                       std::string_view name, std::string_view code)
    : world_(lab.impl_->current()) {
    // A thread needs a moment to wake up; only then does it count as one that does not look.
    constexpr std::chrono::milliseconds to_wake_up{25};
    id_ = world_->worker_started(c, kind, std::string(name), code, to_wake_up, true);
    before_ = std::exchange(recorder::acting().worker, id_);
    world_->worker_running(id_);
}
laboratory::worker_scope::~worker_scope() {
    world_->worker_exited(id_, reason_);
    answering* const request = answering::here();
    if (!request || request->world_ != world_)
        world_->thread_over(id_);
    else if (world_->has_woken(id_))
        request->woken_.push_back(id_);
    recorder::acting().worker = before_;
}
void laboratory::worker_scope::waiting(std::string_view for_what) {
    world_->worker_waiting(id_, for_what);
}
void laboratory::worker_scope::running() {
    world_->worker_running(id_);
}
void laboratory::worker_scope::noticed() {
    world_->worker_noticed(id_);
}
void laboratory::worker_scope::exit(std::string_view reason) {
    reason_ = reason;
}

} // namespace lab
