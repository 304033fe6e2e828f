// SPDX-License-Identifier: MIT
#include "cli/oracle_ops.h"

#include "cli/oracle_text.h"
#include "cli/oracle_values.h"
#include "lab/json_text.h"

#include <algorithm>
#include <latch>
#include <thread>
#include <unordered_map>

/// Making contexts, and doing things to them.
namespace cli {

namespace {

std::string quoted_id(const std::string& id) {
    return lab::shown(id);
}

ctx::context no_context() {
    return ctx::context(std::shared_ptr<ctx::custom_context>());
}

} // namespace

std::string oracle_ops::run(const std::string& name, lab::object_reader& op) {
    const std::string result = (this->*find(name))(name, op);
    op.refuse_unknown();
    return result;
}

oracle_ops::operation oracle_ops::find(const std::string& name) {
    using ops = oracle_ops;
    static const std::unordered_map<std::string_view, operation> all = {
        {"background", &ops::root},
        {"todo", &ops::root},
        {"withCancel", &ops::with_cancel},
        {"withCancelCause", &ops::with_cancel},
        {"withDeadline", &ops::with_deadline},
        {"withDeadlineCause", &ops::with_deadline},
        {"withTimeout", &ops::with_deadline},
        {"withTimeoutCause", &ops::with_deadline},
        {"withValue", &ops::with_value},
        {"withoutCancel", &ops::without_cancel},
        {"custom", &ops::custom},
        {"cancel", &ops::cancel},
        {"cancelConcurrent", &ops::cancel_concurrent},
        {"afterFunc", &ops::after_func},
        {"stop", &ops::stop},
        {"advance", &ops::advance},
        {"err", &ops::err},
        {"cause", &ops::err},
        {"errIs", &ops::err_is},
        {"causeIs", &ops::err_is},
        {"done", &ops::done},
        {"sameDone", &ops::same_done},
        {"deadline", &ops::deadline},
        {"value", &ops::value},
        {"string", &ops::string},
        {"children", &ops::children},
        {"registered", &ops::registered},
        {"watchers", &ops::watchers},
        {"now", &ops::now},
    };
    const auto it = all.find(name);
    if (it != all.end()) return it->second;
    std::vector<std::string_view> names;
    for (const auto& [known_name, f] : all) names.push_back(known_name);
    std::sort(names.begin(), names.end());
    throw lab::field_error("op", lab::shown(name) + ": unknown op: " + lab::expected_one_of(names, name));
}

std::string oracle_ops::new_id(lab::object_reader& op) const {
    std::string id = text_member(op, "id");
    if (id.empty()) throw lab::field_error("id", "expected a text that is not empty");
    if (world_.knows(id)) throw lab::field_error("id", quoted_id(id) + " is used already; expected a new id");
    return id;
}

oracle_context& oracle_ops::known_as(const std::string& id, const std::string& member) const {
    oracle_context* const c = world_.find(id);
    if (!c) throw lab::field_error(member, quoted_id(id) + ": unknown id; expected that of a context");
    return *c;
}

oracle_context& oracle_ops::known(lab::object_reader& op, std::string_view member) const {
    return known_as(text_member(op, member), std::string(member));
}

oracle_context& oracle_ops::cancelable(const std::string& id, const std::string& member) const {
    oracle_context& c = known_as(id, member);
    if (!c.cancel)
        throw lab::field_error(member,
                               quoted_id(id) + " has no cancel function; expected a context that has one");
    return c;
}

oracle_context* oracle_ops::parent(lab::object_reader& op) const {
    const nlohmann::json* given = op.allow("parent");
    if (!given || given->is_null()) return nullptr;
    if (!given->is_string()) throw lab::field_error("parent", lab::shown(*given) + ": expected an id");
    return &known_as(given->get<std::string>(), "parent");
}

template <class Make>
std::string oracle_ops::derive(lab::object_reader& op, origin from, Make make) {
    oracle_context c{
        .id = new_id(op), .from = from, .parent = parent(op), .context = {}, .cancel = {}, .custom = {}};
    try {
        make(c.parent ? c.parent->context : no_context(), c);
    } catch (const std::invalid_argument& panic) {
        return "{\"panic\":" + json_string(panic.what()) + "}";
    }
    const bool done = static_cast<bool>(c.context.err());
    world_.add(std::move(c));
    return done ? "\"done\"" : "\"open\"";
}

std::string oracle_ops::root(const std::string& name, lab::object_reader& op) {
    oracle_context c{.id = new_id(op), .context = {}, .cancel = {}, .custom = {}};
    c.context = name == "todo" ? ctx::todo(world_.root()) : world_.root();
    world_.add(std::move(c));
    return "\"open\"";
}

std::string oracle_ops::with_cancel(const std::string& name, lab::object_reader& op) {
    return derive(op, origin::node, [&](const ctx::context& above, oracle_context& c) {
        if (name == "withCancelCause") {
            auto made = ctx::with_cancel_cause(above);
            c.context = made.context;
            c.cancel = made.cancel;
            c.takes_cause = true;
        } else {
            auto made = ctx::with_cancel(above);
            c.context = made.context;
            c.cancel = [cancel = made.cancel](const ctx::error&) { cancel(); };
        }
    });
}

std::string oracle_ops::with_deadline(const std::string& name, lab::object_reader& op) {
    const bool timeout = name.starts_with("withTimeout");
    const ctx::duration when = milliseconds_member(op, timeout ? "ms" : "at");
    const ctx::time_point at = ctx::saturating_add(ctx::time_point{}, when);
    const bool with_cause = name.ends_with("Cause");
    const ctx::error cause = with_cause ? error_member(op, "cause") : ctx::error{};
    return derive(op, origin::node, [&](const ctx::context& above, oracle_context& c) {
        auto made =
            timeout
                ? (with_cause ? ctx::with_timeout_cause(above, when, cause) : ctx::with_timeout(above, when))
                : (with_cause ? ctx::with_deadline_cause(above, at, cause) : ctx::with_deadline(above, at));
        c.context = made.context;
        c.cancel = [cancel = made.cancel](const ctx::error&) { cancel(); };
        c.has_deadline = true;
    });
}

ctx::any_key oracle_ops::key(lab::object_reader& op) {
    const std::string type = text_member(op, "keyType");
    return world_.keys.key(type, key_has_text(type) ? text_member(op, "key")
                                                    : text_if_there(op, "key").value_or(""));
}

std::string oracle_ops::with_value(const std::string&, lab::object_reader& op) {
    const ctx::any_key k = key(op);
    const std::string type = text_if_there(op, "valType").value_or("string");
    const std::string text = type == "nil" ? text_if_there(op, "val").value_or("") : text_member(op, "val");
    const ctx::any_value v = oracle_value(type, text);
    return derive(op, origin::view, [&](const ctx::context& above, oracle_context& c) {
        c.context = ctx::with_value(above, k, v);
    });
}

std::string oracle_ops::without_cancel(const std::string&, lab::object_reader& op) {
    return derive(op, origin::detached, [&](const ctx::context& above, oracle_context& c) {
        c.context = ctx::without_cancel(above);
    });
}

std::string oracle_ops::custom(const std::string&, lab::object_reader& op) {
    const auto name =
        lab::object_reader::required(op.word("kind", custom_kind_names), "kind", "a kind of context");
    const auto kind = static_cast<custom_kind>(
        std::find(custom_kind_names.begin(), custom_kind_names.end(), name) - custom_kind_names.begin());
    oracle_context c{.id = new_id(op), .from = origin::own, .context = {}, .cancel = {}, .custom = {}};
    custom_parts parts;
    parts.scheduler = &world_.scheduler();
    if (has_parent(kind)) {
        c.parent = &known(op, "parent");
        parts.parent = c.parent->context;
    } else if (const auto at = milliseconds_if_there(op, "at")) {
        parts.at = ctx::saturating_add(ctx::time_point{}, *at);
    }
    if (kind == custom_kind::named) parts.name = text_member(op, "name");
    if (kind == custom_kind::embed || kind == custom_kind::named || kind == custom_kind::embed_after)
        c.from = origin::view;
    if (kind == custom_kind::no_value || kind == custom_kind::fresh_done) c.from = origin::screen;
    if (kind == custom_kind::nil_done) c.from = origin::detached;
    const auto made = make_custom(kind, std::move(parts));
    c.custom = made;
    c.context = ctx::context(made, world_.root());
    if (made->cancelable()) c.cancel = [made](const ctx::error& e) { made->cancel(e ? e : ctx::canceled); };
    world_.add(std::move(c));
    return "\"ok\"";
}

std::string oracle_ops::cancelled(std::span<const oracle_context* const> them) const {
    const std::vector<std::string> late = world_.late(them);
    return late.empty() ? "\"ok\"" : "{\"late\":" + shown_list(late) + "}";
}

std::string oracle_ops::cancel(const std::string&, lab::object_reader& op) {
    const oracle_context& c = cancelable(text_member(op, "id"), "id");
    ctx::error e;
    if (c.takes_cause) e = error_member(op, "cause");
    if (c.custom) e = error_member(op, "err");
    op.refuse_unknown();
    c.cancel(e);
    const oracle_context* const it = &c;
    return cancelled({&it, 1});
}

std::string oracle_ops::cancel_concurrent(const std::string&, lab::object_reader& op) {
    const nlohmann::json* ids = op.allow("ids");
    if (!ids || !ids->is_array()) throw lab::field_error("ids", "expected a list of ids");
    std::vector<const oracle_context*> them;
    for (const nlohmann::json& id : *ids) {
        if (!id.is_string()) throw lab::field_error("ids", lab::shown(id) + ": expected an id");
        them.push_back(&cancelable(id.get<std::string>(), "ids"));
    }
    std::latch start(static_cast<std::ptrdiff_t>(2 * them.size()));
    std::vector<std::jthread> threads;
    for (const oracle_context* c : them) {
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&start, c] {
                start.arrive_and_wait();
                c->cancel({});
            });
        }
    }
    threads.clear();
    return cancelled(them);
}

std::string oracle_ops::after_func(const std::string&, lab::object_reader& op) {
    const std::string id = new_id(op);
    const oracle_context& c = known(op, "ctx");
    const auto also = text_if_there(op, "cancels");
    world_.after_func(id, c.context, also ? &cancelable(*also, "cancels") : nullptr);
    return "\"ok\"";
}

std::string oracle_ops::stop(const std::string&, lab::object_reader& op) {
    const std::string id = text_member(op, "id");
    const ctx::stop_func* const f = world_.find_stop(id);
    if (!f) throw lab::field_error("id", quoted_id(id) + ": unknown id; expected that of a registration");
    return shown_bool((*f)());
}

std::string oracle_ops::advance(const std::string&, lab::object_reader& op) {
    const ctx::duration d = milliseconds_member(op, "ms");
    if (d < ctx::duration{}) throw lab::field_error("ms", "time does not go back; expected 0 or more");
    world_.advance(d);
    return "\"ok\"";
}

} // namespace cli
