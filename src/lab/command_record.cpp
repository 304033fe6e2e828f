// SPDX-License-Identifier: MIT
#include "lab/command_record.h"

#include "lab/input_error.h"
#include "lab/json_text.h"
#include "lab/scenario.h"
#include "lab/scenario_writer.h"
#include "lab/state_json.h"

#include <array>
#include <limits>
#include <type_traits>

namespace lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// What each command has, once for writing and reading.

template <class F>
void each_member(new_context& c, F f) {
    f("parent", c.parent);
    f("kind", c.kind);
    f("name", c.name);
    f("timeout_ns", c.timeout);
    f("at_ns", c.at);
    f("cause", c.cause);
    f("key", c.key);
    f("value", c.value);
    f("cancels", c.cancels);
}

template <class F>
void each_member(cancel_context& c, F f) {
    f("context", c.context);
    f("cause", c.cause);
}

template <class F>
void each_member(look_up_value& c, F f) {
    f("context", c.context);
    f("key", c.key);
}

template <class F>
void each_member(new_worker& c, F f) {
    f("context", c.context);
    f("kind", c.kind);
    f("name", c.name);
    f("every_ns", c.every);
    f("for_ns", c.duration);
    f("check_every_ns", c.check_every);
    f("fail_after_ns", c.fail_after);
    f("fail", c.fail);
    f("channel", c.channel);
    f("count", c.count);
    f("stages", c.stages);
    f("n", c.n);
    f("fail_index", c.fail_index);
}

template <class F>
void each_member(change_clock& c, F f) {
    f("action", c.action);
    f("by_ns", c.by);
    f("size", c.size);
    f("speed", c.speed);
    f("mode", c.mode);
}

template <class F>
void each_member(reset_lab& c, F f) {
    f("with", c.with);
}

template <class F>
void each_member(sweep&, F) {}

template <class F>
void each_member(send_request& c, F f) {
    f("method", c.method);
    f("path", c.path);
    f("body", c.body);
    f("count", c.count);
    f("timeout_ns", c.timeout);
    f("abort_after_ns", c.abort_after);
}

template <class F>
void each_member(abort_request& c, F f) {
    f("client", c.client);
}

// In the order of the variant.
constexpr std::array<std::string_view, 9> verbs{"new_context", "cancel_context", "look_up_value",
                                                "new_worker",  "change_clock",   "reset_lab",
                                                "sweep",       "send_request",   "abort_request"};
static_assert(verbs.size() == std::variant_size_v<command>);

constexpr std::array<std::pair<clock_action, std::string_view>, 8> actions{{
    {clock_action::run, "run"},
    {clock_action::pause, "pause"},
    {clock_action::step, "step"},
    {clock_action::advance, "advance"},
    {clock_action::finish, "finish"},
    {clock_action::set_speed, "set_speed"},
    {clock_action::set_mode, "set_mode"},
    {clock_action::hold, "hold"},
}};

std::string_view to_string(clock_action a) {
    for (const auto& [action, word] : actions)
        if (action == a) return word;
    throw input_error("action: expected an action of the format");
}

void write(ordered_json& j, const std::shared_ptr<const scenario>& s) {
    if (s) j = to_json(*s);
}
void write(ordered_json& j, std::chrono::nanoseconds d) {
    j = d.count();
}
template <class T>
void write(ordered_json& j, const T& value) {
    if constexpr (std::is_enum_v<T>)
        j = to_string(value);
    else
        j = value;
}
template <class T>
void write(ordered_json& j, const std::optional<T>& value) {
    if (value) write(j, *value);
}

/// Reads one member, which is there.
struct member_reader {
    const char* name;
    const json& j;
    std::string_view where;

    [[noreturn]] void refuse(const std::string& expected) const {
        throw input_error(std::string(name) + ": " + shown(j) + ": expected " + expected);
    }

    void read(std::string& v) const {
        if (!j.is_string()) refuse("a text");
        v = j.get<std::string>();
    }
    void read(id_t& v) const {
        if (!j.is_number_unsigned()) refuse("a whole number from 0");
        v = j.get<id_t>();
    }
    void read(std::int64_t& v) const {
        const bool too_large =
            j.is_number_unsigned() && j.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
        if (!j.is_number_integer() || too_large) refuse("a whole number of 64 bits");
        v = j.get<std::int64_t>();
    }
    void read(int& v) const {
        std::int64_t n = 0;
        read(n);
        if (n < std::numeric_limits<int>::min() || n > std::numeric_limits<int>::max())
            refuse("a whole number of 32 bits");
        v = static_cast<int>(n);
    }
    void read(double& v) const {
        if (!j.is_number() && !j.is_null()) refuse("a number");
        v = j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); // JSON has no other way
    }
    void read(std::chrono::nanoseconds& v) const {
        std::int64_t n = 0;
        read(n);
        v = std::chrono::nanoseconds(n);
    }
    template <class T>
    void read(std::optional<T>& v) const {
        T value{};
        read(value);
        v = std::move(value);
    }
    template <class E, class Parse>
    void word(E& v, Parse parse) const {
        std::string w;
        read(w);
        const auto value = parse(w);
        if (!value) refuse("a word of the format");
        v = *value;
    }
    void read(context_kind& v) const { word(v, parse_context_kind); }
    void read(step_size& v) const { word(v, parse_step_size); }
    void read(clock_mode& v) const { word(v, parse_clock_mode); }
    void read(clock_action& v) const {
        word(v, [](std::string_view w) -> std::optional<clock_action> {
            for (const auto& [action, known] : actions)
                if (known == w) return action;
            return std::nullopt;
        });
    }
    void read(std::shared_ptr<const scenario>& v) const {
        v = std::make_shared<scenario>(parse_scenario(j.dump(), where));
    }
};

template <class C>
command read_members(const json& j, std::string_view where) {
    C c;
    each_member(c, [&](const char* name, auto& value) {
        if (const auto at = j.find(name); at != j.end()) member_reader{name, *at, where}.read(value);
    });
    return c;
}

template <std::size_t... I>
command read_command(std::size_t verb, const json& j, std::string_view where, std::index_sequence<I...>) {
    command c;
    (void)((I == verb && (c = read_members<std::variant_alternative_t<I, command>>(j, where), true)) || ...);
    return c;
}

} // namespace

ordered_json to_json(const command& c) {
    ordered_json j{{"do", verbs[c.index()]}};
    std::visit(
        [&](auto made) {
            ordered_json usual;
            decltype(made) fresh{};
            each_member(fresh, [&](const char* name, const auto& value) { write(usual[name], value); });
            each_member(made, [&](const char* name, const auto& value) {
                ordered_json written;
                write(written, value);
                if (written != usual[name]) j[name] = std::move(written);
            });
        },
        c);
    return j;
}

command command_from_json(const json& j, std::string_view where) {
    if (!j.is_object()) throw input_error(shown(j) + ": expected a command: an object");
    const auto verb = j.find("do");
    if (verb == j.end()) throw input_error("missing member \"do\": expected what to do");
    for (std::size_t i = 0; verb->is_string() && i < verbs.size(); ++i) {
        if (verb->get_ref<const std::string&>() != verbs[i]) continue;
        return read_command(i, j, where, std::make_index_sequence<std::variant_size_v<command>>());
    }
    throw input_error("do: " + shown(*verb) + ": expected a command of the format");
}

} // namespace lab
