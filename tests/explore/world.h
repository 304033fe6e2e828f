// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"
#include "explore/search.h"

#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

/// Programs over the real library, and how a test runs all of them. A program makes its world anew in each
/// run.
namespace explore {

using namespace std::chrono_literals;

/// Gives each callback, and each step of a worker, a thread of the program.
class thread_scheduler final : public ctx::scheduler {
  public:
    explicit thread_scheduler(std::shared_ptr<ctx::clock> c) : ctx::scheduler(std::move(c)) {}
    void post(std::coroutine_handle<> h) override {
        engine::instance().spawn([this, h] {
            const running mark(*this);
            resume(h);
        });
    }
    void call(std::function<void()> f) override { engine::instance().spawn(std::move(f)); }
    std::uint64_t random() noexcept override { return engine::instance().choose(2); }
};

/// A tree on a clock that stands still.
struct world {
    explicit world(const std::shared_ptr<ctx::observer>& seen_by = {})
        : root(ctx::background(
              {.clock = clock, .scheduler = &threads, .observer = seen_by, .sibling_seed = {}})) {}

    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    thread_scheduler threads{clock};
    ctx::context root;
};

/// Counts contexts. One thread of a program runs at a time, so it needs no lock.
struct census final : ctx::observer {
    void created(const ctx::creation&) override { ++live; }
    void dropped(ctx::node_id) override { --live; }
    int live = 0;
};

enum class detail : std::uint8_t {
    usual,
    insides_of_locks, ///< small_mutex is not one indivisible lock, but what it is made of
    weak_failures     ///< a weak compare and swap may fail for nothing
};

struct explored_rule {
    const char* tag; ///< begins with the numbers of the rules that it shows
    void (*program)();
    int preemptions = no_bound;
    detail also = detail::usual;
};

/// The rows of a test.
void rules(std::initializer_list<explored_rule> all);
/// The test: runs the row's program in every order. CTX_EXPLORE_PREEMPTIONS=<n> (or `all`) sets another
/// bound; CTX_EXPLORE_SCHEDULE=<schedule> runs that one and tells what happens.
void explore_rule();

} // namespace explore

Q_DECLARE_METATYPE(explore::explored_rule)
