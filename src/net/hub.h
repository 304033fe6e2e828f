// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "ctx/group.h"
#include "ctx/scheduler.h"
#include "lab/laboratory.h"
#include "net/canceller.h"
#include "net/client.h"
#include "net/outbound.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

/// What the handlers of one service share.
namespace net {

/// One life of the laboratory, from a reset to the next, as the HTTP half sees it.
struct lab_life {
    ctx::context root;
    ctx::chan<ctx::empty> over{0}; ///< closed at its end
};

/// The server's base context: made under the laboratory's root when a request first needs it, and again after
/// a reset. A person may cancel it; as in Go, every later request then begins with a done context (HTTP-010).
class base_context {
  public:
    explicit base_context(lab::laboratory& lab);

    struct place {
        ctx::context context;
        std::shared_ptr<const lab_life> life;
    };
    place get();
    /// The laboratory was reset.
    void restart();
    /// Cancels it, and every one that is made afterwards.
    void close(const ctx::error& cause);
    std::shared_ptr<const lab_life> life() const;

  private:
    std::shared_ptr<lab_life> begin_life() const;

    lab::laboratory& lab_;
    std::mutex making_;              // held while one is made, which may take as long as a step is held
    mutable std::mutex mutex_;       // leaf lock
    std::shared_ptr<lab_life> life_; // guarded by mutex_
    std::optional<ctx::cause_cancelable> made_; // guarded by mutex_
    ctx::error closed_;                         // guarded by mutex_; empty: it is open
};

struct hub {
    hub(lab::laboratory& l) : lab(l), base(l), calls(l, client) {}

    lab::laboratory& lab;
    base_context base;
    /// Without idle connections: each would hold a thread of the server that it calls, which is this one.
    net::client client{transport_options{.disable_keep_alives = true}};
    outbound calls;
    std::string url;                   ///< of the server; set before the first request
    ctx::chan<ctx::empty> stopping{0}; ///< closed when the service ends
    ctx::wait_group leaked;            ///< the workers of /leak
    ctx::pool_scheduler pool{2};       ///< what handlers start
    canceller cancels;
};

} // namespace net
