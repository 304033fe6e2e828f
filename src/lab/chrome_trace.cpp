// SPDX-License-Identifier: MIT
#include "lab/chrome_trace.h"

#include "lab/chrome_trace_lines.h"
#include "lab/state.h"
#include "lab/state_json.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <sstream>
#include <unordered_map>
#include <vector>

namespace lab {
namespace {

using group = trace_track::group;

/// Of Go's printed form of a context so much is shown.
constexpr std::size_t levels_shown = 8;

trace_track context_track(id_t id) {
    return {group::contexts, id};
}
trace_track worker_track(id_t id) {
    return {group::workers, id};
}

/// Shows an ancestor's end instead of having one.
bool is_view(context_kind k) {
    return k == context_kind::with_value || k == context_kind::custom;
}

} // namespace

/// A context that is done keeps a second slice, for as long as something is to come of it: the rest of the
/// propagation, and workers that have not exited. That is where arrows begin.
class chrome_trace_writer::impl {
  public:
    explicit impl(std::ostream& out) : lines_(out) {}

    void add(const event& e) {
        picture_.apply(e);
        lines_.at(e.at);
        if (e.kind == event_kind::lab_started)
            start_again();
        else if (e.worker != 0)
            add_of_worker(e);
        else if (e.request != 0 || e.client != 0)
            add_of_request(e);
        else if (e.context != 0)
            add_of_context(e);
    }

    void finish() { lines_.finish(); }

  private:
    void start_again() {
        for (const auto& [id, l] : contexts_) lines_.end_all(context_track(id));
        for (const auto& [id, l] : workers_) lines_.end_all(worker_track(id));
        contexts_.clear();
        workers_.clear();
        waves_.clear();
    }

    void add_of_context(const event& e) {
        const trace_track track = context_track(e.context);
        switch (e.kind) {
        case event_kind::context_created:
            return created(e);
        case event_kind::cancel_called:
        case event_kind::deadline_expired:
            if (contexts_[e.context].done) return;
            contexts_[e.context].cause = track;
            return lines_.begin(track,
                                e.kind == event_kind::cancel_called ? "cancel called" : "deadline expired");
        case event_kind::child_visited:
            contexts_[e.context].cause = context_track(e.parent);
            return;
        case event_kind::context_done:
            return done(e);
        case event_kind::after_func_run:
            return callback_started(e);
        case event_kind::wave_finished:
            return wave_finished(e.context);
        case event_kind::context_dropped:
            if (!contexts_[e.context].done) lines_.end_all(track);
            return;
        default:
            return;
        }
    }

    void created(const event& e) {
        const trace_track track = context_track(e.context);
        const context_info* c = picture_.context(e.context);
        if (!c) return;
        lines_.end_all(track);
        lines_.name(track, c->name);
        lines_.begin(
            track, c->name,
            json_text(nlohmann::ordered_json{{"string", picture_.go_string(e.context, levels_shown)}}));
        context_life& life = contexts_[e.context];
        life = {};
        if (is_view(e.ctx_kind) && c->cancel_parent != 0) {
            life.owner = c->cancel_parent;
            contexts_[life.owner].views.push_back(e.context);
        }
        if (!e.on) return;
        contexts_[e.context].done = true;
        lines_.end_all(track);
    }

    void done(const event& e) {
        context_life& life = contexts_[e.context];
        if (life.done) return;
        life.done = true;
        const trace_track track = context_track(e.context);
        const std::uint64_t arrow = life.cause ? lines_.leave(*life.cause, "cancels") : 0;
        lines_.end_all(track);
        lines_.begin(track, "done: " + e.err,
                     json_text(nlohmann::ordered_json{{"err", e.err}, {"cause", e.cause}}));
        lines_.arrive(track, "cancels", arrow);
        for (const id_t view : life.views) lines_.end_all(context_track(view));
        life.in_wave = life.cause.has_value();
        if (life.in_wave) waves_[e.by].push_back(e.context);
        close_if_over(e.context);
    }

    void callback_started(const event& e) {
        context_life& life = contexts_[e.context];
        const trace_track track = context_track(e.context);
        lines_.end_all(track);
        lines_.begin(track, "callback started");
        if (life.cause) lines_.arrow(*life.cause, track, "starts");
        lines_.end_all(track);
        life.done = true;
    }

