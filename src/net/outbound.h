// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "lab/laboratory.h"
#include "net/client.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

/// The calls that a person makes with the built-in client: a thread each, with a context of its own on the
/// laboratory's clock. The contexts are kept out of the laboratory's picture, which shows the server's side.
///
/// Thread safety: any thread; nothing blocks but the destructor.
namespace net {

class outbound {
  public:
    /// The header by which the server recognises a call as one of these.
    static constexpr const char* id_header = "Ctxlab-Client";
    static constexpr std::size_t most_at_once = 2000;

    outbound(lab::laboratory& lab, client& by) : lab_(lab), client_(by) {}
    ~outbound() { stop(); }
    outbound(const outbound&) = delete;
    outbound& operator=(const outbound&) = delete;

    lab::reply send(const std::string& server, const lab::send_request& r);
    lab::reply abort(lab::id_t client);
    /// The call of that id if it is in flight, else 0.
    lab::id_t known(const std::string& id) const;
    /// Aborts what is in flight, refuses the rest, and waits for the threads.
    void stop();

  private:
    struct flight {
        ctx::cancel_func cancel;
        std::thread thread;
    };
    void start(const std::string& url, const lab::send_request& r, lab::id_t id);
    void run(lab::id_t id, ctx::context c, call what);
    void land(lab::id_t id);

    lab::laboratory& lab_;
    client& client_;
    ctx::pool_scheduler timers_{1};
    mutable std::mutex mutex_; // leaf lock
    std::condition_variable landed_;
    std::unordered_map<lab::id_t, flight> flights_; // guarded by mutex_
    std::thread last_landed_; // guarded by mutex_; each thread joins the one that ended before it
    bool stopping_ = false;   // guarded by mutex_
};

} // namespace net
