// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "lab/command.h"
#include "lab/event_log.h"
#include "lab/gate.h"
#include "lab/inputs.h"
#include "lab/scenario.h"
#include "lab/state.h"

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A running laboratory: one thread that owns a tree of live contexts, its clock and its workers.
///
///     lab::laboratory lab({.seed = 7});
///     lab.post(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 2s}, {});
///     for (const lab::event& e : lab.log().read(0)) picture.apply(e);
///
/// Commands go in, events come out; nothing else crosses. Nobody but the laboratory's own threads touches a
/// live context, so a window stays alive while a propagation is held still.
///
/// Thread safety: every public member may be called from any thread.
/// Lifetime: the destructor cancels everything, waits for the laboratory's thread, and closes the log.
namespace lab {

struct options {
    std::int64_t seed = 1;
    clock_mode mode = clock_mode::virtual_time;
    bool running = true;
    double speed = 1;
    /// Virtual time jumps to the next timer instead of following the wall clock; wall times are left out of
    /// the log.
    bool as_fast_as_possible = false;
    /// What the first life plays; none: an empty laboratory.
    std::shared_ptr<const scenario> with = {};
    /// Instead: what the first life executes again before it goes on by itself, paused. See replayed().
    std::shared_ptr<const rerun> from = {};
};

/// What the HTTP half does for the laboratory; see net::service.
class request_sender {
  public:
    virtual ~request_sender() = default;
    /// Starts `r.count` calls; the first one's client id is in the reply. Called on the laboratory's thread;
    /// must not block.
    virtual reply send(const send_request& r) = 0;
    virtual reply abort(const abort_request& r) = 0;
};

class world;

class laboratory {
  public:
    using on_reply = std::function<void(const reply&)>;

    explicit laboratory(options o = {});
    ~laboratory();
    laboratory(const laboratory&) = delete;
    laboratory& operator=(const laboratory&) = delete;

    /// Queues the command. `done` (may be empty) is called on the laboratory's thread.
    /// `who` appears in the log: "you", "api", "scenario".
    void post(command c, on_reply done = {}, std::string_view who = "you");

    /// Posts and waits. Must not be called on a laboratory thread.
    reply call(command c, std::string_view who = "api");

    const event_log& log() const;
    event_log& log();

    /// Laboratory time at this moment, also between two events.
    lab_time now() const;

    /// A copy of the live picture, folded up to the newest event.
    state snapshot() const;

    /// Blocks until nothing is left that can happen: no command, no ready worker, and (if
    /// as_fast_as_possible) no timer. False if `limit` (wall time) passed first.
    bool wait_idle(std::chrono::nanoseconds limit) const;

    /// True while a thread is held inside the library by step mode.
    bool held() const;
    /// Those that are, the one that goes next first.
    std::vector<held_thread> held_threads() const;
    /// Waits for the end of the step that was asked for: a thread is held there, or nothing more could be
    /// done. False if `limit` (wall time) passed first.
    bool wait_step(std::chrono::nanoseconds limit) const;

    /// What has gone into the life that goes on now, so far.
    life inputs() const;

    /// The same of every life in the log, in their order; `here` of one that is over is its end. The last one
    /// goes on.
    std::vector<life> lives() const;

    /// Why the life that goes on now cannot be executed again ("requests over sockets"); empty: it can.
    std::string recorded_only() const;

    /// Waits until options::from has been executed, and tells what came of it.
    reply replayed() const;

    void set_request_sender(request_sender* s);

    // The rest is for the HTTP half, whose handlers are ordinary threads that live on the laboratory's clock.

    /// Background of the laboratory (id 1): derive from it, and what is derived appears in the log.
    ctx::context root() const;

    /// Makes a context that the laboratory's commands can name and cancel, under any live context.
    /// The registration ends with release().
    id_t adopt(ctx::context c, std::function<void(const std::string& cause)> cancel);
    void release(const ctx::context& c);

    /// Called on the laboratory's thread after every reset, when the new root exists: derive anew what hangs
    /// from it. Contexts of the time before are done by then, and events about them are dropped.
    void on_restart(std::function<void()> f);

    /// Names the contexts that this thread derives while it lives: `naming n("GET /process");`.
    class naming {
      public:
        explicit naming(std::string name);
        ~naming();
        naming(const naming&) = delete;
        naming& operator=(const naming&) = delete;

      private:
        std::string previous_;
    };

    /// This thread answers a request while it lives: when Done has woken a worker of it, virtual time jumps
    /// on only after the answer, not already when that worker has left.
    class answering {
      public:
        explicit answering(laboratory& lab);
        ~answering();
        answering(const answering&) = delete;
        answering& operator=(const answering&) = delete;

      private:
        friend class laboratory;
        static answering*& here();

        std::shared_ptr<world> world_;
        std::vector<id_t> woken_;
        answering* before_ = nullptr;
    };

    /// A thread that works for a context, shown as a worker. Exits with "finished" unless told otherwise.
    class worker_scope {
      public:
        worker_scope(laboratory& lab, const ctx::context& c, std::string_view kind, std::string_view name,
                     std::string_view code);
        ~worker_scope();
        worker_scope(const worker_scope&) = delete;
        worker_scope& operator=(const worker_scope&) = delete;
        void waiting(std::string_view for_what);
        void running();
        void noticed();
        void exit(std::string_view reason);
        id_t id() const { return id_; }

      private:
        std::shared_ptr<world> world_;
        id_t id_ = 0;
        id_t before_ = 0; ///< whom this thread worked as
        std::string reason_ = "finished";
    };

    /// Numbers a client call or a server request; never used twice in a laboratory's life.
    id_t next_request_id();
    id_t next_client_id();

    /// Appends an event with the laboratory's time; for request and client events. The end of something that
    /// began before the last reset is dropped.
    void record(event e);

    struct impl;

  private:
    std::unique_ptr<impl> impl_;
};

} // namespace lab
