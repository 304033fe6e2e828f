// SPDX-License-Identifier: MIT
#include "cli/oracle_names.h"
#include "cli/oracle_ops.h"
#include "cli/oracle_text.h"
#include "cli/oracle_values.h"
#include "lab/json_text.h"

/// Asking contexts.
namespace cli {

std::string oracle_ops::err(const std::string& name, lab::object_reader& op) {
    const ctx::context& c = known(op).context;
    return shown_error(name == "cause" ? ctx::cause(c) : c.err());
}

std::string oracle_ops::err_is(const std::string& name, lab::object_reader& op) {
    const ctx::context& c = known(op).context;
    const ctx::error e = name == "causeIs" ? ctx::cause(c) : c.err();
    return "{\"canceled\":" + shown_bool(e && ctx::is(e, ctx::canceled)) +
           ",\"deadline\":" + shown_bool(e && ctx::is(e, ctx::deadline_exceeded)) +
           ",\"timeout\":" + shown_bool(ctx::is_timeout(e)) + "}";
}

std::string oracle_ops::done(const std::string&, lab::object_reader& op) {
    const auto channel = known(op).context.done();
    if (!channel) return "\"nil\"";
    return channel.closed() ? "\"closed\"" : "\"open\"";
}

std::string oracle_ops::same_done(const std::string&, lab::object_reader& op) {
    const auto a = known(op, "a").context.done();
    const auto b = known(op, "b").context.done();
    return shown_bool(a == b);
}

std::string oracle_ops::deadline(const std::string&, lab::object_reader& op) {
    const auto at = known(op).context.deadline();
    return at ? shown_milliseconds(at->time_since_epoch()) : "null";
}

std::string oracle_ops::value(const std::string&, lab::object_reader& op) {
    const ctx::context& c = known(op).context;
    return value_result(c.value(key(op)));
}

std::string oracle_ops::string(const std::string&, lab::object_reader& op) {
    return json_string(script_name(known(op)));
}

std::string oracle_ops::children(const std::string&, lab::object_reader& op) {
    const auto count = ctx::children_of(known(op).context);
    return count ? std::to_string(*count) : "null";
}

std::string oracle_ops::registered(const std::string&, lab::object_reader& op) {
    const oracle_context& c = known(op);
    const auto count = c.custom ? c.custom->registered() : std::nullopt;
    if (!count)
        throw lab::field_error("id", lab::shown(c.id) +
                                         " has no AfterFunc method; expected a context that has one");
    return std::to_string(*count);
}

std::string oracle_ops::watchers(const std::string&, lab::object_reader&) {
    return std::to_string(ctx::watchers_of(world_.root()));
}

std::string oracle_ops::now(const std::string&, lab::object_reader&) {
    return shown_milliseconds(world_.now().time_since_epoch());
}

} // namespace cli
