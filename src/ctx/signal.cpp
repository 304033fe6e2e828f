// SPDX-License-Identifier: MIT
#include "ctx/signal.h"

#include "ctx/cancel.h"
#include "ctx/detail/forwarding.h"
#include "ctx/detail/signal_relay.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace ctx {
namespace {

/// Go: signalError. It matches `canceled` but is not it.
class signal_error final : public error_object {
  public:
    explicit signal_error(int signal) : signal_(signal) {}
    std::string text() const override { return signal_name(signal_) + " signal received"; }
    error unwrap() const noexcept override { return canceled; }
    std::error_code code() const noexcept override { return canceled; }

  private:
    const int signal_;
};

class signal_context final : public detail::forwarding {
  public:
    signal_context(context inner, const std::vector<int>& wanted) : forwarding(std::move(inner)) {
        for (const int s : wanted) names_ += (names_.empty() ? "" : " ") + signal_name(s);
    }
    std::string string() const override {
        constexpr std::string_view own = ".WithCancel";
        std::string parent = inner_.string();
        parent.resize(parent.size() - own.size());
        return "signal.NotifyContext(" + parent + ", [" + names_ + "])";
    }

  private:
    std::string names_;
};

void check(const std::vector<int>& wanted) {
    if (wanted.empty())
        throw std::invalid_argument("ctx::notify_context: name at least one signal to wait for");
    constexpr std::array never{SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (const int s : wanted)
        if (s < 1 || s >= detail::signal_relay::count || std::ranges::count(never, s) > 0)
            throw std::invalid_argument("ctx::notify_context: nobody can wait for signal " +
                                        std::to_string(s) + " (" + signal_name(s) + ")");
}

} // namespace

class notify_stop::registration final : public detail::signal_relay::listener {
  public:
    explicit registration(cancel_cause_func cancel) : cancel_(std::move(cancel)) {}

    void received(int signal) override { cancel_(error::make<signal_error>(signal)); }
    void cancel(call_site where) const { cancel_({}, where); }

  private:
    const cancel_cause_func cancel_;
};

void notify_stop::operator()(call_site where) const {
    if (!registration_) return;
    registration_->cancel(where);
    detail::signal_relay::instance().remove(registration_);
}

notified notify_context(const context& parent, std::initializer_list<int> which, call_site where) {
    const std::vector<int> all(which);
    check(all);
    const cause_cancelable inner = with_cancel_cause(parent, where);
    notified made{context(std::make_shared<signal_context>(inner.context, all), parent, where), {}};
    made.stop.registration_ = std::make_shared<notify_stop::registration>(inner.cancel);
    detail::signal_relay::instance().add(all, made.stop.registration_);
    return made;
}

std::string signal_name(int signal) {
    static constexpr std::array<std::string_view, 32> names{
        "",
        "hangup",
        "interrupt",
        "quit",
        "illegal instruction",
        "trace/breakpoint trap",
        "aborted",
        "bus error",
        "floating point exception",
        "killed",
        "user defined signal 1",
        "segmentation fault",
        "user defined signal 2",
        "broken pipe",
        "alarm clock",
        "terminated",
        "stack fault",
        "child exited",
        "continued",
        "stopped (signal)",
        "stopped",
        "stopped (tty input)",
        "stopped (tty output)",
        "urgent I/O condition",
        "CPU time limit exceeded",
        "file size limit exceeded",
        "virtual timer expired",
        "profiling timer expired",
        "window changed",
        "I/O possible",
        "power failure",
        "bad system call",
    };
    if (signal > 0 && static_cast<std::size_t>(signal) < names.size())
        return std::string(names[static_cast<std::size_t>(signal)]);
    return "signal " + std::to_string(signal);
}

} // namespace ctx
