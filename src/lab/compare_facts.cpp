// SPDX-License-Identifier: MIT
#include "lab/compare_facts.h"

#include "lab/durations.h"
#include "lab/narration.h"
#include "lab/narration_parts.h"

#include <algorithm>
#include <utility>

namespace lab {
namespace {

/// A value that is told in words, but may be the same although the words differ, or the other way round.
fact judged(std::string name, std::string left, std::string right, bool differs) {
    return {.name = std::move(name), .left = std::move(left), .right = std::move(right), .differs = differs};
}

fact plain(std::string name, std::string left, std::string right) {
    const bool differs = left != right;
    return judged(std::move(name), std::move(left), std::move(right), differs);
}

fact number(std::string name, std::uint64_t left, std::uint64_t right) {
    return plain(std::move(name), std::to_string(left), std::to_string(right));
}

std::string at_text(lab_time t) {
    return "at " + clock_text(t);
}

std::string time_text(const std::optional<lab_time>& t) {
    return t ? at_text(*t) : "never";
}

/// Two moments are compared exactly, though they are shown in milliseconds.
fact moment(std::string name, const std::optional<lab_time>& left, const std::optional<lab_time>& right) {
    std::string l = time_text(left), r = time_text(right);
    if (left != right && l == r) {
        l = duration_text(*left);
        r = duration_text(*right);
    }
    return judged(std::move(name), std::move(l), std::move(r), left != right);
}

/// After its end, before its workers left; empty: nothing outlived it.
std::string overtime_text(const std::map<id_t, account>& accounts, id_t id, lab_time now) {
    const auto found = accounts.find(id);
    if (found == accounts.end()) return {};
    const account& a = found->second;
    if (a.overtime(now) == lab_time{} && a.live == 0) return {};
    return duration_text(a.overtime(now)) + (a.live > 0 ? ", and it goes on" : "");
}

std::string overtime_of(const run_fates& run, id_t context) {
    return overtime_text(run.book().contexts(), context, run.book().now());
}

std::string overtime_of_all(const run_fates& run) {
    account sum;
    for (const auto& [id, a] : run.book().contexts()) {
        sum.past += a.past;
        sum.live += a.live;
        sum.since += a.since;
    }
    const lab_time all = sum.overtime(run.book().now());
    return duration_text(all) + (sum.live > 0 ? ", and it goes on" : "");
}

std::string fate_of(const context_info& c) {
    if (c.state == context_state::active) return c.dropped ? "dropped while active" : "active";
    return end_text(c.err, c.cause) + (c.done ? ' ' + at_text(*c.done) : "");
}

std::string outcome_of(const worker_info& w) {
    if (w.exited) return "exited: " + w.reason;
    return w.state == worker_state::leaked ? "still there" : "still at work";
}

std::string fate_of(const worker_info& w) {
    std::string text = outcome_of(w);
    if (w.exited) text += ' ' + at_text(*w.exited);
    if (w.leaked) text += ", leaked";
    return text;
}

std::string fate_of(const request_info& r) {
    if (!r.ended) return "under way";
    std::string text = r.fate.empty() ? std::string(to_string(r.state)) : r.fate;
    if (r.status != 0) text = std::to_string(r.status) + ", " + text;
    return text + ' ' + at_text(*r.ended);
}

std::string fate_of(const client_info& c) {
    if (!c.ended) return "in flight";
    std::string text(to_string(c.state));
    if (c.status != 0) text += ", " + std::to_string(c.status);
    return text + ' ' + at_text(*c.ended);
}

/// What all sorts have in common. Null: that side has none.
template <class Info>
compared beside(subject::sort sort, id_t a, const Info* left, id_t b, const Info* right) {
    compared c{
        .sort = sort, .name = {}, .left = a, .right = b, .facts = {}, .left_fate = {}, .right_fate = {}};
    if (left) c.left_fate = fate_of(*left);
    if (right) c.right_fate = fate_of(*right);
    return c;
}

/// Its own name tells it apart on both sides, or it has none but the one made of its number.
template <class Info>
std::string name_of(const Info* left, const Info* right) {
    return left ? left->name : right ? right->name : std::string();
}

std::string ended_by(const run_fates& run, const context_info& c) {
    if (c.state == context_state::active || c.done_by == 0) return {};
    if (c.done_by == c.id) return "itself";
    const context_info* const by = run.context(c.done_by);
    return by ? by->name : std::string();
}

} // namespace

std::vector<fact> beginnings_of(const run_fates& left, const run_fates& right) {
    const auto scenario = [](const run_fates& r) {
        return r.picture().scenario().empty() ? std::string("none") : r.picture().scenario();
    };
    const auto seed = [](const run_fates& r) { return std::to_string(r.picture().seed()); };
    return {plain("scenario", scenario(left), scenario(right)), plain("seed", seed(left), seed(right))};
}

std::vector<fact> totals_of(const run_fates& left, const run_fates& right) {
    const state::totals &l = left.picture().counts(), &r = right.picture().counts();
    std::vector<fact> all{number("contexts", left.contexts().size(), right.contexts().size()),
                          number("active", l.active, r.active),
                          number("cancelled", l.canceled, r.canceled),
                          number("expired", l.expired, r.expired),
                          number("workers", left.workers().size(), right.workers().size()),
                          number("live workers", l.live_workers, r.live_workers),
                          number("leaked", l.leaked, r.leaked),
                          plain("overtime", overtime_of_all(left), overtime_of_all(right))};
    if (!left.requests().empty() || !right.requests().empty())
        all.push_back(number("requests", left.requests().size(), right.requests().size()));
    all.push_back(number("events", left.events(), right.events()));
    all.push_back(moment("last event", left.book().now(), right.book().now()));
    return all;
}

compared context_in(const run_fates& left, id_t a, const run_fates& right, id_t b) {
    const context_info *const l = left.context(a), *const r = right.context(b);
    compared c = beside(subject::sort::context, a, l, b, r);
    c.name = name_of(l, r);
    if (!l || !r) return c;
    c.facts = {plain("Err", l->err.empty() ? "nil" : l->err, r->err.empty() ? "nil" : r->err),
               plain("Cause", l->cause.empty() ? "nil" : l->cause, r->cause.empty() ? "nil" : r->cause),
               moment("done", l->done, r->done),
               judged("ended by", ended_by(left, *l), ended_by(right, *r),
                      left.number_of(l->done_by) != right.number_of(r->done_by)),
               moment("deadline", l->deadline, r->deadline),
               plain("overtime", overtime_of(left, a), overtime_of(right, b))};
    return c;
}

compared worker_in(const run_fates& left, id_t a, const run_fates& right, id_t b) {
    const worker_info *const l = left.worker(a), *const r = right.worker(b);
    compared c = beside(subject::sort::worker, a, l, b, r);
    c.name = name_of(l, r);
    if (!l || !r) return c;
    c.facts = {plain("outcome", outcome_of(*l), outcome_of(*r)), moment("started", l->started, r->started),
               moment("noticed", l->noticed, r->noticed), moment("exited", l->exited, r->exited),
               moment("leaked", l->leaked, r->leaked)};
    return c;
}

compared request_in(const run_fates& left, id_t a, const run_fates& right, id_t b) {
    const request_info *const l = left.picture().request(a), *const r = right.picture().request(b);
    compared c = beside(subject::sort::request, a, l, b, r);
    if (const request_info* const one = l ? l : r) c.name = one->method + ' ' + one->path;
    if (!l || !r) return c;
    const auto overtime = [](const run_fates& run, id_t id) {
        return overtime_text(run.book().requests(), id, run.book().now());
    };
    c.facts = {plain("fate", l->fate, r->fate),
               number("status", static_cast<std::uint64_t>(l->status), static_cast<std::uint64_t>(r->status)),
               moment("started", l->started, r->started), moment("ended", l->ended, r->ended),
               plain("overtime", overtime(left, a), overtime(right, b))};
    return c;
}

compared call_in(const run_fates& left, id_t a, const run_fates& right, id_t b) {
    const client_info *const l = left.picture().client(a), *const r = right.picture().client(b);
    compared c = beside(subject::sort::client, a, l, b, r);
    if (const client_info* const one = l ? l : r) c.name = one->method + ' ' + one->url;
    if (!l || !r) return c;
    c.facts = {plain("state", std::string(to_string(l->state)), std::string(to_string(r->state))),
               number("status", static_cast<std::uint64_t>(l->status), static_cast<std::uint64_t>(r->status)),
               plain("outcome", l->outcome, r->outcome), moment("ended", l->ended, r->ended)};
    return c;
}

} // namespace lab
