// SPDX-License-Identifier: MIT
#pragma once

#include "lab/cow_index.h"
#include "lab/cow_vector.h"
#include "lab/event.h"
#include "lab/shared_list.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The picture that a prefix of the event log draws: a pure fold, the same for the live window, a scrubbed
/// moment, a loaded recording and `GET /api/v1/state`.
///
///     lab::state s;
///     for (const lab::event& e : events) s.apply(e);
///     if (const lab::context_info* c = s.context(7)) show(c->name, c->err);
///
/// Events that speak of something unknown are skipped: a picture can be drawn of any part of a log.
/// A copy costs next to nothing: copies share what no event has changed since (lab/cow_vector.h).
/// Thread safety: as a standard container, for each copy. `apply` is O(1) amortised; a sweep walks the
/// picture once.
namespace lab {

struct context_info {
    id_t id = 0;
    id_t parent = 0;        ///< 0 for roots
    id_t cancel_parent = 0; ///< nearest ancestor with a Done of its own, found through values only; 0: none
    context_kind kind = context_kind::background;
    context_state state = context_state::active;
    std::string name;   ///< display name; never empty (a default is made from kind and id)
    std::string suffix; ///< own part of Go's printed form
    std::string err;    ///< Go's text, empty while active
    std::string cause;
    std::string key; ///< WithValue only
    std::string value;
    std::optional<lab_time> own_deadline; ///< this context has a timer for it
    std::optional<lab_time> deadline;     ///< what Deadline() answers
    id_t deadline_owner = 0;              ///< whose timer that is
    lab_time created{};
    std::optional<lab_time> done;
    id_t done_by = 0; ///< root of the propagation that ended it
    bool born_done = false;
    bool registered = false; ///< in the child set of its cancel_parent
    bool dropped = false;    ///< no reference is left in the library
    bool fired = false;      ///< its own deadline expired, or its AfterFunc callback was started
    std::uint64_t done_seq = 0;
    id_t visited_from = 0;      ///< the parent from which a propagation came; 0: none has
    std::int64_t nth = 0;       ///< then: its place among the parent's children, from 1
    std::int64_t of = 0;        ///< then: how many those were
    shared_list<id_t> children; ///< derived from this one, in order of creation
    shared_list<id_t> workers;  ///< every worker ever started with it
    std::size_t live_workers = 0;

    friend bool operator==(const context_info&, const context_info&) = default;
};

/// A stretch of a worker's life in one state.
struct worker_span {
    lab_time from{};
    worker_state state = worker_state::running;
    std::string what; ///< what it waits for

    friend bool operator==(const worker_span&, const worker_span&) = default;
};

struct worker_info {
    id_t id = 0;
    id_t context = 0;
    std::string kind;
    std::string name;
    std::string code;
    worker_state state = worker_state::running;
    std::string reason; ///< why it exited
    lab_time started{};
    std::optional<lab_time> exited;
    std::optional<lab_time> noticed; ///< when it saw Done
    std::optional<lab_time> leaked;  ///< when it was flagged
    shared_list<worker_span> spans;  ///< in time order; the last one is open until `exited`

    friend bool operator==(const worker_info&, const worker_info&) = default;
};

struct request_info {
    id_t id = 0;
    id_t context = 0;
    id_t client = 0; ///< the built-in client's call behind it, or 0
    std::string method;
    std::string path;
    std::string peer;
    request_state state = request_state::active;
    std::string fate; ///< what became of it on the server, in words
    int status = 0;
    lab_time started{};
    std::optional<lab_time> ended;

    friend bool operator==(const request_info&, const request_info&) = default;
};

struct client_info {
    id_t id = 0;
    id_t request = 0; ///< the server's request it became, or 0
    std::string method;
    std::string url;
    client_state state = client_state::in_flight;
    std::string outcome; ///< error, or the start of the body
    int status = 0;
    lab_time started{};
    std::optional<lab_time> ended;

    friend bool operator==(const client_info&, const client_info&) = default;
};

struct clock_info {
    clock_mode mode = clock_mode::virtual_time;
    bool running = false;
    double speed = 1;
    bool stepping = false; ///< steps are taken: threads are held inside the library between them

