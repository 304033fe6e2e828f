// SPDX-License-Identifier: MIT
#include "lab/code_go_writer.h"

namespace lab {

using act = code_step::act;

/// gofmt puts space around an operator where it is alone in the call.
std::string go_writer::length(std::chrono::nanoseconds d, std::string_view times) {
    static const std::map<std::string_view, std::string> units{
        {"h", "hour"}, {"min", "minute"}, {"s", "second"}, {"ms", "millisecond"}, {"us", "microsecond"}};
    const code_length l = length_in_units(d);
    if (l.count == 0) return "0";
    need("time");
    const auto unit = units.find(l.unit);
    if (unit == units.end()) return std::to_string(l.count) + "*time.Nanosecond/speed";
    units_.insert(unit->second);
    return std::to_string(l.count).append(times) + unit->second;
}

std::string go_writer::context(std::size_t index) {
    if (index == no_index) need("context");
    return index == no_index ? "context.Background()" : variables_[index];
}

std::string go_writer::error(const std::string& text) {
    if (text.empty()) return "nil";
    need("errors");
    return "errors.New(" + code_literal(text) + ")";
}

void go_writer::write(const code_step& s) {
    if (s.at > now_) {
        now_ = s.at;
        line("");
        line("at(" + length(now_, " * ") + ")");
    }
    switch (s.what) {
    case act::derive:
        return write_context(s.which);
    case act::start:
        return write_worker(plan_.workers[s.which]);
    case act::cancel:
        return line(cancel(s.which, s.text.value_or("")));
    case act::look_up: {
        const std::string label = s.which == no_index ? "Background" : plan_.contexts[s.which].label;
        return line("lookUp(" + code_literal(label) + ", " + context(s.which) + ", " + code_literal(*s.text) +
                    ")");
    }
    case act::send:
        return write_request(plan_.requests[s.which]);
    }
}

/// The call that ends a context, or takes an AfterFunc back.
std::string go_writer::cancel(std::size_t index, const std::string& cause) {
    const context_kind kind = plan_.contexts[index].made.kind;
    if (kind == context_kind::after_func) return variables_[index] + ".stop()";
    return cancels_[index] + "(" + (takes_cancel_cause(kind) ? error(cause) : "") + ")";
}

void go_writer::write_context(std::size_t index) {
    const code_context& c = plan_.contexts[index];
    const std::string parent = context(c.parent);
    const std::string call = "context." + std::string(go_name(c.made.kind)) + "(" + parent;
    const std::string& name = variables_[index];
    need("context");
    switch (c.made.kind) {
    case context_kind::with_value:
        return line(name + " := " + call + ", key(" + code_literal(c.made.key) + "), " +
                    code_literal(c.made.value) + ")");
    case context_kind::without_cancel:
        return line(name + " := " + call + ")");
    case context_kind::after_func:
        return line(name + " := afterFunc(" + parent + ", func() {" +
                    (c.cancels == no_index ? "" : ' ' + cancel(c.cancels, {}) + ' ') + "})");
    default:
        break;
    }
    std::string rest;
    if (c.made.kind == context_kind::with_timeout || c.made.kind == context_kind::with_timeout_cause)
        rest = ", " + length(*c.made.timeout);
    else if (takes_deadline(c.made.kind))
        rest = c.made.at ? ", began.Add(" + length(*c.made.at) + ")"
                         : ", time.Now().Add(" + length(*c.made.timeout) + ")";
    if (takes_deadline_cause(c.made.kind)) rest += ", " + error(c.made.cause);
    line(name + ", " + cancels_[index] + " := " + call + rest + ")");
    line("defer " + cancels_[index] + "(" + (takes_cancel_cause(c.made.kind) ? "nil" : "") + ")");
}

void go_writer::write_worker(const code_worker& w) {
    const new_worker& s = w.spec;
    const std::string c = context(w.context);
    if (s.kind == "pipeline")
        return line("pipeline(" + c + ", " + code_literal(w.label) + ", " + std::to_string(*s.stages) + ", " +
                    std::to_string(*s.count) + ")");
    line("start(" + code_literal(w.label) + ", func() (string, error) { return " + s.kind + "(" +
         arguments(w, c) + ") })");
}

std::string go_writer::arguments(const code_worker& w, const std::string& c) {
    const new_worker& s = w.spec;
    if (s.kind == "wait") return c;
    if (s.kind == "poller") return c + ", " + length(*s.every);
    if (s.kind == "stubborn") return length(*s.duration, " * ");
    if (s.kind == "cpu") return c + ", " + length(*s.duration) + ", " + length(*s.check_every);
    if (s.kind == "operation")
        return c + ", " + cancel_for(w.cancels) + ", " + length(*s.duration) + ", " + code_literal(s.fail);
    if (s.kind == "producer" || s.kind == "consumer")
        return c + ", " + channels_.at(s.channel) + ", " + std::to_string(*s.count) + ", " + length(*s.every);
    if (s.kind == "fanout")
        return c + ", " + code_literal(s.name.empty() ? "backend" : s.name) + ", " + std::to_string(*s.n) +
               ", " + std::to_string(*s.fail_index) + ", " + length(*s.duration) + ", " +
               length(*s.fail_after);
    return c + ", " + length(*s.duration);
}

/// What an operation calls with its failure.
std::string go_writer::cancel_for(std::size_t index) {
    if (index == no_index) return "func(error) {}";
    if (takes_cancel_cause(plan_.contexts[index].made.kind)) return cancels_[index];
    return "func(error) { " + cancels_[index] + "() }";
}

void go_writer::write_request(const code_request& r) {
    const send_request& what = r.what;
    std::string c = "context.Background()";
    if (what.timeout || what.abort_after) {
        c = names_.make(r.label, "call");
        const std::string abort = names_.make("abort", c, "call");
        line(c + ", " + abort + " := context." +
             (what.timeout ? "WithTimeout(context.Background(), " + length(*what.timeout)
                           : std::string("WithCancel(context.Background()")) +
             ")");
        line("defer " + abort + "()");
        if (what.abort_after) line("time.AfterFunc(" + length(*what.abort_after) + ", " + abort + ")");
    }
    need("context time");
    const std::string rest = ", " + c + ", " + code_literal(what.method) + ", " + code_literal(what.path) +
                             ", " + code_literal(what.body) + ")";
    if (what.count <= 1) return line("send(" + code_literal(r.label) + rest);
    line("for i := range " + std::to_string(what.count) + " {");
    line("\tsend(fmt.Sprint(" + code_literal(r.label + " ") + ", i+1)" + rest);
    line("}");
}

} // namespace lab
