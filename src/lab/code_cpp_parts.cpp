// SPDX-License-Identifier: MIT
#include "lab/code_cpp_parts.h"

namespace lab::cpp_parts {

std::string_view common() {
    return R"cpp(
ctx::scheduler* scheduler = nullptr; // runs the workers
ctx::time_point began;

/// Prints a line, after the time.
void say(const std::string& what) {
    const std::chrono::duration<double> t = scheduler->time()->now() - began;
    std::printf("[%6.3fs] %s\n", t.count(), what.c_str());
}
)cpp";
}

std::string_view at() {
    return R"cpp(
/// Waits until so much time has gone by since the program began.
ctx::task<> at(ctx::duration t) {
    const ctx::timer timer(began + t - scheduler->time()->now());
    co_await ctx::select(ctx::recv(timer.channel()));
}
)cpp";
}

std::string_view report() {
    return R"cpp(
/// Says how a context ended, if it did, and why.
void report(const std::string& name, const ctx::context& c) {
    const ctx::error err = c.err();
    const ctx::error cause = ctx::cause(c);
    std::string how = err ? err.text() : "active";
    if (err != cause) how += " (cause: " + cause.text() + ")";
    say("context \"" + name + "\": " + how);
}
)cpp";
}

std::string_view workers() {
    return R"cpp(
using reason = ctx::task<std::string>; // a worker: gives the reason why it exits
const ctx::wait_group workers;

ctx::task<> shown(std::string name, reason work) {
    const std::string why = co_await std::move(work);
    say("worker \"" + name + "\": " + why);
}

/// Runs a worker, and says why it exits.
void start(const std::string& name, reason work) {
    workers.go(*scheduler, shown, name, std::move(work));
}
)cpp";
}

std::string_view workers_that_may_stay() {
    return R"cpp(
using reason = ctx::task<std::string>; // a worker: gives the reason why it exits
const ctx::wait_group workers;
std::set<std::string> here; // the names of those that have not exited

ctx::task<> shown(std::string name, reason work) {
    const std::string why = co_await std::move(work);
    if (here.erase(name) == 0) co_return; // it has been reported, the program is over
    say("worker \"" + name + "\": " + why);
}

/// Runs a worker, and says why it exits.
void start(const std::string& name, reason work) {
    here.insert(name);
    workers.go(*scheduler, shown, name, std::move(work));
}

/// Waits for the workers, but not for ever: some have a context that nobody ends.
ctx::task<> wait_until(ctx::duration t) {
    const ctx::timer patience(began + t - scheduler->time()->now());
    co_await ctx::select(ctx::recv(workers.zero()), ctx::recv(patience.channel()));
}

void report_worker(const std::string& name) {
    if (here.erase(name) > 0) say("worker \"" + name + "\": still there");
}
)cpp";
}

std::string_view look_up() {
    return R"cpp(
/// Asks a context for a value.
void look_up(const std::string& name, const ctx::context& c, const ctx::key<std::string>& key, const std::string& word) {
    const std::string* v = c.value(key);
    say("value \"" + word + "\" of \"" + name + "\": " + (v ? *v : "none"));
}
)cpp";
}

std::string_view registrations() {
    return R"cpp(
/// An after_func of which one can tell what became of it.
class registration {
  public:
    registration(const ctx::context& c, std::function<void()> f)
        : context_(c), take_(ctx::after_func(c, [f, ran = ran_] {
              f();
              ran.close();
          })) {
        all().push_back(this);
    }
    void stop() { stopped_ = take_() || stopped_; }
    void report(const std::string& name) const {
        say("after_func \"" + name + "\": " + (stopped_ ? "stopped" : context_.err() ? "ran" : "waits"));
    }

    /// Waits for the callbacks of what is done; one may end what another one waits for.
    static ctx::task<> settle() {
        for (std::size_t rounds = all().size(); rounds > 0; --rounds)
            for (const registration* r : all()) {
                if (!r->context_.err() || r->stopped_) continue;
                co_await ctx::select(ctx::recv(r->ran_));
            }
    }

  private:
    static std::vector<registration*>& all() {
        static std::vector<registration*> list;
        return list;
    }
    ctx::context context_;
    ctx::chan<ctx::empty> ran_{0}; // closed by the callback
    ctx::stop_func take_;
    bool stopped_ = false;
};
)cpp";
}

std::string_view pause() {
    return R"cpp(
/// Waits for so long, or less: false says that the context is done.
ctx::task<bool> pause(ctx::context c, ctx::duration d) {
    if (d <= 0s) co_return true;
    const ctx::timer timer(d);
    const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    co_return first == 0;
}
)cpp";
}

} // namespace lab::cpp_parts