    void wave_finished(id_t root) {
        const auto wave = waves_.extract(root);
        if (wave.empty()) return;
        for (const id_t id : wave.mapped()) {
            contexts_[id].in_wave = false;
            close_if_over(id);
        }
    }

    void close_if_over(id_t id) {
        const context_life& life = contexts_[id];
        if (life.done && !life.in_wave && life.workers == 0) lines_.end_all(context_track(id));
    }

    /// Whose end the workers of this context see.
    id_t owner_of(id_t context) {
        const id_t owner = contexts_[context].owner;
        return owner == 0 ? context : owner;
    }

    void add_of_worker(const event& e) {
        const trace_track track = worker_track(e.worker);
        worker_life& life = workers_[e.worker];
        switch (e.kind) {
        case event_kind::worker_started: {
            lines_.name(track, e.name);
            life.context = owner_of(e.context);
            context_life& of = contexts_[life.context];
            ++of.workers;
            if (of.done && lines_.open(context_track(life.context)) == 0)
                lines_.begin(context_track(life.context), "done");
            return change(track, "running");
        }
        case event_kind::worker_running:
            return change(track, "running");
        case event_kind::worker_waiting:
            return change(track, e.text.empty() ? "waiting" : e.text);
        case event_kind::worker_leaked:
            return change(track, "leaked");
        case event_kind::worker_noticed:
            change(track, "noticed");
            life.noticed = true;
            return lines_.arrow(context_track(life.context), track, "Done");
        case event_kind::worker_exited:
            return exited(e);
        default:
            return;
        }
    }

    void change(trace_track track, std::string_view slice) {
        lines_.end_all(track);
        lines_.begin(track, slice);
    }

    void exited(const event& e) {
        const trace_track track = worker_track(e.worker);
        const worker_life life = workers_[e.worker];
        workers_.erase(e.worker);
        const std::uint64_t arrow = life.noticed ? lines_.leave(track, "leaves") : 0;
        change(track, "exited: " + e.text);
        lines_.arrive(track, "leaves", arrow);
        lines_.end_all(track);
        --contexts_[life.context].workers;
        close_if_over(life.context);
    }

    void add_of_request(const event& e) {
        const trace_track request{group::requests, e.request}, client{group::clients, e.client};
        switch (e.kind) {
        case event_kind::client_sent:
            lines_.name(client, e.name + ' ' + e.text);
            return lines_.begin(client, e.name + ' ' + e.text);
        case event_kind::client_ended:
            return lines_.end_all(client);
        case event_kind::request_started:
            lines_.name(request, e.name + ' ' + e.text);
            lines_.begin(request, e.name + ' ' + e.text);
            return lines_.arrow({group::clients, e.by}, request, "request");
        case event_kind::request_ended:
            return lines_.end_all(request);
        default:
            return;
        }
    }

    struct context_life {
        bool done = false;
        bool in_wave = false;             ///< the propagation that ended it goes on
        std::optional<trace_track> cause; ///< where its end comes from
        id_t owner = 0;                   ///< of a view: whose end it shows; 0: its own
        std::vector<id_t> views;          ///< that show its end
        std::size_t workers = 0;          ///< that have not exited
    };
    struct worker_life {
        id_t context = 0; ///< whose end it sees
        bool noticed = false;
    };

    state picture_;
    trace_lines lines_;
    std::unordered_map<id_t, context_life> contexts_;
    std::unordered_map<id_t, worker_life> workers_;
    std::unordered_map<id_t, std::vector<id_t>> waves_; ///< by root: contexts ended by it so far
};

chrome_trace_writer::chrome_trace_writer(std::ostream& out) : impl_(std::make_unique<impl>(out)) {}
chrome_trace_writer::~chrome_trace_writer() = default;

void chrome_trace_writer::add(const event& e) {
    impl_->add(e);
}

void chrome_trace_writer::finish() {
    impl_->finish();
}

std::string chrome_trace(const std::vector<event>& events) {
    std::ostringstream out;
    chrome_trace_writer trace(out);
    for (const event& e : events) trace.add(e);
    trace.finish();
    return out.str();
}

} // namespace lab
