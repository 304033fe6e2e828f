// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <string>

/// States for tests of what is drawn: hand-written events, folded as the window folds them.
namespace pictures {

using namespace std::chrono_literals;

class Story {
  public:
    lab::state state;

    Story() {
        lab::event started;
        started.kind = lab::event_kind::lab_started;
        started.value = 7;
        tell(started);
        context(0, lab::context_kind::background, "Background");
    }

    Story& at(lab::lab_time t) {
        m_now = t;
        state.set_now(t);
        return *this;
    }

    lab::id_t context(lab::id_t parent, lab::context_kind kind, const std::string& name,
                      std::optional<lab::lab_time> timeout = {}, const std::string& key = {},
                      const std::string& value = {}) {
        lab::event e;
        e.kind = lab::event_kind::context_created;
        e.context = ++m_contexts;
        e.parent = parent;
        e.ctx_kind = kind;
        e.name = name;
        e.text = "." + std::string(lab::go_name(kind));
        if (timeout) e.deadline = m_now + *timeout;
        e.key = key;
        e.data = value;
        tell(e);
        return m_contexts;
    }

    lab::id_t worker(lab::id_t context, const std::string& kind, const std::string& name) {
        lab::event e;
        e.kind = lab::event_kind::worker_started;
        e.worker = ++m_workers;
        e.context = context;
        e.text = kind;
        e.name = name;
        tell(e);
        return m_workers;
    }

    void onWorker(lab::id_t worker, lab::event_kind kind, const std::string& text = {}) {
        lab::event e;
        e.kind = kind;
        e.worker = worker;
        e.context = state.worker(worker)->context;
        e.text = text;
        tell(e);
    }

    lab::id_t request(lab::id_t context, const std::string& path) {
        lab::event e;
        e.kind = lab::event_kind::request_started;
        e.request = ++m_requests;
        e.context = context;
        e.name = "GET";
        e.text = path;
        tell(e);
        return m_requests;
    }

    void endRequest(lab::id_t request, lab::request_state how, int status, const std::string& fate) {
        lab::event e;
        e.kind = lab::event_kind::request_ended;
        e.request = request;
        e.context = state.request(request)->context;
        e.req_state = how;
        e.value = status;
        e.text = fate;
        tell(e);
    }

    /// Cancels the whole subtree in the library's order; `finish` false leaves the wave under way.
    void cancel(lab::id_t context, const std::string& cause = "context canceled", bool finish = true) {
        end(context, lab::event_kind::cancel_called, "context canceled", cause, finish);
    }

    void expire(lab::id_t context) {
        end(context, lab::event_kind::deadline_expired, "context deadline exceeded",
            "context deadline exceeded", true);
    }

    void lookUp(lab::id_t from, const std::string& key) {
        lab::event e;
        e.kind = lab::event_kind::value_looked_up;
        e.context = from;
        e.key = key;
        for (const lab::context_info* c = state.context(from); c && !e.on; c = state.context(c->parent)) {
            e.path.push_back(c->id);
            e.on = c->key == key;
            if (e.on) e.data = c->value;
        }
        tell(e);
    }

    void tell(lab::event e) {
        e.seq = state.seq() + 1;
        e.at = m_now;
        state.apply(e);
    }

  private:
    void end(lab::id_t root, lab::event_kind how, const std::string& err, const std::string& cause,
             bool finish) {
        lab::event call;
        call.kind = how;
        call.context = root;
        call.err = err;
        call.cause = cause;
        tell(call);
        std::vector<lab::id_t> open{root};
        std::int64_t reached = 0;
        while (!open.empty()) {
            const lab::context_info* c = state.context(open.back());
            open.pop_back();
            if (c->kind == lab::context_kind::without_cancel) continue;
            const auto children = c->children;
            if (c->state == lab::context_state::active && lab::owns_done(c->kind)) {
                lab::event done;
                done.kind = lab::event_kind::context_done;
                done.context = c->id;
                done.err = err;
                done.cause = cause;
                done.by = root;
                ++reached;
                tell(done);
            }
            open.insert(open.end(), children.rbegin(), children.rend());
        }
        if (!finish) return;
        lab::event over;
        over.kind = lab::event_kind::wave_finished;
        over.context = root;
        over.value = reached;
        tell(over);
    }

