// SPDX-License-Identifier: MIT
#pragma once

#include "net/connection.h"
#include "net/engine.h"
#include "net/server.h"
#include "net/watcher.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace net {

struct server::impl {
    struct guest {
        connection on;
        std::thread thread;
        bool turned_away = false;
        template <class... A>
        explicit guest(bool away, A&&... a) : on(std::forward<A>(a)...), turned_away(away) {}
    };

    impl(server& self, server_options o, handler h);
    ~impl() { stop(); }

    void accept_all();
    void welcome(file_descriptor fd);
    void run(std::list<guest>::iterator g);
    void join_finished();
    void stop_listening();
    void call_on_shutdown();
    bool is_quiet() const;
    ctx::error shutdown(const ctx::context& c);
    void close();
    void end_requests();
    void stop();

    const server_options options;
    file_descriptor listening;
    const endpoint bound;
    watcher leaving;
    engine by;
    wake_up wake;
    std::mutex closing; // held by whoever ends the acceptor; taken before mutex
    std::mutex mutex;   // leaf lock, but for the connections' own
    std::condition_variable one_less;
    std::list<guest> guests;   // guarded by mutex, like what follows; each belongs to its thread
    std::list<guest> finished; // waiting to be joined
    int served = 0, turned_away = 0;
    bool stopping = false; // no further connection
    bool shut_down = false;
    std::vector<std::function<void()>> on_shutdown;
    std::vector<std::thread> callbacks;
    const surroundings around;
    std::thread acceptor; // last: it uses all of the above
};

} // namespace net
