// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"
#include "lab/command.h"
#include "lab/recorder.h"
#include "lab/woken_threads.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// One life of a laboratory, from a reset to the next: its root, the contexts that commands can name, its
/// workers and channels. What commands do to live contexts happens here.
///
/// Thread safety: `adopt`, `release`, `root` and the worker_* members from any thread; the rest on the
/// laboratory's thread.
namespace lab {

class world : public ctx::worker_observer, public std::enable_shared_from_this<world> {
  public:
    /// Objects (contexts in the table, live workers) there may be at once.
    static constexpr std::size_t most_objects = 100'000;

    world(journal& j, gate& g, std::uint64_t seed);
    ~world() override;

    recorder& events() const { return *recorder_; }
    lab_clock& clock() const { return recorder_->clock(); }
    ctx::step_scheduler& scheduler() const { return recorder_->scheduler(); }
    ctx::context root() const { return root_; }

    /// Makes the root. Siblings are cancelled in an order that the seed decides (CTX-193).
    void begin(std::uint64_t seed);
    /// Cancels everything, lets workers see it, and destroys those that do not look.
    void end();

    reply make(const new_context& c);
    reply cancel(const cancel_context& c);
    reply look_up(const look_up_value& c);
    reply start(const new_worker& c);
    reply sweep(const state& picture);

    using cancel_function = std::function<void(const std::string& cause)>;
    id_t adopt(ctx::context c, cancel_function cancel, context_kind kind = context_kind::with_cancel_cause);
    void release(const ctx::context& c);

    // Workers, those of the catalogue and the HTTP half's threads alike.

    /// Shows a worker. `grace`: how long after its context's end it may go on before it counts as leaked.
    /// `thread`: not one that the scheduler runs.
    id_t worker_started(const ctx::context& c, std::string_view kind, std::string name, std::string_view code,
                        std::chrono::nanoseconds grace, bool thread = false);
    void worker_waiting(id_t worker, std::string_view for_what);
    void worker_running(id_t worker);
    void worker_noticed(id_t worker);
    void worker_exited(id_t worker, std::string_view reason);
    /// Done had woken this thread, and it has more to do than its worker showed.
    bool has_woken(id_t worker) const { return woken_.expects(worker); }
    /// It is through with that.
    void thread_over(id_t worker);
    /// What the worker waits for when it parks next.
    void about_to_wait(id_t worker, std::string_view for_what);

    /// Flags workers whose context is done and whose grace is over. When everything is blocked, before time
    /// moves on. False if there was no reason to look.
    bool flag_leaks();
    /// Threads are still at what Done woke them for: time may not jump before this moment of the wall clock,
    /// or before they are through and the loop is told. It follows flag_leaks().
    std::optional<woken_threads::time> time_stands_until();
    /// Gives those that were held their time.
    void step_begins() { woken_.begin_again(); }
    /// Everything is blocked, and leaks have been looked for.
    bool settled() const;

    ctx::chan<std::int64_t> channel(const std::string& name);
    /// Cancels the nearest context, from `c` upwards, that the laboratory can cancel.
    void cancel_from_worker(const ctx::context& c, const std::string& cause);

    // ctx::worker_observer: workers that the scheduler runs.
    void parked(std::uint64_t tag) override;
    void resumed(std::uint64_t tag) override;
    void exited(std::uint64_t tag) override;

  private:
    struct entry {
        ctx::context context; ///< after_func: the context it is registered with
        context_kind kind = context_kind::background;
        cancel_function cancel; ///< empty: nothing to cancel
        id_t parent = 0;        ///< among those in the table; 0: not known
    };
    struct live_worker {
        ctx::context context;
        id_t shown_context = 0;
        std::chrono::nanoseconds grace{};
        std::string waits_for;
        bool thread = false;
        bool leaked = false;
        std::optional<ctx::time_point> dead_since;
    };

    bool is_woken(const live_worker& w) const;
    std::optional<entry> find(id_t context) const;
    void keep(id_t id, entry e);
    entry derive(const entry& parent, const new_context& c);
    bool full() const;
    static ctx::task<> look_later(std::weak_ptr<world> w, ctx::recv_chan<ctx::time_point> due);

    const std::shared_ptr<recorder> recorder_;
    ctx::context root_;
    id_t next_worker_ = 1;     // guarded by mutex_
    mutable std::mutex mutex_; // leaf lock: contexts are neither made, cancelled nor dropped under it
    std::unordered_map<id_t, entry> contexts_;                // guarded by mutex_
    std::map<id_t, live_worker> workers_;                     // guarded by mutex_
    std::map<std::string, ctx::chan<std::int64_t>> channels_; // laboratory's thread
    std::atomic<bool> leaks_possible_{false};
    woken_threads woken_;
};

} // namespace lab
