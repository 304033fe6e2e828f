// SPDX-License-Identifier: MIT
#include "lab/world.h"

#include "lab/workers.h"

namespace lab {
namespace {

/// Empty, or the field and what it should be.
std::string what_is_wrong(const new_context& c) {
    switch (c.kind) {
    case context_kind::background:
    case context_kind::todo:
    case context_kind::custom:
        return "kind: " + std::string(to_string(c.kind)) + " cannot be derived from a parent";
    case context_kind::with_timeout:
    case context_kind::with_timeout_cause:
        return c.timeout ? "" : "timeout: expected a duration such as \"2s\"";
    case context_kind::with_deadline:
    case context_kind::with_deadline_cause:
        return c.timeout || c.at ? "" : "deadline_ms: expected a time, or a timeout such as \"2s\"";
    case context_kind::with_value:
        return c.key.empty() ? "key: expected a text" : "";
    default:
        return "";
    }
}

reply refuse(int status, std::string why) {
    return {.status = status, .error = std::move(why)};
}

std::string number(id_t id) {
    return std::to_string(id);
}

/// The key of values that people attach: run-time strings, as in `ctx.Value("user")`.
ctx::any_key text_key(const std::string& key) {
    return ctx::any_key(key);
}

ctx::error cause_of(const std::string& text) {
    return text.empty() ? ctx::error{} : ctx::error(text);
}

/// A context's display name, for what this thread derives while it lives.
class named {
  public:
    explicit named(const std::string& name) { recorder::next_name() = name; }
    ~named() { recorder::next_name().clear(); }
    named(const named&) = delete;
    named& operator=(const named&) = delete;
};

} // namespace

world::world(journal& j, gate& g, std::uint64_t seed)
    : recorder_(std::make_shared<recorder>(j, g, std::make_shared<lab_clock>(), seed)) {
    scheduler().observe(this);
}

void world::begin(std::uint64_t seed) {
    const named root_name("Background");
    root_ = ctx::background({.clock = recorder_->shared_clock(),
                             .scheduler = &scheduler(),
                             .observer = recorder_,
                             .sibling_seed = seed});
    keep(root_id, {.context = root_, .kind = context_kind::background, .cancel = {}});
}

world::~world() = default;

void world::end() {
    std::vector<entry> all;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, e] : contexts_) all.push_back(e);
        contexts_.clear();
    }
    for (const entry& e : all)
        if (e.cancel) e.cancel("the laboratory was reset");
    all.clear();
    scheduler().run_until_idle();
    recorder_->close();
    scheduler().observe(nullptr);
    scheduler().abandon();
    channels_.clear();
}

bool world::full() const {
    const std::lock_guard lock(mutex_);
    return contexts_.size() + workers_.size() >= most_objects;
}

std::optional<world::entry> world::find(id_t context) const {
    const std::lock_guard lock(mutex_);
    const auto at = contexts_.find(context);
    return at == contexts_.end() ? std::nullopt : std::optional(at->second);
}

void world::keep(id_t id, entry e) {
    const std::lock_guard lock(mutex_);
    contexts_.insert_or_assign(id, std::move(e));
}

id_t world::adopt(ctx::context c, cancel_function cancel, context_kind kind) {
    const id_t id = ctx::id_of(c);
    keep(id, {.context = std::move(c), .kind = kind, .cancel = std::move(cancel)});
    return id;
}

void world::release(const ctx::context& c) {
    entry gone; // dropped after the lock
    const std::lock_guard lock(mutex_);
    const auto at = contexts_.find(ctx::id_of(c));
    if (at == contexts_.end() || at->second.context != c) return;
    gone = std::move(at->second);
    contexts_.erase(at);
}

world::entry world::derive(const entry& parent, const new_context& c) {
    const ctx::context& p = parent.context;
    const auto plain = [&](ctx::cancelable made) {
        return entry{made.context, c.kind, [cancel = made.cancel](const std::string&) { cancel(); }};
    };
    const ctx::time_point at =
        c.at ? ctx::time_point(*c.at)
             : ctx::saturating_add(clock().now(), c.timeout.value_or(std::chrono::nanoseconds{}));
    switch (c.kind) {
    case context_kind::with_cancel:
        return plain(ctx::with_cancel(p));
    case context_kind::with_cancel_cause: {
        auto made = ctx::with_cancel_cause(p);
        return {made.context, c.kind,
                [cancel = made.cancel](const std::string& why) { cancel(cause_of(why)); }};
    }
    case context_kind::with_deadline:
        return plain(ctx::with_deadline(p, at));
    case context_kind::with_deadline_cause:
        return plain(ctx::with_deadline_cause(p, at, cause_of(c.cause)));
    case context_kind::with_timeout:
        return plain(ctx::with_timeout(p, *c.timeout));
    case context_kind::with_timeout_cause:
        return plain(ctx::with_timeout_cause(p, *c.timeout, cause_of(c.cause)));
    case context_kind::with_value:
        return {ctx::with_value(p, text_key(c.key), ctx::any_value(c.value)), c.kind, {}};
    default:
        return {ctx::without_cancel(p), context_kind::without_cancel, {}};
    }
}

