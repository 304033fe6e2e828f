// SPDX-License-Identifier: MIT
#include "net/connection_pool.h"

#include "ctx/select.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace net {
namespace {

bool same_place(const endpoint& a, const endpoint& b) {
    return a.port == b.port && a.address == b.address;
}

/// Nothing has been said on it, and nobody has closed it.
bool is_silent(int fd) {
    char c = 0;
    return ::recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace

connection_pool::~connection_pool() {
    cancels all;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        all = dialing_;
    }
    for (const ctx::cancel_func& cancel : all) cancel();
    dials_.wait();
}

connection_pool::lease connection_pool::get(const ctx::context& c, const endpoint& to) {
    const auto w = std::make_shared<want>();
    w->to = to;
    {
        const std::lock_guard lock(mutex_);
        if (auto p = take_idle(to)) return {std::move(p), {}};
        waiting_.push_back(w);
    }
    start_dial(c, w);
    lease l;
    const std::size_t first = ctx::select(ctx::recv(w->ready, l), ctx::recv(c.done()));
    if (first == 0) return l;
    give_up(w);
    return {nullptr, ctx::cause(c)};
}

void connection_pool::start_dial(const ctx::context& c, const std::shared_ptr<want>& w) {
    const ctx::cancelable detached = ctx::with_cancel(ctx::without_cancel(c));
    cancels::iterator at;
    {
        const std::lock_guard lock(mutex_);
        at = dialing_.insert(dialing_.end(), detached.cancel);
    }
    const auto end = [this, at] {
        const std::lock_guard lock(mutex_);
        dialing_.erase(at);
    };
    try {
        dials_.start([this, end, w, detached] {
            dialed d = dial_(detached.context, w->to);
            end();
            detached.cancel();
            dialed_for(w, std::move(d));
        });
    } catch (const std::system_error& e) {
        end();
        dialed_for(w, {{}, ctx::error("dial tcp " + w->to.text() + ": no thread for it: " + e.what())});
    }
}

/// As in Go: first for whoever asked for it, then for anybody.
void connection_pool::dialed_for(const std::shared_ptr<want>& w, dialed d) {
    const std::lock_guard lock(mutex_);
    if (d.error) {
        if (stop_waiting(w)) w->ready.try_send({nullptr, std::move(d.error)});
        return;
    }
    auto p = std::make_shared<pooled_connection>();
    p->fd = std::move(d.fd);
    p->to = w->to;
    if (stop_waiting(w))
        w->ready.try_send({std::move(p), {}});
    else
        offer(std::move(p));
}

/// The context is done: what has just been handed over is for somebody else.
void connection_pool::give_up(const std::shared_ptr<want>& w) {
    const std::lock_guard lock(mutex_);
    if (stop_waiting(w)) return;
    if (auto l = w->ready.try_receive(); l && l->connection) offer(std::move(l->connection));
}

/// False: it had been served already.
bool connection_pool::stop_waiting(const std::shared_ptr<want>& w) {
    const auto at = std::find(waiting_.begin(), waiting_.end(), w);
    if (at == waiting_.end()) return false;
    waiting_.erase(at);
    return true;
}

std::shared_ptr<pooled_connection> connection_pool::take_idle(const endpoint& to) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(idle_, [&](const auto& p) {
        return now - p->idle_since > limits_.idle_timeout || !is_silent(p->fd.get());
    });
    const auto at =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& p) { return same_place(p->to, to); });
    if (at == idle_.rend()) return nullptr;
    std::shared_ptr<pooled_connection> p = std::move(*at);
    idle_.erase(std::next(at).base());
    return p;
}

void connection_pool::offer(std::shared_ptr<pooled_connection> p) {
    const auto w = std::find_if(waiting_.begin(), waiting_.end(),
                                [&](const auto& one) { return same_place(one->to, p->to); });
    if (w != waiting_.end()) {
        (*w)->ready.try_send({std::move(p), {}});
        waiting_.erase(w);
        return;
    }
    const auto there = std::count_if(idle_.begin(), idle_.end(),
                                     [&](const auto& one) { return same_place(one->to, p->to); });
    if (closed_ || static_cast<std::size_t>(there) >= limits_.most_idle_per_host) return;
    p->idle_since = std::chrono::steady_clock::now();
    idle_.push_back(std::move(p));
}

void connection_pool::put(std::shared_ptr<pooled_connection> p) {
    p->used_before = true;
    const std::lock_guard lock(mutex_);
    offer(std::move(p));
}

void connection_pool::close_idle() {
    const std::lock_guard lock(mutex_);
    idle_.clear();
}

std::size_t connection_pool::idle() const {
    const std::lock_guard lock(mutex_);
    return idle_.size();
}

} // namespace net
