// SPDX-License-Identifier: MIT
#pragma once

#include "explore/fibers.h"
#include "explore/operation.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Runs a program of several threads in one thread, and asks somebody else at each operation who goes on.
namespace explore {

using pending_operations = std::array<operation, max_threads>;

/// Decides a run.
class chooser {
  public:
    virtual ~chooser() = default;
    static constexpr thread_id nobody = max_threads;
    /// Which of the threads does its pending operation; nobody: this run is not worth its end.
    virtual thread_id next(mask enabled, const pending_operations& pending) = 0;
    /// `maker` has added a thread; nobody: the main thread has, when no other was left.
    virtual void began(thread_id t, thread_id maker) = 0;
    /// A choice between 0 and n - 1 that the running operation has.
    virtual unsigned choose(unsigned n) = 0;
};

class engine {
  public:
    static engine& instance();

    enum class end : std::uint8_t { finished, abandoned, failed };
    /// One run of `program`, from its beginning. After `failed`, complaint() says why.
    end run(const std::function<void()>& program, chooser& who);
    const std::string& complaint() const noexcept { return complaint_; }

    // For the instruments:

    /// Threads are running, and the caller is one of them.
    bool concurrent() const noexcept;
    bool running() const noexcept { return who_ != nullptr; }
    thread_id self() const noexcept { return stacks_.current(); }
    /// Returns when the caller may do `o`.
    void point(operation o);
    unsigned choose(unsigned n);
    /// The calling thread waits at `object` for a notification; its next operation is possible after that.
    void park(const std::byte* object);
    const bool* parked() const noexcept { return &threads_[self()].parked; }
    void unpark(const std::byte* object, bool all);
    /// True once for each thread in some runs: its weak compare and swap fails for nothing.
    bool fails_for_nothing();
    /// The calling thread's next operation waits until what it loaded last was changed.
    void yield();
    /// The calling thread's own value under `key`; made by `make` when it is first asked for.
    void* local(const void* key, void* (*make)(), void (*destroy)(void*));
    void give_back(void* block);
    [[noreturn]] void fail(const std::string& why);

    // For the programs:

    /// Adds a thread. It runs during together().
    void spawn(std::function<void()> body);
    /// Runs these threads, and those that were spawned, to their ends. For the program's main thread.
    void together(std::vector<std::function<void()>> bodies);

  private:
    static constexpr thread_id main_thread = max_threads;
    static constexpr int too_many_steps = 20000;

    struct local_value {
        const void* key;
        void* value;
        void (*destroy)(void*);
    };
    struct thread {
        std::function<void()> body;
        bool live = false;
        bool parked = false;
        const std::byte* parked_at = nullptr;
        const std::byte* loaded = nullptr; // last
        bool unchanged = false;            // since then
        bool stale = false;                // yielded, and still unchanged
        bool failed_for_nothing = false;
        std::vector<local_value> locals;
    };

    engine();
    void run_main();
    void run_thread();
    void drop_locals();
    void start_over();
    /// Lets somebody go on; returns when it is the caller's turn again.
    void switch_thread();
    void take_effect(thread_id by, const operation& o);
    mask enabled() const noexcept;
    std::string deadlock() const;
    static void entry();
    static void crashed(int signal);

    fibers stacks_;
    std::array<thread, max_threads + 1> threads_; // the last one is the main thread
    pending_operations pending_;
    thread_id count_ = 0;
    thread_id live_ = 0;
    int steps_ = 0;
    chooser* who_ = nullptr;
    const std::function<void()>* program_ = nullptr;
    end end_ = end::finished;
    std::string complaint_;
};

/// Ends the run with `why` unless `held`.
void check(bool held, const char* why);
inline void together(std::vector<std::function<void()>> bodies) {
    engine::instance().together(std::move(bodies));
}
/// What operator delete does with memory of the arena.
void freed(void* block) noexcept;

} // namespace explore
