// SPDX-License-Identifier: MIT
#include "net/server.h"

#include "net/connection.h"
#include "net/engine.h"
#include "net/watcher.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

namespace net {
namespace {

using namespace std::chrono_literals;

// Connections beyond the limit that are told so; more than these are just closed.
constexpr int most_turned_away = 64;
// How long handlers may still answer after the server was told to stop.
constexpr auto last_words = 400ms;

server_options checked(server_options o) {
    if (!is_loopback(o.address))
        throw listen_error("cannot listen on \"" + o.address +
                           "\": expected an address of this machine alone, such as 127.0.0.1");
    return o;
}

} // namespace

struct server::impl {
    struct guest {
        connection on;
        std::thread thread;
        bool turned_away = false;
        template <class... A>
        explicit guest(bool away, A&&... a) : on(std::forward<A>(a)...), turned_away(away) {}
    };

    impl(server_options o, handler h)
        : options(checked(std::move(o))), listening(listen_on(options.address, options.port)),
          bound(local_end(listening.get())),
          by(std::move(h), std::chrono::duration_cast<std::chrono::seconds>(options.idle_time)),
          acceptor([this] { accept_all(); }) {}

    void accept_all();
    void welcome(file_descriptor fd);
    void run(std::list<guest>::iterator g);
    void join_finished();
    void stop();

    const server_options options;
    file_descriptor listening;
    const endpoint bound;
    watcher leaving;
    engine by;
    wake_up wake;
    std::mutex mutex; // leaf lock, but for the connections' own
    std::condition_variable one_less;
    std::list<guest> guests;   // guarded by mutex, like what follows; each belongs to its thread
    std::list<guest> finished; // waiting to be joined
    int served = 0, turned_away = 0;
    bool stopping = false;
    std::thread acceptor; // last: it uses all of the above
};

void server::impl::accept_all() {
    bool out_of_files = false;
    for (;;) {
        pollfd p[2] = {{wake.fd(), POLLIN, 0}, {listening.get(), POLLIN, 0}};
        // Out of descriptors the listening socket stays readable: look again when somebody has left, or a
        // little later.
        ::poll(p, out_of_files ? 1 : 2, out_of_files ? 50 : -1);
        wake.drain();
        join_finished();
        {
            const std::lock_guard lock(mutex);
            if (stopping) return;
        }
        out_of_files = false;
        for (;;) {
            file_descriptor fd(::accept4(listening.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (!fd) {
                out_of_files = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
                break;
            }
            welcome(std::move(fd));
        }
    }
}

void server::impl::welcome(file_descriptor fd) {
    const std::lock_guard lock(mutex);
    if (stopping) return;
    const bool away = served >= options.max_connections;
    if (away && turned_away >= most_turned_away) return;
    const auto g = guests.emplace(guests.end(), away, std::move(fd), bound, options, leaving);
    try {
        g->thread = std::thread([this, g] { run(g); });
        ++(away ? turned_away : served);
    } catch (const std::system_error&) {
        guests.erase(g); // no thread can be had: closed without a word
    }
}

void server::impl::run(std::list<guest>::iterator g) {
    if (g->turned_away)
        g->on.turn_away(options.max_connections);
    else
        g->on.serve(by);
    const std::lock_guard lock(mutex);
    --(g->turned_away ? turned_away : served);
    finished.splice(finished.end(), guests, g);
    one_less.notify_all();
    wake.ring();
}

void server::impl::join_finished() {
    std::list<guest> gone;
    {
        const std::lock_guard lock(mutex);
        gone.swap(finished);
    }
    for (guest& g : gone) g.thread.join();
}

void server::impl::stop() {
    {
        const std::lock_guard lock(mutex);
        if (stopping) return;
        stopping = true;
        wake.ring();
    }
    acceptor.join();
    listening = file_descriptor();
    {
        std::unique_lock lock(mutex);
        for (guest& g : guests) g.on.interrupt();
        one_less.wait_for(lock, last_words, [this] { return guests.empty(); });
        for (guest& g : guests) g.on.cut();
        one_less.wait(lock, [this] { return guests.empty(); });
    }
    join_finished();
}

server::server(server_options options, handler h)
    : impl_(std::make_unique<impl>(std::move(options), std::move(h))) {}
server::~server() {
    stop();
}
void server::stop() {
    impl_->stop();
}
std::uint16_t server::port() const {
    return impl_->bound.port;
}
std::string server::url() const {
    return "http://" + impl_->bound.text();
}

std::size_t server::connections() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->guests.size();
}

} // namespace net
