// SPDX-License-Identifier: MIT
#include "lab/code_go.h"

#include "lab/code_go_writer.h"

#include <algorithm>

namespace lab {
namespace {

constexpr std::string_view reserved_words =
    "break case chan const continue default defer else for func go goto if import interface "
    "map package range return select struct switch type var any append bool byte cap clear "
    "close complex copy delete error false int len make max min new nil panic print println "
    "real imag recover string true init main fallthrough context errors fmt http time speed "
    "microsecond millisecond second minute hour began at start workers report key lookUp "
    "settle afterFunc waitUntil reportWorker";

/// Words that a variable of main cannot be called: Go's own, and what else main uses.
std::set<std::string, std::less<>> reserved(const code_plan& plan) {
    auto words = code_words(reserved_words);
    for (const worker_kind& kind : worker_kinds())
        if (plan.starts(kind.name)) words.insert(kind.name);
    if (!plan.requests.empty()) words.insert({"serve", "server", "send", "calls", "process", "search", "i"});
    return words;
}

std::string path_of(const send_request& r) {
    return r.path.substr(0, r.path.find('?'));
}

} // namespace

go_writer::go_writer(const scenario& s)
    : plan_(plan_of(s)), names_(code_names::style::camel, reserved(plan_)) {}

std::string go_writer::program() {
    name_all();
    begin_server();
    for (const std::string& channel : plan_.channels) line(channels_.at(channel) + " := make(chan int)");
    for (const code_step& s : plan_.steps) write(s);
    write_waits();
    write_reports();
    add_functions();
    return head() + "\nfunc main() {\n" + main_ + "}\n" + functions_;
}

void go_writer::name_all() {
    for (const code_context& c : plan_.contexts) {
        const bool derived = c.made.kind != context_kind::after_func;
        variables_.push_back(names_.make(c.words, derived ? "ctx" : "callback"));
        cancels_.push_back(derived && owns_done(c.made.kind) ? names_.make("cancel", variables_.back(), "ctx")
                                                             : "");
    }
    for (const std::string& channel : plan_.channels) channels_[channel] = names_.make(channel, "ch");
}

void go_writer::line(const std::string& text) {
    main_ += text.empty() ? "\n" : '\t' + text + '\n';
}

void go_writer::need(std::string_view imports) {
    imports_.merge(code_words(imports));
}

void go_writer::use(const go_parts::part& p) {
    functions_ += p.text;
    need(p.imports);
}

void go_writer::begin_server() {
    std::set<std::string> paths;
    for (const code_request& r : plan_.requests) {
        const std::string path = path_of(r.what);
        const go_parts::handler_part h = go_parts::handler(path);
        if (h.name.empty())
            throw input_error(plan_.name + ": request " + r.label + ": path " + path +
                              ": there is Go for /process and /search only");
        if (paths.insert(path).second)
            line("http.HandleFunc(" + code_literal(path) + ", " + std::string(h.name) + ")");
    }
    if (!paths.empty()) line("server := serve()");
}

void go_writer::write_waits() {
    line("");
    if (!plan_.requests.empty()) {
        line("calls.Wait()");
        line("server.Shutdown(context.Background()) // waits for the handlers");
    }
    if (plan_.may_stay())
        line("waitUntil(" + length(plan_.horizon + std::chrono::seconds(1), " * ") + ")");
    else if (!plan_.workers.empty())
        line("workers.Wait()");
    for (std::size_t i = 0; i < plan_.contexts.size(); ++i)
        if (plan_.waits_for(i)) line("<-" + variables_[i] + ".Done()");
    if (plan_.derives(context_kind::after_func)) line("settle()");
}

void go_writer::write_reports() {
    for (const code_worker& w : plan_.workers)
        if (!w.ends) line("reportWorker(" + code_literal(w.label) + ")");
    for (std::size_t i = 0; i < plan_.contexts.size(); ++i) {
        const code_context& c = plan_.contexts[i];
        const std::string label = code_literal(c.label);
        if (c.made.kind == context_kind::after_func)
            line(variables_[i] + ".report(" + label + ")");
        else
            line("report(" + label + ", " + variables_[i] + ")");
    }
}

void go_writer::add_functions() {
    using namespace go_parts;
    use(common());
    if (now_.count() > 0) use(at());
    if (!plan_.workers.empty()) use(plan_.may_stay() ? workers_that_may_stay() : workers());
    for (const worker_kind& kind : worker_kinds())
        if (plan_.starts(kind.name)) use(worker(kind.name));
    if (plan_.starts("producer") || plan_.starts("consumer")) use(worker("pause"));
    if (!plan_.contexts.empty() || plan_.starts("fanout")) use(report());
    if (plan_.looks_up() || plan_.derives(context_kind::with_value)) use(look_up());
    if (plan_.derives(context_kind::after_func)) use(registrations());
    if (plan_.requests.empty()) return;
    use(requests());
    std::set<std::string> paths;
    for (const code_request& r : plan_.requests)
        if (const std::string path = path_of(r.what); paths.insert(path).second) use(handler(path).what);
}

std::string go_writer::head() const {
    std::string text = code_comment(plan_.title);
    if (const std::string more = code_comment(plan_.description); !more.empty()) text += "//\n" + more;
    text += "//\n" + code_comment("Scenario " + plan_.name + " of ctxlab. Run it with: go run main.go");
    text += "package main\n\nimport (\n";
    for (const std::string& package : imports_) text += "\t\"" + package + "\"\n";
    text += ")\n\n// speed is how many times as fast as it says everything happens.\nconst speed = 1\n";
    if (units_.empty()) return text;
    std::size_t widest = 0; // gofmt lines them up
    for (const std::string& unit : units_) widest = std::max(widest, unit.size());
    text += "\nconst (\n";
    for (const std::string unit : {"hour", "minute", "second", "millisecond", "microsecond"}) {
        std::string name = "time." + unit;
        name[5] = static_cast<char>(name[5] - 'a' + 'A');
        const std::string gap(widest + 1 - std::min(widest, unit.size()), ' ');
        if (units_.contains(unit)) text += '\t' + unit + gap + "= " + name + " / speed\n";
    }
    return text + ")\n";
}

std::string to_go(const scenario& s) {
    return go_writer(s).program();
}

} // namespace lab
