// SPDX-License-Identifier: MIT
#include "ctx/explain.h"

#include "ctx/detail/format.h"
#include "ctx/detail/tree.h"

namespace ctx {
namespace {

/// Which cancel node decides whether `n` is done; null if the library cannot see it.
detail::cancel_node* decider(detail::node* n) {
    detail::node* const owner = n->done_owner();
    if (!owner) return nullptr;
    detail::cancel_node* const c = owner->as_cancel();
    return c ? c : detail::nearest_cancel(n);
}

std::optional<std::size_t> levels_between(detail::node* n, const origin& ancestor) {
    std::size_t levels = 0;
    while (n) {
        if (const auto* h = n->kept(); h && same_context(h->made, ancestor)) return levels;
        if (n->as_custom()) {
            n = detail::nearest_cancel(n); // the node behind a custom context counts as that context
        } else {
            n = n->parent();
            ++levels;
        }
    }
    return std::nullopt;
}

std::string made_at(const origin& o) {
    const std::string at = detail::place(o.where);
    return at.empty() ? at : "made at " + at;
}

/// Three figures are enough: `12.3ms`.
std::string rounded(duration d) {
    auto count = static_cast<std::uint64_t>(d.count());
    if (d.count() < 0)
        count = 0 - count; // the magnitude of the smallest duration does not fit a signed count
    std::uint64_t step = 1;
    while (count / step >= 1000) step *= 10;
    const auto near = static_cast<duration::rep>((count + step / 2) / step * step);
    return to_string(duration(near));
}

std::string when(const ending& e, const std::optional<origin>& made) {
    if (!made) return {};
    const duration after = saturating_sub(e.when, made->when);
    if (after == duration::zero()) return "as it was made";
    return rounded(after) + (after < duration::zero() ? " before it was made" : " after it was made");
}

std::string relation(const provenance& p) {
    if (!p.levels_up) return "a context that it follows";
    if (*p.levels_up == 1) return "its parent";
    return "its ancestor " + std::to_string(*p.levels_up) + " levels up";
}

std::string joined(std::string text, const std::string& more) {
    return more.empty() ? text : std::move(text) + ", " + more;
}

std::string cancelled(const ending& e, const provenance& p) {
    std::string out = "Cancelled";
    if (const std::string at = detail::place(e.where); !at.empty()) out += " by the call at " + at;
    out += e.main_thread ? " in the main thread" : " in thread " + std::to_string(e.thread);
    if (!e.worker.empty()) out += " / " + e.worker;
    out = joined(out, when(e, p.made));
    if (p.levels_up != 0u) out = joined(joined(out, "on " + relation(p)), made_at(e.on));
    return out + '.';
}

std::string expired(const ending& e, const provenance& p) {
    std::string out = "Its deadline passed";
    if (p.levels_up != 0u) {
        out = joined("The deadline of " + relation(p), made_at(e.on));
        out += made_at(e.on).empty() ? " passed" : ", passed";
    }
    const std::string at = when(e, p.made);
    return (at.empty() ? out : out + ' ' + at) + '.';
}

std::string how(const provenance& p) {
    const ending& e = *p.ended;
    if (e.how == ended_by::cancel) return cancelled(e, p);
    if (e.how == ended_by::deadline) return expired(e, p);
    std::string out = p.levels_up == 0u
                          ? "A context that it follows was done"
                          : joined("A context was done that " + relation(p) + " follows", made_at(e.on));
    out = joined(out, when(e, p.made)) + '.';
    if (e.behind) out += " That one: " + how({.made = e.behind->on, .ended = e.behind, .levels_up = 0});
    return out;
}

std::string time_left(const context& c) {
    const auto d = c.deadline();
    if (!d) return "It has no deadline.";
    return "Its deadline is in " + rounded(saturating_sub(*d, clock_of(c)->now())) + '.';
}

std::string state(const context& c) {
    const error err = c.err();
    if (!err) return c.done() ? " is not done. " + time_left(c) : " can never be done.";
    const error why = cause(c);
    return " is done: " + err.text() + (why == err ? "." : " (cause: " + why.text() + ").");
}

} // namespace

provenance provenance_of(const context& c) {
    detail::node* const n = detail::node_access::get(c);
    provenance p;
    if (const auto* h = n->kept()) p.made = h->made;
    detail::cancel_node* const by = detail::err_of(n) ? decider(n) : nullptr;
    if (!by || !by->is_done()) return p;
    if (const auto* h = by->kept()) p.ended = h->ended;
    if (p.ended) p.levels_up = levels_between(n, p.ended->on);
    return p;
}

std::string explain(const context& c) {
    const provenance p = provenance_of(c);
    std::string out = c.string();
    if (p.made && p.made->where.line() != 0) out += ", " + made_at(*p.made) + ',';
    out += state(c);
    if (p.ended) return out + ' ' + how(p);
    if (!p.made)
        out += " Where it was made and what ends it is not kept, because nobody observes its tree: give "
               "ctx::background({.observer = ...}) an observer, such as a ctx::lost_cancel_radar.";
    return out;
}

} // namespace ctx
