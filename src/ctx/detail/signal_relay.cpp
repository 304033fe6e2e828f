// SPDX-License-Identifier: MIT
#include "ctx/detail/signal_relay.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace ctx::detail {

namespace {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may use nothing else");

// What the handler finds its relay by; set before the first handler is installed.
std::atomic<signal_relay*> relay{nullptr};

std::system_error refused(const char* what) {
    return {errno, std::generic_category(), std::string("ctx::notify_context: ") + what};
}

int make_wake() {
    const int fd = eventfd(0, EFD_CLOEXEC);
    if (fd < 0) throw refused("eventfd");
    return fd;
}

} // namespace

signal_relay::signal_relay() : wake_(make_wake()) {}

signal_relay& signal_relay::instance() {
    static auto* const only = [] {
        auto* const made = new signal_relay;
        relay.store(made, std::memory_order_release);
        return made;
    }();
    return *only;
}

void signal_relay::handle(int signal) {
    const int kept = errno;
    signal_relay& self = *relay.load(std::memory_order_acquire);
    self.pending_[static_cast<std::size_t>(signal)].store(true, std::memory_order_release);
    // Adding one to an eventfd blocks only at 2^64 - 2.
    (void)eventfd_write(self.wake_, 1);
    errno = kept;
}

void signal_relay::add(const std::vector<int>& wanted, std::shared_ptr<listener> l) {
    const std::lock_guard lock(mutex_);
    start();
    std::size_t done = 0;
    try {
        for (; done < wanted.size(); ++done) take(wanted[done]);
        entries_.push_back({std::move(l), wanted});
    } catch (...) {
        while (done-- > 0) give_back(wanted[done]);
        throw;
    }
}

void signal_relay::remove(const std::shared_ptr<listener>& l) {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(entries_, l, &entry::who);
    if (at == entries_.end()) return;
    for (const int s : at->wanted) give_back(s);
    entries_.erase(at);
}

void signal_relay::take(int signal) {
    disposition& d = taken_[static_cast<std::size_t>(signal)];
    if (d.users == 0) {
        // What came in the last moment of an earlier listener is not for the next one.
        pending_[static_cast<std::size_t>(signal)].store(false, std::memory_order_relaxed);
        struct sigaction own {};
        own.sa_handler = &signal_relay::handle;
        own.sa_flags = SA_RESTART; // system calls of the program go on
        sigfillset(&own.sa_mask);
        if (sigaction(signal, &own, &d.before) != 0) throw refused("sigaction");
    }
    ++d.users;
}

void signal_relay::give_back(int signal) noexcept {
    disposition& d = taken_[static_cast<std::size_t>(signal)];
    if (--d.users == 0) sigaction(signal, &d.before, nullptr);
}

void signal_relay::start() {
    if (started_) return;
    // The thread takes no signals itself: they go to the program's own threads, as without it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct restore {
        const sigset_t& mask;
        ~restore() { pthread_sigmask(SIG_SETMASK, &mask, nullptr); }
    } const at_the_end{before};
    std::thread([this] { run(); }).detach(); // lives as long as the process. CTX-307
    started_ = true;
}

void signal_relay::run() {
    for (;;) {
        eventfd_t seen = 0;
        while (eventfd_read(wake_, &seen) != 0) {
        }
        for (int s = 1; s < count; ++s) tell(s);
    }
}

void signal_relay::tell(int signal) {
    std::vector<std::shared_ptr<listener>> who;
    {
        const std::lock_guard lock(mutex_);
        if (!pending_[static_cast<std::size_t>(signal)].exchange(false, std::memory_order_acq_rel)) return;
        for (const entry& e : entries_)
            if (std::ranges::count(e.wanted, signal) > 0) who.push_back(e.who);
    }
    for (const auto& l : who) l->received(signal);
}

} // namespace ctx::detail
