// SPDX-License-Identifier: MIT
#include "lab/scenario_runner.h"

#include "lab/world.h"

#include <map>
#include <string>

namespace lab {
namespace {

/// The file's words for contexts, and the laboratory's numbers for them.
using names = std::map<std::string, id_t>;

id_t number_of(const names& known, const std::string& word) {
    const auto at = known.find(word);
    return at == known.end() ? 0 : at->second;
}

/// The command with the laboratory's numbers in it; words become display names where none was given.
command resolve(const scenario_command& line, const names& known) {
    command c = line.what;
    if (auto* made = std::get_if<new_context>(&c)) {
        made->parent = number_of(known, line.context);
        if (!line.cancels.empty()) made->cancels = number_of(known, line.cancels);
        if (made->name.empty()) made->name = line.id;
    } else if (auto* started = std::get_if<new_worker>(&c)) {
        started->context = number_of(known, line.context);
        if (started->name.empty()) started->name = line.id;
    } else if (auto* ended = std::get_if<cancel_context>(&c)) {
        ended->context = number_of(known, line.context);
    } else if (auto* asked = std::get_if<look_up_value>(&c)) {
        asked->context = number_of(known, line.context);
    }
    return c;
}

ctx::task<> player(world* w, std::shared_ptr<const scenario> s,
                   std::function<reply(const command&)> execute) {
    names known{{"root", root_id}};
    for (const scenario_command& line : s->commands) {
        const auto wait = line.at - w->clock().lab_now();
        if (wait.count() > 0) co_await ctx::select(ctx::recv(ctx::after(wait)));
        const reply r = execute(resolve(line, known));
        if (r.ok() && std::holds_alternative<new_context>(line.what)) known[line.id] = r.id;
    }
}

} // namespace

void play(world& w, std::shared_ptr<const scenario> s, std::function<reply(const command&)> execute) {
    ctx::go(w.scheduler(), player, &w, std::move(s), std::move(execute));
}

} // namespace lab
