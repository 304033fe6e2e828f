// SPDX-License-Identifier: MIT
#pragma once

#include "explore/causality.h"
#include "explore/engine.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Every order in which the threads of a program can meet.
///
///     const auto r = explore::every_order([] {
///         explore::atomic<int> n{0};
///         explore::together({[&] { n.store(n.load() + 1); }, [&] { n.store(n.load() + 1); }});
///         explore::check(n.load() == 2, "an update was lost");
///     });
///     // r.failure: "an update was lost", and the schedule that led there
///
/// Without a bound, depth first with dynamic partial order reduction (source sets and sleep sets): of runs
/// that differ only in the order of independent operations, one is enough. With a bound on preemptions (a
/// thread that could go on is made to wait for another), every run within it, again up to independent
/// operations.
namespace explore {

inline constexpr int no_bound = std::numeric_limits<int>::max();

struct limits {
    int preemptions = no_bound;
    std::size_t runs = std::numeric_limits<std::size_t>::max(); ///< gives up after so many
    bool reduced = true; ///< false: also runs that differ only in the order of independent operations
};

struct failure {
    std::string what;
    std::string schedule; ///< for replay(): threads as letters, each with how many operations it does
    std::string story;    ///< one operation a line
};

struct report {
    std::size_t runs = 0;    ///< to their ends
    std::size_t cut = 0;     ///< left early: equal to one that was run
    std::size_t longest = 0; ///< operations
    bool complete = false;
    std::optional<failure> failed;
};

report every_order(const std::function<void()>& program, const limits& within = {});
/// One run, by a schedule that a failure gave. Where the schedule ends, whoever can goes on.
report replay(const std::function<void()>& program, const std::string& schedule);

class search final : public chooser {
  public:
    search(const std::function<void()>& program, const limits& within) : program_(program), within_(within) {}
    report run();

    thread_id next(mask enabled, const pending_operations& pending) override;
    void began(thread_id t, thread_id maker) override;
    unsigned choose(unsigned n) override;

  private:
    struct choice {
        unsigned value, of;
    };
    /// A state of the program, and what is done in it.
    struct step {
        mask enabled = 0;
        mask wanted = 0; // whose operation has to be tried here
        mask done = 0;   // whose was
        mask asleep = 0; // whose need not be: that leads to what was seen already
        thread_id before = nobody;
        thread_id chosen = nobody;
        int preemptions = 0; // up to this state
        pending_operations pending;
        std::vector<choice> choices;
    };

    bool bounded() const noexcept { return within_.preemptions != no_bound; }
    step& enter_state(mask enabled, const pending_operations& pending);
    mask affordable(const step& s) const noexcept;
    static int cost(const step& s, thread_id t) noexcept;
    static thread_id pick(const step& s, mask from) noexcept;
    void reverse_races();
    void reverse(std::size_t race);
    void reverse_races_within_bound(const pending_operations& pending);
    static void want(step& s, thread_id t) noexcept;
    /// Who could come first of what follows `race` without having to follow it.
    mask initials(std::size_t race) const;
    /// The next run, if there is one: changes the deepest decision that has an alternative.
    bool advance();
    failure describe(const std::string& what) const;

    const std::function<void()>& program_;
    const limits within_;
    std::vector<step> path_; // states of this run; reused
    std::size_t known_ = 0;  // of path_: decided already
    std::size_t depth_ = 0;  // of path_: done in this run
    std::size_t choice_ = 0; // of the step that runs now
    causality causality_;
    std::vector<std::size_t> racing_;
};

} // namespace explore
