// SPDX-License-Identifier: MIT
#include "net/service.h"

#include "net/api.h"
#include "net/hub.h"
#include "net/page.h"
#include "net/server.h"
#include "net/teaching.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace net {
namespace {

using namespace std::chrono_literals;

/// While it lives, nobody is held by step mode: the end of a service must not wait until a person has stepped
/// through it.
class free_passage {
  public:
    explicit free_passage(lab::laboratory& lab) : lab_(lab), thread_([this] { run(); }) {}
    ~free_passage() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        ended_.notify_one();
        thread_.join();
    }
    free_passage(const free_passage&) = delete;
    free_passage& operator=(const free_passage&) = delete;

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!ended_.wait_for(lock, 10ms, [this] { return over_; }))
            if (lab_.held())
                lab_.post(lab::change_clock{.action = lab::clock_action::pause}, {}, "the server");
    }

    lab::laboratory& lab_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false; // guarded by mutex_
    std::thread thread_;
};

server_options limits(const service_options& o) {
    server_options s;
    s.address = o.address == "localhost" ? "127.0.0.1" : o.address;
    s.port = o.port;
    s.max_connections = o.max_connections;
    s.read_body_first = true; // no handler here is to miss that its client leaves
    return s;
}

router all_routes(hub& h) {
    router r;
    add_page(r);
    add_process(r, h);
    add_search(r, h);
    add_fanout(r, h);
    add_leak(r, h);
    add_chain(r, h);
    add_api_reads(r, h);
    add_api_contexts(r, h);
    add_api_workers(r, h);
    add_api_clock(r, h);
    add_api_held(r, h);
    add_api_events(r, h);
    return r;
}

} // namespace

struct service::impl {
    impl(lab::laboratory& l, const service_options& o)
        : shared(std::make_shared<hub>(l)), routes(all_routes(*shared)),
          http(limits(o), [this](exchange& x) { serve(x); }) {}

    void serve(exchange& x) {
        ready.wait();
        x.response.set_header("X-Content-Type-Options", "nosniff");
        routes.serve(x);
    }

    const std::shared_ptr<hub> shared; // shared with the laboratory's restart hook
    const router routes;
    /// Closed when everything is in place: the server accepts before that.
    const ctx::chan<ctx::empty> ready{0};
    server http;
};

service::service(lab::laboratory& lab, service_options options)
    : impl_(std::make_unique<impl>(lab, options)) {
    impl_->shared->url = impl_->http.url();
    lab.on_restart([weak = std::weak_ptr<hub>(impl_->shared)] {
        if (const auto h = weak.lock()) {
            h->calls.abort(0);
            h->base.restart();
        }
    });
    lab.set_request_sender(this);
    impl_->ready.close();
}

service::~service() {
    hub& h = *impl_->shared;
    h.lab.set_request_sender(nullptr);
    h.lab.on_restart({});
    const free_passage open(h.lab);
    h.calls.stop();
    h.base.close(ctx::error("http: Server closed"));
    h.stopping.close();
    impl_->http.stop();
    h.cancels.stop();
    h.leaked.wait();
}

std::uint16_t service::port() const {
    return impl_->http.port();
}
std::string service::address() const {
    return impl_->http.url();
}

lab::reply service::send(const lab::send_request& r) {
    return impl_->shared->calls.send(impl_->shared->url, r);
}
lab::reply service::abort(const lab::abort_request& r) {
    return impl_->shared->calls.abort(r.client);
}

} // namespace net
