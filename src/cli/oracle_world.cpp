// SPDX-License-Identifier: MIT
#include "cli/oracle_world.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace cli {

oracle_world::oracle_world()
    : clock_(std::make_shared<ctx::virtual_clock>()), scheduler_(clock_, 1),
      root_(
          ctx::background({.clock = clock_, .scheduler = &scheduler_, .observer = {}, .sibling_seed = {}})) {}

oracle_world::~oracle_world() {
    for (const auto& [id, stop] : stops_) stop();
    for (const oracle_context& c : contexts_)
        if (c.cancel) c.cancel({});
    run_until_idle();
}

oracle_context* oracle_world::find(const std::string& id) const {
    const auto it = contexts_by_id_.find(id);
    return it == contexts_by_id_.end() ? nullptr : it->second;
}

void oracle_world::add(oracle_context c) {
    oracle_context& stays = contexts_.emplace_back(std::move(c));
    contexts_by_id_.emplace(stays.id, &stays);
    open_.push_back(&stays);
}

void oracle_world::after_func(const std::string& id, const ctx::context& c, const oracle_context* also) {
    stops_.emplace(id, ctx::after_func(c, [this, id, also] {
                       ran_.push_back(id);
                       if (also) also->cancel({});
                   }));
}

const ctx::stop_func* oracle_world::find_stop(const std::string& id) const {
    const auto it = stops_.find(id);
    return it == stops_.end() ? nullptr : &it->second;
}

std::vector<std::string> oracle_world::late(std::span<const oracle_context* const> cancelled) const {
    std::unordered_set<const oracle_context*> linked; // falls with a cancelled node
    std::unordered_set<const oracle_context*>
        shown; // shows the state of a cancelled context or of a linked one
    for (const oracle_context* c : cancelled) {
        shown.insert(c);
        if (c->from == origin::node) linked.insert(c);
    }
    std::vector<std::string> open;
    for (const oracle_context& c : contexts_) { // parents come before their children
        const bool passes_on = c.from == origin::node || c.from == origin::view;
        if (passes_on && linked.contains(c.parent)) {
            linked.insert(&c);
            shown.insert(&c);
        }
        const bool shows = c.from == origin::view || c.from == origin::screen;
        if (shows && shown.contains(c.parent)) shown.insert(&c);
        if (shown.contains(&c) && !c.context.err()) open.push_back(c.id);
    }
    return open;
}

std::vector<const oracle_context*> oracle_world::newly_done() {
    std::vector<const oracle_context*> done;
    std::erase_if(open_, [&](const oracle_context* c) {
        if (!c->context.err()) return false;
        done.push_back(c);
        return true;
    });
    return done;
}

std::vector<std::string> oracle_world::newly_ran() {
    std::sort(ran_.begin(), ran_.end());
    return std::exchange(ran_, {});
}

} // namespace cli
