// SPDX-License-Identifier: MIT
#include "lab/workers.h"
#include "lab/world.h"

namespace lab {

reply world::start(const new_worker& c) {
    const std::optional<entry> e = find(c.context);
    if (!e) return {.status = 404, .error = "context: there is no context " + std::to_string(c.context)};
    if (e->kind == context_kind::after_func)
        return {.status = 409, .error = "context: an AfterFunc registration is no context to work for"};
    if (full())
        return {.status = 429,
                .error = "too many live objects: the laboratory holds " + std::to_string(most_objects)};
    new_worker spec = c;
    if (std::string why = complete(spec); !why.empty()) return {.status = 400, .error = std::move(why)};
    return {.status = 201, .error = {}, .id = start_worker(*this, e->context, spec)};
}

id_t world::worker_started(const ctx::context& c, std::string_view kind, std::string name,
                           std::string_view code, std::chrono::nanoseconds grace, bool thread) {
    id_t id = 0;
    const id_t shown = ctx::id_of(c);
    {
        const std::lock_guard lock(mutex_);
        id = next_worker_++;
        workers_.emplace(
            id, live_worker{
                    .context = c, .shown_context = shown, .grace = grace, .waits_for = {}, .thread = thread});
    }
    if (name.empty()) name = std::string(kind) + " " + std::to_string(id);
    recorder_->record({.kind = event_kind::worker_started,
                       .context = shown,
                       .worker = id,
                       .name = std::move(name),
                       .text = std::string(kind),
                       .data = std::string(code)});
    leaks_possible_.store(true, std::memory_order_release);
    return id;
}

void world::worker_waiting(id_t worker, std::string_view for_what) {
    recorder_->record({.kind = event_kind::worker_waiting, .worker = worker, .text = std::string(for_what)});
    bool woken = false;
    {
        const std::lock_guard lock(mutex_);
        const auto at = workers_.find(worker);
        if (at == workers_.end() || !at->second.thread) return;
        at->second.waits_for = for_what;
        woken = is_woken(at->second);
    }
    if (woken || !woken_.over(worker)) return;
    leaks_possible_.store(true, std::memory_order_release); // it will not leave soon
    recorder_->tell();
}

void world::worker_running(id_t worker) {
    recorder_->record({.kind = event_kind::worker_running, .worker = worker});
    const std::lock_guard lock(mutex_);
    if (const auto at = workers_.find(worker); at != workers_.end()) at->second.waits_for.clear();
}

void world::worker_noticed(id_t worker) {
    id_t context = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto at = workers_.find(worker);
        if (at == workers_.end()) return;
        context = at->second.shown_context;
        if (at->second.thread && !clock().runs()) woken_.expect(worker);
    }
    recorder_->react({.kind = event_kind::worker_noticed, .context = context, .worker = worker});
}

void world::worker_exited(id_t worker, std::string_view reason) {
    live_worker gone; // its context is dropped after the lock
    {
        const std::lock_guard lock(mutex_);
        const auto at = workers_.find(worker);
        if (at == workers_.end()) return;
        gone = std::move(at->second);
        workers_.erase(at);
    }
    recorder_->react({.kind = event_kind::worker_exited,
                      .context = gone.shown_context,
                      .worker = worker,
                      .text = std::string(reason)});
}

void world::thread_over(id_t worker) {
    if (woken_.over(worker)) recorder_->tell();
}

/// It runs, or waits for what ends with its context.
bool world::is_woken(const live_worker& w) const {
    return w.thread &&
           (w.waits_for.empty() || selects_on_done(w.waits_for) || w.waits_for.starts_with("errgroup.Wait"));
}

std::optional<woken_threads::time> world::time_stands_until() {
    const auto now = std::chrono::steady_clock::now();
    const bool late = clock().runs() ? woken_.give_up_all() : woken_.give_up(now);
    if (!late) return woken_.until();
    leaks_possible_.store(true, std::memory_order_release);
    return now;
}

void world::about_to_wait(id_t worker, std::string_view for_what) {
    const std::lock_guard lock(mutex_);
    if (const auto at = workers_.find(worker); at != workers_.end()) at->second.waits_for = for_what;
}

void world::parked(std::uint64_t tag) {
    std::string for_what;
    {
        const std::lock_guard lock(mutex_);
        const auto at = workers_.find(tag);
        if (at == workers_.end()) return;
        for_what = at->second.waits_for;
    }
    recorder_->record({.kind = event_kind::worker_waiting, .worker = tag, .text = std::move(for_what)});
    recorder::acting() = {};
}

void world::resumed(std::uint64_t tag) {
    recorder::acting() = {.worker = tag};
    if (tag != 0) recorder_->record({.kind = event_kind::worker_running, .worker = tag});
}

void world::exited(std::uint64_t) {
    recorder::acting() = {};
}

bool world::settled() const {
    return scheduler().idle() && !leaks_possible_.load(std::memory_order_acquire) && !recorder_->has_ended();
}

bool world::flag_leaks() {
    const bool ended = recorder_->take_ended();
    if (!leaks_possible_.exchange(false, std::memory_order_acq_rel) && !ended) return false;
    const ctx::time_point now = clock().now();
    std::vector<std::pair<id_t, id_t>> leaked;
    std::optional<ctx::time_point> look_again;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, w] : workers_) {
            if (w.leaked || !w.context.err()) continue;
            if (!w.dead_since) {
                w.dead_since = now;
                if (is_woken(w) && !clock().runs()) woken_.expect(id);
            }
            if (woken_.expects(id)) continue; // looked at again if it takes too long
            const ctx::time_point due = ctx::saturating_add(*w.dead_since, w.grace);
            if (due <= now) {
                w.leaked = true;
                leaked.emplace_back(id, w.shown_context);
            } else if (!look_again || due < *look_again) {
                look_again = due;
            }
        }
    }
    for (const auto& [worker, context] : leaked)
        recorder_->record({.kind = event_kind::worker_leaked, .context = context, .worker = worker});
    if (look_again)
        ctx::go(scheduler(), look_later, weak_from_this(),
                ctx::after(*look_again - now, recorder_->shared_clock()));
    return true;
}

ctx::task<> world::look_later(std::weak_ptr<world> w, ctx::recv_chan<ctx::time_point> due) {
    co_await ctx::select(ctx::recv(due));
    if (const auto self = w.lock()) self->leaks_possible_.store(true, std::memory_order_release);
}

} // namespace lab
