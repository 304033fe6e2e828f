// SPDX-License-Identifier: MIT
#include "net/server_impl.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace net {
namespace {

// Connections beyond the limit that are told so; more than these are just closed.
constexpr int most_turned_away = 64;

server_options checked(server_options o) {
    if (!is_loopback(o.address))
        throw listen_error("cannot listen on \"" + o.address +
                           "\": expected an address of this machine alone, such as 127.0.0.1");
    return o;
}

ctx::context base_of(const server_options& o, const endpoint& bound, server& self) {
    const ctx::context base = o.base_context ? o.base_context(bound) : ctx::background();
    return ctx::with_value(base, server_context_key, &self);
}

} // namespace

server::impl::impl(server& self, server_options o, handler h)
    : options(checked(std::move(o))), listening(listen_on(options.address, options.port)),
      bound(local_end(listening.get())),
      by(std::move(h), std::chrono::duration_cast<std::chrono::seconds>(options.idle_timeout)),
      around{options, bound, leaving, base_of(options, bound, self),
             [this] {
                 const std::lock_guard lock(mutex);
                 one_less.notify_all();
             }},
      acceptor([this] { accept_all(); }) {}

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
    const auto g = guests.emplace(guests.end(), away, std::move(fd), around);
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

server::server(server_options options, handler h)
    : impl_(std::make_unique<impl>(*this, std::move(options), std::move(h))) {}
server::~server() = default;
void server::stop() {
    impl_->stop();
}
ctx::error server::shutdown(const ctx::context& c) {
    return impl_->shutdown(c);
}
void server::close() {
    impl_->close();
}
void server::register_on_shutdown(std::function<void()> f) {
    const std::lock_guard lock(impl_->mutex);
    impl_->on_shutdown.push_back(std::move(f));
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