reply world::make(const new_context& c) {
    const std::optional<entry> parent = find(c.parent);
    if (!parent) return refuse(404, "parent: there is no context " + number(c.parent));
    if (parent->kind == context_kind::after_func)
        return refuse(409, "parent: " + number(c.parent) +
                               " is an AfterFunc registration; nothing can be derived from it");
    if (full())
        return refuse(429, "too many live objects: the laboratory holds " + std::to_string(most_objects));
    if (std::string why = what_is_wrong(c); !why.empty()) return refuse(400, std::move(why));
    const named name(c.name);
    if (c.kind != context_kind::after_func) {
        entry made = derive(*parent, c);
        const id_t id = ctx::id_of(made.context);
        made.parent = c.parent;
        keep(id, std::move(made));
        return {.status = 201, .error = {}, .id = id};
    }
    std::optional<entry> target;
    if (c.cancels != 0) {
        target = find(c.cancels);
        if (!target) return refuse(404, "cancels: there is no context " + number(c.cancels));
        if (!target->cancel) return refuse(409, "cancels: " + number(c.cancels) + " cannot be cancelled");
    }
    const auto registration = std::make_shared<std::atomic<id_t>>(0);
    auto stop = ctx::after_func(parent->context, [target, registration] {
        recorder::acting() = {.by = *registration};
        if (target) target->cancel({});
        recorder::acting() = {};
    });
    *registration = stop.id();
    keep(stop.id(), {.context = parent->context,
                     .kind = c.kind,
                     .cancel = [stop](const std::string&) { stop(); },
                     .parent = c.parent});
    return {.status = 201, .error = {}, .id = stop.id()};
}

reply world::cancel(const cancel_context& c) {
    const std::optional<entry> e = find(c.context);
    if (!e) return refuse(404, "context: there is no context " + number(c.context));
    if (!e->cancel)
        return refuse(409, "context: " + number(c.context) + " is a " + std::string(go_name(e->kind)) +
                               " context; it has no cancel function");
    if (c.cause && e->kind != context_kind::with_cancel_cause)
        return refuse(409, "cause: " + std::string(go_name(e->kind)) +
                               " has a cancel function that takes no cause");
    e->cancel(c.cause.value_or(""));
    reply r{.status = 200, .error = {}, .id = c.context};
    if (e->kind == context_kind::after_func) return r;
    r.err = e->context.err().text();
    r.cause = ctx::cause(e->context).text();
    return r;
}

reply world::look_up(const look_up_value& c) {
    const std::optional<entry> e = find(c.context);
    if (!e) return refuse(404, "context: there is no context " + number(c.context));
    if (c.key.empty()) return refuse(400, "key: expected the text of a key");
    const ctx::any_value v = e->context.value(text_key(c.key));
    reply r{.status = 200, .error = {}, .id = c.context};
    r.found = static_cast<bool>(v);
    if (r.found) r.value = v.string();
    return r;
}

reply world::sweep(const state& picture) {
    // From the leaves up: a context goes when it is over, nobody works for it, and nothing below it stays.
    const auto& all = picture.contexts();
    std::unordered_set<id_t> stays;
    std::vector<id_t> gone;
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
        const bool leaves = (at->done || at->dropped) && at->live_workers == 0 && !stays.contains(at->id) &&
                            at->id != root_id;
        if (leaves)
            gone.push_back(at->id);
        else if (at->parent != 0)
            stays.insert(at->parent);
    }
    if (gone.empty()) return {};
    std::vector<entry> dropped; // after the lock
    {
        const std::lock_guard lock(mutex_);
        for (const id_t id : gone)
            if (const auto at = contexts_.find(id); at != contexts_.end()) {
                dropped.push_back(std::move(at->second));
                contexts_.erase(at);
            }
    }
    recorder_->record({.kind = event_kind::swept, .path = std::move(gone)});
    return {};
}

ctx::chan<std::int64_t> world::channel(const std::string& name) {
    return channels_.try_emplace(name, ctx::chan<std::int64_t>(0)).first->second;
}

void world::cancel_from_worker(const ctx::context& c, const std::string& cause) {
    for (std::optional<entry> e = find(ctx::id_of(c)); e; e = find(e->parent)) {
        if (!e->cancel) continue;
        e->cancel(cause);
        return;
    }
}

} // namespace lab
