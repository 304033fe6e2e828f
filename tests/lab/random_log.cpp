// SPDX-License-Identifier: MIT
#include "lab/random_log.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

using lab::event_kind;

namespace {

class writer {
  public:
    explicit writer(const random_log_plan& plan) : plan_(plan), random_(plan.seed) {
        log_.reserve(plan.events);
    }

    std::vector<lab::event> write() {
        begin();
        while (log_.size() < plan_.events) {
            now_ += lab::lab_time(below(2'000'000));
            if (plan_.reset_every && log_.size() % plan_.reset_every == 0)
                begin();
            else if (plan_.sweep_every && log_.size() % plan_.sweep_every == 0)
                sweep();
            else
                something();
        }
        log_.resize(plan_.events);
        return std::move(log_);
    }

  private:
    struct context {
        lab::id_t parent = 0;
        bool done = false;
        std::vector<lab::id_t> children;
    };
    struct worker {
        lab::id_t context = 0;
        bool waits = false;
        bool exited = false;
    };

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

    void add(lab::event e) {
        e.seq = log_.size() + 1;
        e.at = now_;
        log_.push_back(std::move(e));
    }

    void begin() {
        contexts_.assign(1, {});
        workers_.clear();
        gone_ = 0;
        now_ = {};
        add({.kind = event_kind::lab_started, .value = 1, .name = "random", .text = "A random log"});
        create(0);
    }

    void something() {
        const std::size_t what = below(100);
        if (what < 12 && contexts_.size() <= plan_.contexts)
            create(parent());
        else if (what < 24 && workers_.size() < plan_.contexts)
            start();
        else if (what < 27)
            cancel(1 + below(contexts_.size() - 1));
        else if (what < 29)
            request();
        else if (!workers_.empty())
            work(below(workers_.size()));
    }

    /// Half of them wide below the root, the others in deeper trees.
    lab::id_t parent() { return below(2) == 0 ? 1 : 1 + below(contexts_.size() - 1); }

    void create(lab::id_t parent) {
        const lab::id_t id = contexts_.size();
        contexts_.push_back(
            {.parent = parent, .done = parent != 0 && contexts_[parent].done, .children = {}});
        if (parent != 0) contexts_[parent].children.push_back(id);
        const bool value = below(5) == 0;
        add({.kind = event_kind::context_created,
             .ctx_kind = parent == 0 ? lab::context_kind::background
                         : value     ? lab::context_kind::with_value
                                     : lab::context_kind::with_cancel_cause,
             .on = contexts_.back().done && !value,
             .context = id,
             .parent = parent,
             .name = below(3) == 0 ? "context number " + std::to_string(id) : "",
             .text = value ? ".WithValue(key, value)" : ".WithCancel",
             .key = value ? "key" : "",
             .data = value ? "value" : ""});
    }

    void start() {
        const lab::id_t id = workers_.size() + 1;
        workers_.push_back({.context = 1 + below(contexts_.size() - 1)});
        add({.kind = event_kind::worker_started,
             .context = workers_.back().context,
             .worker = id,
             .name = "worker number " + std::to_string(id),
             .text = "work",
             .data = "select { case <-time.After(work): case <-ctx.Done(): return ctx.Err() }"});
    }

    void work(std::size_t i) {
        worker& w = workers_[i];
        if (w.exited) return;
        const lab::id_t id = i + 1;
        if (contexts_[w.context].done && below(4) != 0) {
            add({.kind = event_kind::worker_noticed, .context = w.context, .worker = id});
            add({.kind = event_kind::worker_exited,
                 .context = w.context,
                 .worker = id,
                 .text = "context canceled"});
            w.exited = true;
        } else if (contexts_[w.context].done) {
            add({.kind = event_kind::worker_leaked, .context = w.context, .worker = id});
        } else if (std::exchange(w.waits, !w.waits)) {
            add({.kind = event_kind::worker_running, .worker = id});
        } else {
            add({.kind = event_kind::worker_waiting,
                 .worker = id,
                 .text = "select on Done and a timer of 2s"});
        }
    }

    void cancel(lab::id_t root) {
        if (root == 1 || contexts_[root].done) return;
        add({.kind = event_kind::cancel_called,
             .context = root,
             .err = "context canceled",
             .cause = "no longer needed"});
        std::vector<lab::id_t> open{root};
        std::int64_t reached = 0;
        while (!open.empty()) {
            const lab::id_t id = open.back();
            open.pop_back();
            if (std::exchange(contexts_[id].done, true)) continue;
            if (id != root)
                add({.kind = event_kind::child_visited, .context = id, .parent = contexts_[id].parent});
            add({.kind = event_kind::context_done,
                 .context = id,
                 .by = root,
                 .err = "context canceled",
                 .cause = "no longer needed"});
            ++reached;
            open.insert(open.end(), contexts_[id].children.begin(), contexts_[id].children.end());
        }
        add({.kind = event_kind::wave_finished, .context = root, .value = reached});
    }

    void request() {
        if (const lab::id_t id = ++requests_; below(2) == 0 || id < 2)
            add({.kind = event_kind::request_started,
                 .context = 1 + below(contexts_.size() - 1),
                 .request = id,
                 .name = "GET",
                 .text = "/process",
                 .data = "127.0.0.1:45720"});
        else
            add({.kind = event_kind::request_ended,
                 .req_state = lab::request_state::finished,
                 .request = 1 + below(id),
                 .value = 200,
                 .text = "answered"});
    }

    /// The contexts made first after the last sweep go, with all below them.
    void sweep() {
        std::vector<lab::id_t> path;
        const std::size_t until = std::min(gone_ + 50, contexts_.size());
        for (std::size_t id = std::max<std::size_t>(gone_, 2); id < until; ++id) path.push_back(id);
        gone_ = until;
        add({.kind = event_kind::swept, .path = std::move(path)});
    }

    const random_log_plan plan_;
    std::mt19937_64 random_;
    std::vector<lab::event> log_;
    lab::lab_time now_{};
    std::vector<context> contexts_; // by id; the first is none
    std::vector<worker> workers_;
    lab::id_t requests_ = 0;
    std::size_t gone_ = 0;
};

} // namespace

std::vector<lab::event> random_log(const random_log_plan& plan) {
    return writer(plan).write();
}
