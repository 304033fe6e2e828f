// SPDX-License-Identifier: MIT
#pragma once

#include "random/script.h"

#include <array>
#include <deque>
#include <random>
#include <stdexcept>
#include <string_view>

/// A second, slow and simple implementation of the rules: plain structs, one thread, everything found by
/// looking at all there is. It predicts the output of a script and shares no line with the library.
///
/// What runs at the same time in Go (a cancel that walks a tree, callbacks, watchers, timers) are tasks here,
/// and a task is a list of single steps. Schedule 0 always takes the oldest task, schedule 1 the youngest,
/// and any other picks by chance, step by step. A script whose outcome is unique has the same output under
/// all.
namespace scripts {

/// The script is not valid.
class invalid : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The answer is not specified.
class unspecified : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct fault {
    bool there = false;
    std::string text;
    bool canceled = false, deadline = false;
};

enum class sort {
    background,
    todo,
    node, ///< made by WithCancel, WithDeadline, WithTimeout
    value,
    without_cancel,
    // Custom contexts, in the order of custom_sorts.
    embed,
    named,
    nil_done,
    no_value,
    fresh_done,
    foreign,
    own_done,
    forward,
    after_funcer,
    embed_after
};

inline constexpr std::array<std::string_view, 10> custom_sorts = {
    "embed",   "named",   "nilDone", "noValue",     "freshDone",
    "foreign", "ownDone", "forward", "afterFuncer", "embedAfter"};

class model {
  public:
    explicit model(unsigned schedule) : schedule_(schedule), random_(schedule) {}

    /// The output line of `o`, without its end. Throws invalid, unspecified.
    std::string run(const op& o);

  private:
    /// What a cancellation can reach: a context made by WithCancel and its kin, or an AfterFunc registration.
    struct node {
        int parent = -1;    // the context it hangs from
        int linked_to = -1; // the node that has it as a child
        int method_of = -1; // the context through whose AfterFunc method it is registered
        int inner = -1;     // the registration that an embedAfter made for it
        bool watching = false;
        fault err, cause;
        std::optional<std::int64_t> timer;
        fault timer_cause;
        // Registrations only.
        bool registration = false, used = false; // used: run, or stopped
        std::string report;                      // runs a callback of the script with this id
        int cancels = -1;                        // which cancels this context
        int forward = -1;                        // makes this context done
        int child = -1;                          // cancels this node, for an embedAfter
    };
    struct context {
        std::string id;
        sort kind = sort::background;
        int parent = -1;
        int own = -1; // its node
        std::optional<std::int64_t> at;
        std::string name, key_type, key, val_type, val;
        fault err; // of custom contexts with an Err of their own
        int forwarding = -1;
        bool takes_cause = false, reported = false;
    };
    struct step {
        enum class kind { cancel_node, ask_parent, cancel_context, callback } what;
        int target;
        fault err, cause;
    };
    using task = std::deque<step>;

    // The four questions, and others.
    const fault& err_of(int c) const;
    const fault& cause_of(int c) const;
    int node_of(int c) const;
    int channel_of(int c) const;
    bool closed(int c) const;
    std::optional<std::int64_t> deadline_of(int c) const;
    std::string value_of(int c, const op& key) const;
    std::string name_of(int c) const;
    int children_of(int n) const;
    int registered_with(int c) const;
    int watchers() const;

    // What happens.
    int new_node(int parent);
    void connect(int n);
    void cancel_now(int n, const fault& err, const fault& cause, task& rest);
    bool stop(int registration);
    void cancel_custom(int c, const fault& err);
    step cancel_step(int c, const fault& reason) const;
    void perform(task& t);
    void start(task t);
    void wake_watchers();
    void settle();
    void advance(std::int64_t ms);

    // The ops.
    std::string result(const op& o);
    std::string make(const op& o);
    std::string make_custom(const op& o);
    std::string ask(const op& o);
    std::string same_done(const op& o) const;
    void with_deadline(context& c, int n, const op& o);
    int find(const std::optional<std::string>& id) const;
    void add(context c);
    void require_new(const op& o) const;
    int cancelable(const std::optional<std::string>& id) const;

    unsigned schedule_;
    std::minstd_rand random_;
    std::int64_t now_ = 0;
    int lines_ = 0;
    std::vector<context> contexts_;
    std::vector<node> nodes_;
    std::vector<std::pair<std::string, int>> stops_;
    std::vector<std::string> ran_;
    std::deque<task> tasks_;
};

/// The output of the script, a line an op. Throws as model::run does.
std::vector<std::string> predict(const script& s, unsigned schedule = 0);

} // namespace scripts