    lab::lab_time m_now{};
    lab::id_t m_contexts = 0, m_workers = 0, m_requests = 0;
};

/// A server with two requests under way, one whose client left, a detached job, a leak: every look there is.
inline Story server() {
    using k = lab::context_kind;
    using ev = lab::event_kind;
    Story s;
    const auto http = s.context(1, k::with_cancel, "http-server");
    s.at(120ms);
    const auto search = s.context(http, k::with_timeout, "GET /search?q=go", 3100ms);
    s.request(search, "/search?q=go");
    const auto auth = s.context(search, k::with_value, "auth", {}, "user", "\"ana\"");
    const auto profile = s.context(auth, k::with_cancel, "load-profile");
    const auto load = s.worker(profile, "backend", "load-profile");
    const auto fan = s.context(search, k::with_cancel_cause, "fan-out");
    const auto shard1 = s.context(fan, k::with_deadline, "shard-1", 1900ms);
    const auto shard2 = s.context(fan, k::with_deadline, "shard-2", 2900ms);
    const auto shard3 = s.context(fan, k::with_timeout_cause, "shard-3", 1210ms);
    const auto w1 = s.worker(shard1, "backend", "shard-1");
    s.worker(shard2, "poll", "shard-2 poll");
    const auto w3 = s.worker(shard3, "backend", "shard-3");
    s.at(200ms);
    const auto report = s.context(http, k::with_timeout, "GET /report/2024", 5000ms);
    const auto request = s.request(report, "/report/2024");
    const auto query = s.context(report, k::with_cancel, "db-query");
    const auto trace = s.context(report, k::with_value, "render-pdf", {}, "trace", "7f3a");
    const auto cursor = s.context(query, k::with_cancel, "cursor");
    const auto pages = s.context(trace, k::with_cancel, "page-writer");
    const auto audit = s.context(report, k::without_cancel, "audit-log");
    const auto unlock = s.context(report, k::after_func, "release lock");
    const auto wq = s.worker(query, "backend", "db-query");
    const auto wc = s.worker(cursor, "stubborn", "cursor");
    const auto wp = s.worker(pages, "pipeline", "page-writer");
    s.worker(audit, "wait", "audit flush");
    s.at(420ms);
    const auto stream = s.context(http, k::with_cancel, "GET /stream");
    s.request(stream, "/stream");
    const auto tick = s.worker(stream, "poll", "ticker");
    s.onWorker(tick, ev::worker_waiting, "select on Done and a ticker of 100ms");
    s.onWorker(load, ev::worker_waiting, "select on Done and a timer of 700ms");
    s.at(600ms);
    const auto janitor = s.context(1, k::with_cancel, "janitor");
    const auto sweep = s.worker(janitor, "wait", "janitor");
    s.onWorker(w1, ev::worker_waiting, "select on Done and a reply");
    s.onWorker(w3, ev::worker_waiting, "select on Done and a reply");
    s.onWorker(wq, ev::worker_waiting, "rows.Next");
    s.at(900ms);
    s.onWorker(load, ev::worker_running);
    s.onWorker(sweep, ev::worker_exited, "finished");
    s.cancel(janitor);
    s.at(1330ms);
    s.expire(shard3);
    s.at(1392ms);
    s.onWorker(w3, ev::worker_noticed);
    s.onWorker(w3, ev::worker_exited, "deadline exceeded");
    s.at(1540ms);
    s.cancel(report, "client disconnected");
    s.endRequest(request, lab::request_state::client_gone, 0, "client gone");
    lab::event ran;
    ran.kind = ev::after_func_run;
    ran.context = unlock;
    s.tell(ran);
    s.at(1584ms);
    s.onWorker(wq, ev::worker_noticed);
    s.onWorker(wq, ev::worker_exited, "context canceled");
    s.at(1700ms);
    s.onWorker(wc, ev::worker_leaked);
    s.onWorker(wp, ev::worker_noticed);
    s.at(1860ms);
    return s;
}

/// `n` contexts: a bushy tree, some cancelled, some with deadlines, values and workers.
inline Story bushy(int n) {
    using k = lab::context_kind;
    Story s;
    const k kinds[] = {k::with_cancel, k::with_timeout, k::with_value, k::with_deadline_cause,
                       k::with_cancel_cause};
    for (int i = 2; i <= n; ++i) {
        const k kind = kinds[std::size_t(i * 7 % 5)];
        const auto parent = lab::id_t(1 + (i * 31 / 7) % (i < 6 ? 1 : (i - 1) / 3));
        const bool timer = lab::takes_deadline(kind);
        const bool value = kind == k::with_value;
        const auto c = s.context(parent, kind, "request " + std::to_string(i),
                                 timer ? std::optional(lab::lab_time(500ms + 11ms * (i % 97))) : std::nullopt,
                                 value ? "key" : "", value ? "v" + std::to_string(i) : "");
        if (i % 3 == 0) s.worker(c, "wait", "worker of " + std::to_string(i));
    }
    s.at(400ms);
    if (n >= 5) s.cancel(lab::id_t(n / 10 + 2));
    return s;
}

} // namespace pictures
