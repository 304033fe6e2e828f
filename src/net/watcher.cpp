// SPDX-License-Identifier: MIT
#include "net/watcher.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace net {

watcher::watcher() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.u64 = 0; // no connection has this id
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_.fd(), &e) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    thread_ = std::thread([this] { run(); });
}

watcher::~watcher() {
    stop_.ring();
    thread_.join();
}

std::uint64_t watcher::watch(int socket, std::function<void()> left, bool until_data) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = ++last_id_;
    entries_.emplace(
        id, entry{socket, until_data, std::make_shared<const std::function<void()>>(std::move(left))});
    epoll_event e{};
    e.events = EPOLLRDHUP | EPOLLONESHOT; // an error or a hang-up is reported unasked
    if (until_data) e.events |= EPOLLIN;
    e.data.u64 = id;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &e) != 0) {
        const int error = errno;
        entries_.erase(id);
        throw std::system_error(error, std::generic_category(), "epoll_ctl");
    }
    return id;
}

void watcher::forget(std::uint64_t id) {
    entry gone; // dropped after the lock
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, at->second.socket, nullptr);
    gone = std::move(at->second);
    entries_.erase(at);
}

void watcher::peer_left(std::uint64_t id) {
    std::shared_ptr<const std::function<void()>> left;
    {
        const std::lock_guard lock(mutex_);
        const auto at = entries_.find(id);
        char c = 0;
        if (at != entries_.end() &&
            !(at->second.until_data && ::recv(at->second.socket, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0))
            left = at->second.left;
    }
    if (left) (*left)();
}

void watcher::run() {
    std::array<epoll_event, 64> events{};
    for (;;) {
        const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            if (events[static_cast<std::size_t>(i)].data.u64 == 0) return;
            peer_left(events[static_cast<std::size_t>(i)].data.u64);
        }
    }
}

} // namespace net
