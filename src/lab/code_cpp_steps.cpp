// SPDX-License-Identifier: MIT
#include "lab/code_cpp_writer.h"

namespace lab {
namespace {

using act = code_step::act;

std::string length(std::chrono::nanoseconds d) {
    const code_length l = length_in_units(d);
    return std::to_string(l.count).append(l.unit);
}

std::string error(const std::string& text) {
    return text.empty() ? "{}" : "ctx::error(" + code_literal(text) + ")";
}

} // namespace

std::string cpp_writer::context(std::size_t index) const {
    return index == no_index ? "root" : variables_[index];
}

void cpp_writer::write(const code_step& s) {
    if (s.at > now_) {
        now_ = s.at;
        line("");
        line("co_await at(" + length(now_) + ");");
    }
    switch (s.what) {
    case act::derive:
        return write_context(s.which);
    case act::start:
        return write_worker(plan_.workers[s.which]);
    case act::cancel:
        return line(cancel(s.which, s.text.value_or("")) + ";");
    case act::look_up: {
        const std::string label = s.which == no_index ? "Background" : plan_.contexts[s.which].label;
        return line("look_up(" + code_literal(label) + ", " + context(s.which) + ", " + keys_.at(*s.text) +
                    ", " + code_literal(*s.text) + ");");
    }
    case act::send:
        return;
    }
}

/// The call that ends a context, or takes an after_func back.
std::string cpp_writer::cancel(std::size_t index, const std::string& cause) const {
    const context_kind kind = plan_.contexts[index].made.kind;
    if (kind == context_kind::after_func) return variables_[index] + ".stop()";
    return cancels_[index] + "(" + (takes_cancel_cause(kind) && !cause.empty() ? error(cause) : "") + ")";
}

std::string cpp_writer::deadline(const new_context& made) const {
    std::string text = ", ";
    if (made.kind == context_kind::with_timeout || made.kind == context_kind::with_timeout_cause)
        text += length(*made.timeout);
    else if (made.at)
        text += "began + " + length(*made.at);
    else
        text += "scheduler->time()->now() + " + length(*made.timeout);
    return takes_deadline_cause(made.kind) ? text + ", " + error(made.cause) : text;
}

void cpp_writer::write_context(std::size_t index) {
    const code_context& c = plan_.contexts[index];
    const std::string parent = context(c.parent);
    const std::string call = "ctx::" + std::string(to_string(c.made.kind)) + "(" + parent;
    const std::string& name = variables_[index];
    switch (c.made.kind) {
    case context_kind::with_value:
        return line("ctx::context " + name + " = " + call + ", " + keys_.at(c.made.key) + ", " +
                    code_literal(c.made.value) + ");");
    case context_kind::without_cancel:
        return line("ctx::context " + name + " = " + call + ");");
    case context_kind::after_func: {
        if (c.cancels == no_index) return line("registration " + name + "(" + parent + ", [] {});");
        const bool is_registration = plan_.contexts[c.cancels].made.kind == context_kind::after_func;
        const std::string what =
            is_registration ? '&' + variables_[c.cancels] : cancels_[c.cancels] + " = " + cancels_[c.cancels];
        return line("registration " + name + "(" + parent + ", [" + what + "] { " + cancel(c.cancels, {}) +
                    "; });");
    }
    default:
        break;
    }
    line("auto [" + name + ", " + cancels_[index] + "] = " + call +
         (takes_deadline(c.made.kind) ? deadline(c.made) : "") + ");");
    line("ctx::cancel_guard end_of_" + name + "(" + cancels_[index] + ");");
}

void cpp_writer::write_worker(const code_worker& w) {
    const new_worker& s = w.spec;
    const std::string c = context(w.context);
    if (s.kind == "pipeline")
        return line("pipeline(" + c + ", " + code_literal(w.label) + ", " + std::to_string(*s.stages) + ", " +
                    std::to_string(*s.count) + ");");
    line("start(" + code_literal(w.label) + ", " + s.kind + "(" + arguments(w, c) + "));");
}

std::string cpp_writer::arguments(const code_worker& w, const std::string& c) const {
    const new_worker& s = w.spec;
    if (s.kind == "wait") return c;
    if (s.kind == "poller") return c + ", " + length(*s.every);
    if (s.kind == "stubborn") return length(*s.duration);
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
std::string cpp_writer::cancel_for(std::size_t index) const {
    if (index == no_index) return "[](const ctx::error&) {}";
    const std::string& name = cancels_[index];
    const bool with_cause = takes_cancel_cause(plan_.contexts[index].made.kind);
    return "[" + name + " = " + name + "](const ctx::error&" + (with_cause ? " why) { " : ") { ") + name +
           (with_cause ? "(why); }" : "(); }");
}

} // namespace lab
