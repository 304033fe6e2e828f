// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <vector>

namespace ctx::detail {

/// Brings signals from where they interrupt a thread to one of the library's own, which tells the listeners.
///
/// Thread safety: from any thread. Lock order: mutex_ is a leaf; listeners are called without it.
class signal_relay {
  public:
    static constexpr int count = 65; // Linux knows 1 to 64

    class listener {
      public:
        virtual ~listener() = default;
        virtual void received(int signal) = 0;
    };

    /// Never destroyed: signals may come while the process exits.
    static signal_relay& instance();

    /// Takes the signals over. Throws std::system_error, having taken none.
    void add(const std::vector<int>& wanted, std::shared_ptr<listener> l);
    /// Gives those back that nobody else listens to.
    void remove(const std::shared_ptr<listener>& l);

  private:
    struct entry {
        std::shared_ptr<listener> who;
        std::vector<int> wanted;
    };
    struct disposition {
        int users = 0;
        struct sigaction before {};
    };

    signal_relay();
    static void handle(int signal);
    void run();
    void start();
    /// If it is pending.
    void tell(int signal);
    void take(int signal);
    void give_back(int signal) noexcept;

    std::array<std::atomic<bool>, count> pending_{}; // set by the handler
    const int wake_;                                 // an eventfd: something is pending
    std::mutex mutex_;
    std::vector<entry> entries_;             // guarded by mutex_
    std::array<disposition, count> taken_{}; // guarded by mutex_
    bool started_ = false;                   // guarded by mutex_
};

} // namespace ctx::detail
