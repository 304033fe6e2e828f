// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

#include <csignal>
#include <initializer_list>
#include <memory>
#include <string>

/// A context that is done when the process gets a signal (Go: os/signal.NotifyContext, as of 1.26). POSIX.
///
///     int main() {
///         auto [c, stop] = ctx::notify_context(ctx::background(), {SIGINT, SIGTERM});
///         serve(c);                                      // Ctrl+C: c is done, serve comes back
///         std::puts(ctx::cause(c).text().c_str());       // interrupt signal received
///         stop();                                        // from here on Ctrl+C ends the process again
///     }
///
/// Err is `canceled`; the cause names the signal and matches `canceled` (VER-7). From the call until stop()
/// the signals do nothing else: a second one is swallowed, also when the context is done for another reason.
/// Several contexts may wait for the same signal: each of them is done by it; the former behaviour of a
/// signal comes back with the last stop() that frees it (CTX-340).
///
/// How: the signal handler sets a flag and writes to an eventfd, both of which are allowed there; a thread
/// that is started by the first notify_context of the process, and sleeps otherwise, cancels the contexts. A
/// program that sets a handler for the same signal meanwhile takes it away from the contexts. After a fork()
/// without exec the child has the handlers but not the thread.
///
/// Thread safety: everything may be called from any thread, nothing from a signal handler. Lifetime: until
/// stop() is called the library keeps the context alive; dropping handles stops nothing.
namespace ctx {

struct notified;

/// Cancels the context, and gives its signals back (Go: the stop function of NotifyContext).
class notify_stop {
  public:
    /// Does nothing.
    notify_stop() noexcept = default;
    /// As often as you like. When it returns the context is done, and, if nobody else waits for a signal,
    /// that signal does what it did before.
    void operator()(call_site where = call_site::current()) const;

  private:
    friend notified notify_context(const context& parent, std::initializer_list<int> which, call_site where);
    class registration;
    std::shared_ptr<registration> registration_;
};

struct [[nodiscard]] notified {
    ctx::context context;
    notify_stop stop;
};

/// Go: signal.NotifyContext. Named `signal.NotifyContext(`parent`, [`names`])`.
/// Throws std::invalid_argument if there is no signal in the list (Go would take all of them), and for one
/// that a program cannot wait for: SIGKILL and SIGSTOP, which never arrive (Go ignores the wish), and
/// SIGSEGV, SIGBUS, SIGFPE and SIGILL, which report an error of the program. Throws std::system_error if the
/// system refuses.
notified notify_context(const context& parent, std::initializer_list<int> which,
                        call_site where = call_site::current());

/// Go: Signal.String: `interrupt`, `terminated`; `signal 34` for one without a name.
std::string signal_name(int signal);

} // namespace ctx
