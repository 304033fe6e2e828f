// SPDX-License-Identifier: MIT
#include "explore/engine.h"

#include "explore/arena.h"

#include <csignal>
#include <cstdlib>
#include <exception>

namespace explore {

const char* name_of(action a) noexcept {
    constexpr const char* names[] = {"begins",  "loads",    "changes",  "locks",
                                     "unlocks", "waits at", "notifies", "destroys"};
    return names[static_cast<std::size_t>(a)];
}

engine& engine::instance() {
    static engine* const one = new engine;
    return *one;
}

engine::engine() {
    static std::byte signal_stack[64 * 1024];
    stack_t alternative{};
    alternative.ss_sp = signal_stack;
    alternative.ss_size = sizeof signal_stack;
    sigaltstack(&alternative, nullptr);
    struct sigaction action {};
    action.sa_handler = crashed;
    action.sa_flags = SA_ONSTACK | SA_NODEFER;
    for (const int s : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT}) sigaction(s, &action, nullptr);
}

void engine::crashed(int signal) {
    if (engine& e = instance(); e.running()) e.fail("a crash (signal " + std::to_string(signal) + ")");
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void engine::start_over() {
    arena::reset();
    for (thread& t : threads_) {
        t.body = nullptr;
        t.live = t.parked = t.unchanged = t.stale = t.failed_for_nothing = false;
        t.parked_at = t.loaded = nullptr;
        t.locals.clear();
    }
    pending_.fill({});
    count_ = live_ = 0;
    steps_ = 0;
    end_ = end::finished;
}

engine::end engine::run(const std::function<void()>& program, chooser& who) {
    start_over();
    program_ = &program;
    who_ = &who;
    const std::terminate_handler before =
        std::set_terminate([] { instance().fail("std::terminate, or an exception nobody caught"); });
    stacks_.enter(main_thread, entry);
    arena::set_in_use(false);
    std::set_terminate(before);
    who_ = nullptr;
    return end_;
}

void engine::entry() {
    engine& e = instance();
    e.self() == main_thread ? e.run_main() : e.run_thread();
}

void engine::run_main() {
    {
        const arena::use on(true);
        (*program_)();
        drop_locals();
    }
    if (live_ > 0) fail("the program ended before its threads");
    if (const auto c = arena::complaint()) fail(*c);
    stacks_.leave();
}

void engine::run_thread() {
    thread& me = threads_[self()];
    {
        const arena::use on(true);
        me.body();
        me.body = nullptr;
        drop_locals();
    }
    me.live = false;
    pending_[self()] = {};
    --live_;
    switch_thread();
    std::abort(); // nobody comes back to a thread that has ended
}

void engine::drop_locals() {
    auto& locals = threads_[self()].locals;
    while (!locals.empty()) {
        const local_value v = locals.back();
        locals.pop_back();
        v.destroy(v.value);
    }
}

bool engine::concurrent() const noexcept {
    return who_ && self() < main_thread;
}

mask engine::enabled() const noexcept {
    mask m = 0;
    for (thread_id t = 0; t < count_; ++t)
        if (threads_[t].live && pending_[t].enabled()) m |= bit(t);
    return m;
}

void engine::point(operation o) {
    if (!concurrent()) {
        if (who_ && !o.enabled()) fail("the main thread would block for ever");
        return;
    }
    const arena::use outside(false);
    thread& me = threads_[self()];
    if (me.stale) o.shut = &me.stale;
    pending_[self()] = o;
    switch_thread();
}

void engine::switch_thread() {
    const mask able = enabled();
    if (!able) {
        if (live_ > 0) fail(deadlock());
        stacks_.go(main_thread, entry);
        return;
    }
    const thread_id t = who_->next(able, pending_);
    if (t == chooser::nobody) {
        end_ = end::abandoned;
        stacks_.leave();
    }
    if (++steps_ > too_many_steps) fail("no end after " + std::to_string(too_many_steps) + " steps");
    take_effect(t, pending_[t]);
    stacks_.go(t, entry);
}

void engine::take_effect(thread_id by, const operation& o) {
    for (thread_id t = 0; t < count_; ++t) {
        thread& other = threads_[t];
        if (t == by || !other.live) continue;
        if (!o.reads_only() && other.loaded && o.concerns(other.loaded))
            other.unchanged = other.stale = false;
        if (o.what == action::destroy && pending_[t].object && o.concerns(pending_[t].object) &&
            !pending_[t].enabled())
            fail("something is destroyed while thread " + std::to_string(t + 1) + " waits for it");
    }
    if (o.reads_only()) {
        threads_[by].loaded = o.object;
        threads_[by].unchanged = true;
    }
}

unsigned engine::choose(unsigned n) {
    if (!concurrent() || n < 2) return 0;
    const arena::use outside(false);
    return who_->choose(n);
}

void engine::park(const std::byte* object) {
    threads_[self()].parked = true;
    threads_[self()].parked_at = object;
}

void engine::unpark(const std::byte* object, bool all) {
    std::array<thread_id, max_threads> waiting{};
    unsigned n = 0;
    for (thread_id t = 0; t < count_; ++t)
        if (threads_[t].live && threads_[t].parked && threads_[t].parked_at == object) waiting[n++] = t;
    if (n == 0) return;
    if (!all) {
        threads_[waiting[choose(n)]].parked = false;
        return;
    }
    for (unsigned i = 0; i < n; ++i) threads_[waiting[i]].parked = false;
}

bool engine::fails_for_nothing() {
    if (!concurrent() || threads_[self()].failed_for_nothing) return false;
    return threads_[self()].failed_for_nothing = choose(2) == 1;
}

void engine::yield() {
    if (concurrent()) threads_[self()].stale = threads_[self()].unchanged;
}

void* engine::local(const void* key, void* (*make)(), void (*destroy)(void*)) {
    auto& locals = threads_[self()].locals;
    for (const local_value& v : locals)
        if (v.key == key) return v.value;
    void* const value = make(); // in the arena
    const arena::use outside(false);
    locals.push_back({key, value, destroy});
    return value;
}

void engine::give_back(void* block) {
    if (concurrent() && arena::holds_instruments(block))
        point({.what = action::destroy,
               .object = static_cast<const std::byte*>(block),
               .size = arena::size_of(block)});
    if (!arena::give_back(block)) fail("a block is freed twice");
}

void engine::fail(const std::string& why) {
    arena::set_in_use(false);
    if (end_ != end::failed) complaint_.assign(why.data(), why.size()); // not from the arena
    end_ = end::failed;
    stacks_.leave();
}

void engine::spawn(std::function<void()> body) {
    const arena::use outside(false);
    if (count_ == max_threads) fail("more than " + std::to_string(max_threads) + " threads");
    threads_[count_].body = std::move(body);
    threads_[count_].live = true;
    pending_[count_] = {};
    who_->began(count_, self());
    ++count_;
    ++live_;
}

void engine::together(std::vector<std::function<void()>> bodies) {
    for (auto& b : bodies) spawn(std::move(b));
    bodies.clear();
    const arena::use outside(false);
    if (live_ > 0) switch_thread();
}

std::string engine::deadlock() const {
    std::string out = "a deadlock:";
    for (thread_id t = 0; t < count_; ++t)
        if (threads_[t].live)
            out += " thread " + std::to_string(t + 1) +
                   (pending_[t].what == action::lock ? " waits for a lock;" : " waits to be woken;");
    return out;
}

void check(bool held, const char* why) {
    if (!held) engine::instance().fail(why);
}

void freed(void* block) noexcept {
    engine& e = engine::instance();
    if (e.running()) e.give_back(block);
}

} // namespace explore
