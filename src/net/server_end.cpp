// SPDX-License-Identifier: MIT
#include "net/server_impl.h"

#include "ctx/after_func.h"

#include <algorithm>

/// The three ways to end a server: shutdown waits, close does not, stop cancels and joins.
namespace net {
namespace {

using namespace std::chrono_literals;

// How long handlers may still answer after the server was told to stop.
constexpr auto last_words = 400ms;

} // namespace

void server::impl::stop_listening() {
    const std::lock_guard one_at_a_time(closing);
    {
        const std::lock_guard lock(mutex);
        stopping = true;
        wake.ring();
    }
    if (!acceptor.joinable()) return;
    acceptor.join();
    listening = file_descriptor();
}

void server::impl::call_on_shutdown() {
    const std::lock_guard lock(mutex);
    if (std::exchange(shut_down, true)) return;
    for (const auto& f : on_shutdown) callbacks.emplace_back(f);
}

/// Nobody is left but those who took their connection with them.
bool server::impl::is_quiet() const {
    return std::all_of(guests.begin(), guests.end(), [](const guest& g) { return g.on.is_hijacked(); });
}

ctx::error server::impl::shutdown(const ctx::context& c) {
    stop_listening();
    call_on_shutdown();
    const ctx::chan<ctx::empty> told(0);
    const ctx::stop_func stop = ctx::after_func(c, [this, told] {
        {
            const std::lock_guard lock(mutex);
            one_less.notify_all();
        }
        told.close();
    });
    ctx::error why;
    {
        std::unique_lock lock(mutex);
        for (guest& g : guests) g.on.finish();
        one_less.wait(lock, [&] { return is_quiet() || c.err(); });
        if (!is_quiet()) why = c.err();
    }
    if (!stop() && c.err()) told.receiver().wait(); // it uses this server
    return why;
}

void server::impl::close() {
    stop_listening();
    const std::lock_guard lock(mutex);
    for (guest& g : guests) g.on.cut();
}

/// Before anything else: what the sockets say afterwards is not the clients' leaving. A cancel may take long,
/// so none is done under a lock.
void server::impl::end_requests() {
    std::vector<std::shared_ptr<request_life>> lives;
    {
        const std::lock_guard lock(mutex);
        for (guest& g : guests) lives.push_back(g.on.interrupt());
    }
    for (const auto& life : lives)
        if (life) life->end();
}

void server::impl::stop() {
    stop_listening();
    end_requests();
    {
        std::unique_lock lock(mutex);
        for (guest& g : guests) g.on.stop_reading();
        one_less.wait_for(lock, last_words, [this] { return guests.empty(); });
        for (guest& g : guests) g.on.cut();
        one_less.wait(lock, [this] { return guests.empty(); });
    }
    join_finished();
    std::vector<std::thread> called;
    {
        const std::lock_guard lock(mutex);
        called.swap(callbacks);
    }
    for (std::thread& t : called) t.join();
}

} // namespace net
