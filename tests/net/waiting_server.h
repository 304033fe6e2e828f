// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/select.h"
#include "net/server.h"
#include "raw_client.h"

#include <mutex>
#include <stdexcept>
#include <vector>

/// Answers /echo with the body, /wait when its context is done or after `release`, /stream without end, the
/// rest with "ok".
struct waiting_server {
    raw::tally entered, ended, active;
    std::mutex mutex;
    std::vector<std::chrono::steady_clock::time_point> done_at; // guarded by mutex
    std::vector<ctx::context> contexts;                         // guarded by mutex
    std::vector<bool> left;                                     // guarded by mutex
    ctx::chan<ctx::empty> release{0};
    net::server server;

    explicit waiting_server(net::server_options o = {.port = 0})
        : server(with_any_port(o), [this](net::exchange& x) { handle(x); }) {}
    static net::server_options with_any_port(net::server_options o) {
        o.port = 0;
        o.read_body_first = true;
        return o;
    }

    void handle(net::exchange& x) {
        if (x.request.path == "/echo") return x.answer(200, x.body);
        if (x.request.path == "/throw") throw std::runtime_error("boom");
        if (x.request.path == "/stream") return stream(x);
        if (x.request.path != "/wait") return x.answer(200, "ok");
        {
            const std::lock_guard lock(mutex);
            contexts.push_back(x.context());
        }
        active.add();
        entered.add();
        const bool released = ctx::select(ctx::recv(release), ctx::recv(x.context().done())) == 0;
        {
            const std::lock_guard lock(mutex);
            done_at.push_back(std::chrono::steady_clock::now());
            left.push_back(x.client_left());
        }
        if (released)
            x.answer(200, "released");
        else if (x.client_left())
            x.abandon();
        else
            x.refuse(503, x.context().err().text());
        active.add(-1);
        ended.add();
    }

    void stream(net::exchange& x) {
        x.stream("text/plain", [this, c = x.context()](httplib::DataSink& sink) {
            entered.add();
            if (!sink.write("tick\n", 5)) return false;
            c.done().wait();
            sink.done();
            ended.add();
            return true;
        });
    }
};
