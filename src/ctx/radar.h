// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/observer.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// Finds the lines of a program that make contexts and forget to cancel them (what `go vet` calls
/// lostcancel).
///
///     auto radar = std::make_shared<ctx::lost_cancel_radar>();
///     serve(ctx::background({.observer = radar}));
///     std::fputs(radar->text().c_str(), stderr);
///     // 1 line makes contexts that nobody cancels:
///     //   fetch.cpp:42 in get(): 100 of 100 (97 dropped while open, 2 waited for their deadline, 1 still
///     open)
///
/// A context is found if its own cancel function was never called and
///   - its last handle went while it was open: in Go its parent would keep it, here it is only bad manners;
///   - or its timer had to run to the end;
///   - or an ancestor had to end it;
///   - or it is still open when you ask: lost, or simply in use. Ask when everything should be over.
/// A cancel_guard, or a cancel on every path, shows nothing, also if the context ended earlier for another
/// reason.
///
/// It stands in front of another observer if one is given, and hands everything on to it.
///
/// Thread safety: everything may be called from any thread; the text may be asked for while contexts come and
/// go. Lifetime: shared with the tree it is given to. Cost: one lock and one map entry for each context that
/// is alive; for tests and for looking, not for production.
namespace ctx {

/// A line of the program that made contexts, and what became of them.
struct lost_line {
    call_site where{};
    std::size_t made = 0;              ///< contexts that can be cancelled, lost or not
    std::size_t dropped = 0;           ///< lost: the last handle went while it was open
    std::size_t waited = 0;            ///< lost: its deadline passed
    std::size_t ended_by_ancestor = 0; ///< lost: an ancestor, or a context that it follows, was done
    std::size_t open = 0;              ///< not done, and not cancelled until now

    std::size_t lost() const noexcept { return dropped + waited + ended_by_ancestor + open; }
};

class lost_cancel_radar final : public observer {
  public:
    explicit lost_cancel_radar(std::shared_ptr<observer> next = {});
    ~lost_cancel_radar() override;

    /// Lines with lost contexts, the one with most of them first.
    std::vector<lost_line> lines() const;
    /// The same for people; one line says that there is nothing.
    std::string text() const;

    void created(const creation& c) override;
    void cancel_called_at(node_id id, const error& cause, const call_site& where) override;
    void deadline_expired(node_id id) override;
    void visiting_nth(node_id parent, node_id child, std::size_t nth, std::size_t of) override;
    void done_with(node_id id, const error& err, const error& cause, node_id by,
                   std::size_t waiters) override;
    void woken(node_id id, std::size_t waiters) override;
    void found_done(node_id id, node_id by, bool waits) override;
    void wave_finished(node_id root, std::size_t count) override;
    void detached(node_id id, node_id parent) override;
    void timer_stopped(node_id id) override;
    void after_func_started(node_id id) override;
    void after_func_stopped(node_id id) override;
    void dropped(node_id id) override;
    void value_asked(node_id at, node_id from, const std::string& key, bool found) override;
    void value_looked_up(node_id id, const std::string& key, bool found, const std::string& value,
                         std::span<const node_id> path) override;

  private:
    struct state;
    const std::shared_ptr<observer> next_;
    const std::unique_ptr<state> state_;
};

} // namespace ctx
