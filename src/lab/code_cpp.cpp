// SPDX-License-Identifier: MIT
#include "lab/code_cpp.h"

#include "lab/code_cpp_parts.h"
#include "lab/code_cpp_writer.h"

#include <algorithm>

namespace lab {
namespace {

constexpr std::string_view reserved_words =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t "
    "char16_t char32_t class compl concept const consteval constexpr constinit const_cast "
    "continue co_await co_return co_yield decltype default delete do double dynamic_cast else "
    "enum explicit export extern false float for friend goto if inline int long mutable "
    "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
    "register reinterpret_cast requires return short signed sizeof static static_assert "
    "static_cast struct switch template this thread_local throw true try typedef typeid "
    "typename union unsigned using virtual void volatile wchar_t while xor xor_eq ctx std root "
    "scheduler began at say report start workers look_up reason registration wait_until "
    "report_worker scenario main";

/// Words that a variable cannot be called: C++'s own, and what else the program uses.
std::set<std::string, std::less<>> reserved(const code_plan& plan) {
    auto words = code_words(reserved_words);
    for (const worker_kind& kind : worker_kinds())
        if (plan.starts(kind.name)) words.insert(kind.name);
    return words;
}

/// Seeds are unsigned there.
std::string seed_text(std::int64_t seed) {
    return std::to_string(static_cast<std::uint64_t>(seed)) + (seed < 0 ? "u" : "");
}

} // namespace

cpp_writer::cpp_writer(const scenario& s)
    : plan_(plan_of(s)), names_(code_names::style::snake, reserved(plan_)) {}

std::string cpp_writer::program() {
    name_all();
    line("const ctx::context root = ctx::background({.clock = scheduler->time(), .scheduler = scheduler, "
         ".observer = {}, .sibling_seed = " +
         seed_text(plan_.seed) + "});");
    for (const std::string& channel : plan_.channels)
        line("const ctx::chan<int> " + channels_.at(channel) + "(0);");
    for (const code_step& s : plan_.steps) write(s);
    write_waits();
    write_reports();
    return head() + functions() + "\nctx::task<> scenario() {\n" + main_ +
           (!waits_ ? "    co_return;\n}\n" : "}\n") + tail();
}

void cpp_writer::name_all() {
    for (const std::string& key : plan_.keys) keys_[key] = names_.make(key + " key", "key");
    for (const code_context& c : plan_.contexts) {
        const bool derived = c.made.kind != context_kind::after_func;
        variables_.push_back(names_.make(c.words, derived ? "c" : "callback"));
        cancels_.push_back(derived && owns_done(c.made.kind) ? names_.make("cancel", variables_.back(), "c")
                                                             : "");
    }
    for (const std::string& channel : plan_.channels) channels_[channel] = names_.make(channel, "ch");
}

void cpp_writer::line(const std::string& text) {
    waits_ = waits_ || text.starts_with("co_await");
    main_ += text.empty() ? "\n" : "    " + text + '\n';
}

void cpp_writer::write_waits() {
    line("");
    if (plan_.may_stay())
        line("co_await wait_until(" +
             std::to_string(std::chrono::ceil<std::chrono::seconds>(plan_.horizon).count() + 1) + "s);");
    else if (!plan_.workers.empty())
        line("co_await workers.waiting();");
    for (std::size_t i = 0; i < plan_.contexts.size(); ++i)
        if (plan_.waits_for(i)) line("co_await ctx::select(ctx::recv(" + variables_[i] + ".done()));");
    if (plan_.derives(context_kind::after_func)) line("co_await registration::settle();");
}

void cpp_writer::write_reports() {
    for (const code_worker& w : plan_.workers)
        if (!w.ends) line("report_worker(" + code_literal(w.label) + ");");
    for (std::size_t i = 0; i < plan_.contexts.size(); ++i) {
        const code_context& c = plan_.contexts[i];
        const std::string label = code_literal(c.label);
        if (c.made.kind == context_kind::after_func)
            line(variables_[i] + ".report(" + label + ");");
        else
            line("report(" + label + ", " + variables_[i] + ");");
    }
}

std::string cpp_writer::head() const {
    std::string text = code_comment(plan_.title);
    if (const std::string more = code_comment(plan_.description); !more.empty()) text += "//\n" + more;
    text += "//\n" + code_comment("Scenario " + plan_.name +
                                  " of ctxlab. In CMake: find_package(ctx CONFIG REQUIRED) and "
                                  "target_link_libraries(... PRIVATE ctx::ctx); without it:");
    text += "//     g++ -std=c++20 main.cpp $(pkg-config --cflags --libs ctx)\n";
    text += code_comment("It runs in virtual time and ends at once; with --real it takes its time.");
    text += "#include <ctx/ctx.h>\n\n";
    for (const char* header :
         {"algorithm", "chrono", "cstdio", "functional", "set", "string", "string_view", "vector"})
        text += "#include <" + std::string(header) + ">\n";
    return text;
}

std::string cpp_writer::functions() const {
    using namespace cpp_parts;
    std::string text = "\nusing namespace std::chrono_literals;\n\nnamespace {\n";
    text += common();
    if (now_.count() > 0) text += at();
    if (!plan_.contexts.empty() || plan_.starts("fanout")) text += report();
    if (!plan_.workers.empty()) text += plan_.may_stay() ? workers_that_may_stay() : workers();
    if (plan_.starts("producer") || plan_.starts("consumer")) text += pause();
    for (const worker_kind& kind : worker_kinds())
        if (plan_.starts(kind.name)) text += worker(kind.name);
    if (plan_.looks_up()) text += look_up();
    if (plan_.derives(context_kind::after_func)) text += registrations();
    if (!plan_.keys.empty()) text += '\n';
    for (const std::string& key : plan_.keys)
        text += "const ctx::key<std::string> " + keys_.at(key) + "{" + code_literal(key) + "};\n";
    return text;
}

std::string cpp_writer::tail() const {
    const auto longest =
        std::max(std::chrono::ceil<std::chrono::hours>(plan_.horizon), std::chrono::hours(1));
    return R"(
} // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--real") {
        ctx::pool_scheduler pool(1);
        scheduler = &pool;
        began = pool.time()->now();
        const ctx::wait_group all;
        all.go(pool, scenario);
        all.wait();
    } else {
        const auto time = std::make_shared<ctx::virtual_clock>();
        ctx::step_scheduler steps(time, )" +
           seed_text(plan_.seed) + R"();
        scheduler = &steps;
        ctx::go(steps, scenario);
        steps.run_until(ctx::time_point()" +
           std::to_string(longest.count()) + R"(h));
    }
}
)";
}

std::string to_cpp(const scenario& s) {
    if (s.needs_sockets())
        throw input_error(s.name +
                          ": sends HTTP requests, and ctx alone has no HTTP: expected a scenario without "
                          "requests, or go as the language");
    return cpp_writer(s).program();
}

} // namespace lab
