// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "ctx/chan.h"
#include "net/dial.h"
#include "net/thread_group.h"

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

/// The client's connections: those that are idle, those that are being made, and who waits for one.
///
/// A wait for a connection ends with its context, but the dial goes on without it, with the context's values
/// and neither its cancellation nor its deadline, so that a later request can have the connection (HTTP-058).
///
/// Thread safety: any thread. Lifetime: the destructor cancels the dials and waits for them.
namespace net {

struct pooled_connection {
    file_descriptor fd;
    endpoint to;
    std::chrono::steady_clock::time_point idle_since{};
    bool used_before = false;
};

class connection_pool {
  public:
    using dial_func = std::function<dialed(const ctx::context&, const endpoint&)>;
    struct limits {
        std::size_t most_idle_per_host = 2;
        std::chrono::milliseconds idle_timeout{90'000};
    };
    struct lease {
        std::shared_ptr<pooled_connection> connection;
        ctx::error error; ///< why there is none: the dial's, or the cause of the context
    };

    connection_pool(dial_func dial, limits l) : dial_(std::move(dial)), limits_(l) {}
    ~connection_pool();
    connection_pool(const connection_pool&) = delete;
    connection_pool& operator=(const connection_pool&) = delete;

    lease get(const ctx::context& c, const endpoint& to);
    /// Gives back a connection on which nothing is under way.
    void put(std::shared_ptr<pooled_connection> p);
    void close_idle();
    std::size_t idle() const;

  private:
    struct want {
        endpoint to;
        ctx::chan<lease> ready{1};
    };
    using cancels = std::list<ctx::cancel_func>;

    void start_dial(const ctx::context& c, const std::shared_ptr<want>& w);
    void dialed_for(const std::shared_ptr<want>& w, dialed d);
    void give_up(const std::shared_ptr<want>& w);
    std::shared_ptr<pooled_connection> take_idle(const endpoint& to);
    void offer(std::shared_ptr<pooled_connection> p);
    bool stop_waiting(const std::shared_ptr<want>& w);

    const dial_func dial_;
    const limits limits_;
    mutable std::mutex mutex_;                             // leaf lock, but for channels
    std::vector<std::shared_ptr<pooled_connection>> idle_; // guarded by mutex_, like what follows
    std::list<std::shared_ptr<want>> waiting_;
    cancels dialing_;
    bool closed_ = false;
    thread_group dials_; // last: its threads use all of the above
};

} // namespace net