    friend bool operator==(const clock_info&, const clock_info&) = default;
};

/// The propagation in progress, or the last one: what a cancel wave is drawn from.
struct wave_info {
    id_t root = 0;
    id_t front = 0; ///< last context reached
    lab_time at{};
    std::uint64_t first_seq = 0; ///< of its cancel_called or deadline_expired
    std::size_t reached = 0;
    bool finished = true;

    friend bool operator==(const wave_info&, const wave_info&) = default;
};

/// The last value lookup: what its path is drawn from.
struct lookup_info {
    id_t from = 0;
    std::string key;
    bool found = false;
    std::string value;
    std::vector<id_t> path;
    std::uint64_t seq = 0;

    friend bool operator==(const lookup_info&, const lookup_info&) = default;
};

class state {
  public:
    void apply(const event& e);

    std::uint64_t seq() const { return seq_; }
    lab_time now() const { return now_; }
    /// For views between two events: the clock ran on. Never moves backwards.
    void set_now(lab_time t) { now_ = t > now_ ? t : now_; }
    const clock_info& clock() const { return clock_; }
    const wave_info& wave() const { return wave_; }
    const lookup_info& lookup() const { return lookup_; }
    const std::string& scenario() const { return scenario_; }
    const std::string& title() const { return title_; }
    std::int64_t seed() const { return seed_; }

    /// In order of creation; swept ones are gone.
    const cow_vector<context_info>& contexts() const { return contexts_; }
    const cow_vector<worker_info>& workers() const { return workers_; }
    const cow_vector<request_info>& requests() const { return requests_; }
    const cow_vector<client_info>& clients() const { return clients_; }

    const context_info* context(id_t id) const;
    const worker_info* worker(id_t id) const;
    const request_info* request(id_t id) const;
    const client_info* client(id_t id) const;

    /// Go's printed form of the context, with the time that remains at `now()`. Of a chain longer than
    /// `levels` only the end is given, after "...".
    std::string go_string(id_t context, std::size_t levels = SIZE_MAX) const;

    struct totals {
        std::size_t active = 0, canceled = 0, expired = 0;
        std::size_t live_workers = 0, leaked = 0, active_requests = 0;

        friend bool operator==(const totals&, const totals&) = default;
    };
    const totals& counts() const { return totals_; }

    /// Grows whenever a context was added or swept: views that lay out the tree compare it.
    std::uint64_t shape_version() const { return shape_version_; }

    /// The same picture at the same moment. What the two share is not compared.
    friend bool operator==(const state& a, const state& b);

    /// About how many bytes this picture has for itself beside `other`: what a copy that is kept costs.
    std::size_t bytes_beside(const state& other) const;

  private:
    /// For changing; what is shared is copied, so ask first whether there is something to change.
    context_info* edit_context(id_t id);
    worker_info* edit_worker(id_t id);
    request_info* edit_request(id_t id);
    client_info* edit_client(id_t id);

    void on_lab_started(const event& e);
    bool on_context(const event& e);
    void on_created(const event& e);
    void on_cancel_starts(const event& e);
    void on_visited(const event& e);
    void on_dropped(const event& e);
    void on_done(const event& e);
    void on_after_func_run(const event& e);
    void on_lookup(const event& e);
    void on_swept(const event& e);
    void on_worker(const event& e);
    void on_worker_started(const event& e);
    void on_worker_leaked(worker_info& w, const event& e);
    void on_worker_exited(worker_info& w, const event& e);
    void on_request_started(const event& e);
    void on_request_ended(const event& e);
    void on_client_sent(const event& e);
    void on_client_ended(const event& e);

    void end_context(context_info& c, const std::string& err, const std::string& cause, id_t by,
                     const event& e);
    void show_in_views(const context_info& ended, const event& e);
    void count(context_state s, int change);
    void forget_workers_of(const std::vector<id_t>& contexts);

    std::uint64_t seq_ = 0;
    lab_time now_{};
    clock_info clock_;
    wave_info wave_;
    lookup_info lookup_;
    std::string scenario_;
    std::string title_;
    std::int64_t seed_ = 1;
    cow_vector<context_info> contexts_;
    cow_vector<worker_info> workers_;
    cow_vector<request_info> requests_;
    cow_vector<client_info> clients_;
    cow_index context_at_;
    cow_index worker_at_;
    cow_index request_at_;
    cow_index client_at_;
    totals totals_;
    std::uint64_t shape_version_ = 0;
};

} // namespace lab
