// SPDX-License-Identifier: MIT
#include "random/model.h"

#include <algorithm>

/// What happens in the model: connecting, cancelling, callbacks, time.
namespace scripts {

namespace {

std::size_t at(int n) {
    return static_cast<std::size_t>(n);
}

const fault canceled{true, "context canceled", true, false};

} // namespace

int model::new_node(int parent) {
    nodes_.push_back({});
    nodes_.back().parent = parent;
    return static_cast<int>(nodes_.size()) - 1;
}

/// How a child is made to follow its parent; the first step that fits wins.
void model::connect(int n) {
    const int p = nodes_[at(n)].parent;
    const int channel = channel_of(p);
    if (channel == -1) return;
    if (closed(p)) {
        task follows;
        cancel_now(n, err_of(p), cause_of(p), follows);
        return;
    }
    const sort kind = contexts_[at(p)].kind;
    if (node_of(p) >= 0 && node_of(p) == channel) {
        nodes_[at(n)].linked_to = channel;
    } else if (kind == sort::after_funcer) {
        nodes_[at(n)].method_of = p;
    } else if (kind == sort::embed_after) {
        nodes_[at(n)].method_of = p;
        const int inner = new_node(contexts_[at(p)].parent);
        nodes_[at(n)].inner = inner;
        nodes_[at(inner)].registration = true;
        nodes_[at(inner)].child = n;
        connect(inner);
    } else {
        nodes_[at(n)].watching = true;
    }
}

/// `rest` gets what the same thread does next: the children.
void model::cancel_now(int n, const fault& err, const fault& cause, task& rest) {
    node& it = nodes_[at(n)];
    if (it.err.there) return;
    it.err = err;
    it.cause = cause;
    if (it.registration && !it.used) {
        it.used = true;
        start({{step::kind::callback, n, {}, {}}});
    }
    std::vector<int> children;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (nodes_[i].linked_to == n) children.push_back(static_cast<int>(i));
    if (schedule_ == 1) std::reverse(children.begin(), children.end());
    if (schedule_ > 2) std::shuffle(children.begin(), children.end(), random_);
    for (auto child = children.rbegin(); child != children.rend(); ++child)
        rest.push_front({step::kind::cancel_node, *child, err, cause});
    if (nodes_[at(n)].inner >= 0) stop(nodes_[at(n)].inner);
}

bool model::stop(int registration) {
    if (nodes_[at(registration)].used) return false;
    nodes_[at(registration)].used = true;
    task none;
    cancel_now(registration, canceled, canceled, none);
    return true;
}

void model::cancel_custom(int c, const fault& err) {
    context& it = contexts_[at(c)];
    const bool first = !it.err.there;
    if (first) it.err = err;
    if (first && it.kind == sort::after_funcer) {
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].method_of == c && !nodes_[i].err.there)
                start({{step::kind::ask_parent, static_cast<int>(i), {}, {}}});
    }
    if (it.forwarding >= 0) stop(it.forwarding);
}

/// What the cancel function of a context does; `reason` may be missing.
model::step model::cancel_step(int c, const fault& reason) const {
    const context& it = contexts_[at(c)];
    const fault why = reason.there ? reason : canceled;
    if (it.own >= 0) return {step::kind::cancel_node, it.own, canceled, it.takes_cause ? why : canceled};
    return {step::kind::cancel_context, c, why, {}};
}

void model::perform(task& t) {
    const step s = t.front();
    t.pop_front();
    switch (s.what) {
    case step::kind::cancel_node:
        return cancel_now(s.target, s.err, s.cause, t);
    case step::kind::ask_parent: {
        const int parent = nodes_[at(s.target)].parent;
        return cancel_now(s.target, err_of(parent), cause_of(parent), t);
    }
    case step::kind::cancel_context:
        return cancel_custom(s.target, s.err);
    case step::kind::callback:
        break;
    }
    const node it = nodes_[at(s.target)];
    if (it.child >= 0) {
        t.push_front({step::kind::ask_parent, it.child, {}, {}});
    } else if (it.forward >= 0) {
        if (!contexts_[at(it.forward)].err.there) contexts_[at(it.forward)].err = err_of(it.parent);
    } else {
        ran_.push_back(it.report);
        if (it.cancels >= 0) t.push_front(cancel_step(it.cancels, {}));
    }
}

void model::wake_watchers() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i].watching || nodes_[i].err.there || !closed(nodes_[i].parent)) continue;
        nodes_[i].watching = false;
        tasks_.push_back({{step::kind::ask_parent, static_cast<int>(i), {}, {}}});
    }
}

/// What starts while another runs; in schedule 2 it comes before all that wait already.
void model::start(task t) {
    if (schedule_ == 2)
        tasks_.push_front(std::move(t));
    else
        tasks_.push_back(std::move(t));
}

/// Runs everything that can run.
void model::settle() {
    for (;;) {
        if (tasks_.empty() || schedule_ == 1 || schedule_ == 2 || (schedule_ > 2 && random_() % 3 == 0))
            wake_watchers();
        if (tasks_.empty()) return;
        const std::size_t last = tasks_.size() - 1;
        const std::size_t chosen = schedule_ == 1 ? last : schedule_ > 2 ? random_() / 5 % (last + 1) : 0;
        task t = std::move(tasks_[chosen]);
        tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(chosen));
        const std::size_t others = tasks_.size();
        perform(t);
        const std::size_t back = chosen + (schedule_ == 2 ? tasks_.size() - others : 0);
        if (!t.empty()) tasks_.insert(tasks_.begin() + static_cast<std::ptrdiff_t>(back), std::move(t));
    }
}

void model::advance(std::int64_t ms) {
    const std::int64_t until = now_ + ms;
    for (;;) {
        std::optional<std::int64_t> next;
        for (const node& n : nodes_)
            if (n.timer && !n.err.there && (!next || *n.timer < *next)) next = n.timer;
        if (!next || *next > until) break;
        now_ = *next;
        const fault exceeded{true, "context deadline exceeded", false, true};
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const node& n = nodes_[i];
            if (n.timer != next || n.err.there) continue;
            tasks_.push_back({{step::kind::cancel_node, static_cast<int>(i), exceeded,
                               n.timer_cause.there ? n.timer_cause : exceeded}});
        }
        settle();
    }
    now_ = until;
}

} // namespace scripts
