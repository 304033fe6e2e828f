// SPDX-License-Identifier: MIT
#include "lab/narration.h"
#include "lab/narration_parts.h"

namespace lab {

namespace {

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string counted(std::uint64_t n, const std::string& thing) {
    return std::to_string(n) + ' ' + thing + (n == 1 ? "" : "s");
}

std::string deadline_part(const event& e, const state& s) {
    if (e.deadline) return ": its deadline is " + clock_text(*e.deadline);
    const context_info* c = s.context(e.context);
    if (!c || !c->deadline) return {};
    return ": the earlier deadline of " + context_label(s, c->deadline_owner) + ", " +
           clock_text(*c->deadline) + ", stays in force, so it has no timer of its own";
}

std::string created_sentence(const event& e, const state& s) {
    const std::string name = context_label(s, e.context);
    const std::string parent = context_label(s, e.parent);
    std::string text = name + " is derived from " + parent + " with " + std::string(go_name(e.ctx_kind));
    switch (e.ctx_kind) {
    case context_kind::background:
    case context_kind::todo:
        return name + " is the root of a tree: it is never done";
    case context_kind::with_value:
        text += ": " + quoted(e.key) + " is " + quoted(e.data);
        break;
    case context_kind::without_cancel:
        text += ": it keeps the values, and no cancellation reaches it";
        break;
    case context_kind::after_func:
        text = name + " is registered on " + parent + " with AfterFunc: its function starts when " + parent +
               " is done";
        break;
    case context_kind::custom:
        text = name + " is derived from " + parent + " by a type of its own";
        break;
    default:
        if (takes_deadline(e.ctx_kind)) text += deadline_part(e, s);
        break;
    }
    const context_info* c = s.context(e.context);
    if (e.on)
        text +=
            c && !c->err.empty() ? "; it is born done: " + end_text(c->err, c->cause) : "; it is born done";
    return text;
}

std::string caller_part(const event& e, const state& s) {
    if (const worker_info* w = s.worker(e.worker)) return " by " + w->name;
    if (e.by != 0) return " by the function registered as " + context_label(s, e.by);
    return {};
}

std::string done_sentence(const event& e, const state& s) {
    std::string text = context_label(s, e.context) + " closes its Done channel: " + end_text(e.err, e.cause);
    if (e.by != 0 && e.by != e.context) text += "; this came from " + context_label(s, e.by);
    return text;
}

std::string lookup_sentence(const event& e, const state& s) {
    const std::string asked = context_label(s, e.context) + " is asked for " + quoted(e.key) + ": ";
    if (!e.on) return asked + "no context on the way up has it";
    if (e.path.empty()) return asked + quoted(e.data);
    if (e.path.size() == 1) return asked + quoted(e.data) + ", its own";
    return asked + quoted(e.data) + ", found at " + context_label(s, e.path.back()) + ", " +
           counted(e.path.size() - 1, "step") + " up";
}

std::string swept_sentence(const event& e) {
    return counted(e.path.size(), "context") + (e.path.size() == 1 ? " that is" : " that are") +
           " done leave" + (e.path.size() == 1 ? "s" : "") + " the picture";
}

} // namespace

std::string context_label(const state& s, id_t id) {
    const context_info* c = s.context(id);
    return c ? c->name : "context " + std::to_string(id);
}

std::string end_text(const std::string& err, const std::string& cause) {
    return cause.empty() || cause == err ? err : err + " (cause: " + cause + ')';
}

std::string context_sentence(const event& e, const state& s) {
    const std::string name = context_label(s, e.context);
    switch (e.kind) {
    case event_kind::context_created:
        return created_sentence(e, s);
    case event_kind::cancel_called:
        return "The cancel function of " + name + " is called" + caller_part(e, s) + ": " +
               end_text(e.err, e.cause);
    case event_kind::deadline_expired:
        return "The deadline of " + name + " passes: its timer fires";
    case event_kind::child_visited:
        return "The cancellation goes down from " + context_label(s, e.parent) + " to " + name +
               (e.of > 0 ? ", child " + std::to_string(e.value) + " of " + std::to_string(e.of) : "");
    case event_kind::context_done:
        return done_sentence(e, s);
    case event_kind::waiters_woken:
        return "Woken by the Done of " + name + ": " + counted(static_cast<std::uint64_t>(e.value), "waiter");
    case event_kind::found_done:
        return name + " is done already: this cancellation changes nothing" +
               (e.on ? " there, and waits until the other one has gone through" : "");
    case event_kind::value_asked:
        return name + (e.on ? " has " : " does not have ") + quoted(e.key) +
               (e.by == e.context ? "" : ", which " + context_label(s, e.by) + " was asked for");
    case event_kind::wave_finished:
        return "The cancellation of " + name + " is complete: it ended " +
               counted(static_cast<std::uint64_t>(e.value), "context");
    case event_kind::context_detached:
        return name + " is no longer registered with " + context_label(s, e.parent);
    case event_kind::timer_stopped:
        return "The timer of " + name + " is stopped";
    case event_kind::context_dropped:
        return "The last reference to " + name + " is gone";
    case event_kind::after_func_run:
        return "The function registered as " + name + " starts";
    case event_kind::value_looked_up:
        return lookup_sentence(e, s);
    default:
        return swept_sentence(e);
    }
}

} // namespace lab
