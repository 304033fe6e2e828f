// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

/// What workers did after their context had died: nobody wanted it any more.
///
///     lab::ledger book;
///     for (const lab::event& e : events) book.apply(e);
///     for (const auto& [id, account] : book.requests()) show(id, account.overtime(now));
///
/// A pure fold of events, O(log n) each. Thread safety: as a standard container.
namespace lab {

/// Sums the overtime of all workers that outlived a context, or any context of a request.
struct account {
    std::size_t workers = 0;   ///< that went on after the end
    std::size_t live = 0;      ///< of them, those that still do
    std::uint64_t resumes = 0; ///< how often they ran again
    lab_time past{};           ///< overtime of those that have exited
    lab_time since{};          ///< sum of the times from which the live ones count

    lab_time overtime(lab_time now) const { return past + now * static_cast<std::int64_t>(live) - since; }
};

class ledger {
  public:
    void apply(const event& e);

    lab_time now() const { return now_; }
    /// By the context that ended. Only those at which anything outlived it, be it for no time at all.
    const std::map<id_t, account>& contexts() const { return contexts_; }
    /// By request; work of contexts that belong to no request is not here.
    const std::map<id_t, account>& requests() const { return requests_; }

  private:
    struct known_context {
        id_t owner = 0;   // whose Done its workers wait for; 0: it is never done
        id_t request = 0; // to which it belongs
        bool dead = false;
        std::vector<id_t> workers; // started with it as owner; exited ones are taken out when it ends
    };
    struct known_worker {
        id_t owner = 0;
        bool overtime = false;
        lab_time since{};
    };

    void on_created(const event& e);
    void end(id_t context, lab_time at);
    void start_overtime(known_worker& w, lab_time at);
    void on_exited(const event& e);
    template <class F>
    void book(id_t owner, F entry);

    lab_time now_{};
    std::unordered_map<id_t, known_context> known_;
    std::unordered_map<id_t, known_worker> workers_; // live ones
    std::map<id_t, account> contexts_;
    std::map<id_t, account> requests_;
};

/// `request 3: 2 workers went on for 1.2s after it was over, and ran 4 times; 1 still does`
std::string sentence(const std::string& subject, const account& a, lab_time now);

} // namespace lab
