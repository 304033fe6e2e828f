// SPDX-License-Identifier: MIT
#include "cli/compared_run.h"

#include "cli/recorded_life.h"
#include "cli/usage_error.h"
#include "lab/laboratory.h"

#include <utility>

namespace cli {
namespace {

/// Nothing that a scenario does for itself goes on for longer than this.
constexpr std::chrono::nanoseconds longest = std::chrono::hours(1);

compared_run life_of(const std::string& file, recorded_lives& lives, const lab::recording& r,
                     std::size_t number) {
    compared_run run{.title = file,
                     .events = lives.take(number),
                     .damage = r.damage ? r.damage->text(file) : std::string()};
    if (lives.count() > 1)
        run.title += ", life " + std::to_string(number) + " of " + std::to_string(lives.count());
    return run;
}

compared_run from_recording(const numbered& n) {
    lab::recording r = lab::load_recording(n.name);
    recorded_lives lives(r);
    if (lives.count() == 0)
        return {.title = n.name, .events = {}, .damage = r.damage ? r.damage->text(n.name) : ""};
    if (n.number && (*n.number < 1 || static_cast<std::uint64_t>(*n.number) > lives.count()))
        throw usage_error("diff: " + n.name + "@" + std::to_string(*n.number) + ": " + lives.count_text());
    return life_of(n.name, lives, r, n.number ? static_cast<std::size_t>(*n.number) : lives.count());
}

compared_run play(const numbered& n) {
    auto with = std::make_shared<lab::scenario>(lab::find_scenario(n.name));
    if (n.number) with->seed = *n.number;
    if (with->needs_sockets())
        throw usage_error("diff: " + n.name +
                          " sends requests, so no two runs are alike; record some with ctxlab-cli run "
                          "--record, and compare the recordings");
    lab::laboratory l({.seed = with->seed, .running = false, .as_fast_as_possible = true, .with = with});
    l.call(lab::change_clock{.action = lab::clock_action::finish, .by = longest}, "cli");
    return {
        .title = n.name + ", seed " + std::to_string(with->seed), .events = l.log().read(0), .damage = {}};
}

} // namespace

compared_run find_run(const std::string& what) {
    const numbered n = take_number(what);
    if (n.misread) throw usage_error("diff: " + what + ": expected a whole number after the @");
    return lab::is_recording(n.name) ? from_recording(n) : play(n);
}

std::pair<compared_run, compared_run> last_two_lives(const std::string& file) {
    if (!lab::is_recording(file))
        throw usage_error("diff: " + file + ": expected two runs, or a recording of more than one life");
    lab::recording r = lab::load_recording(file);
    recorded_lives lives(r);
    if (lives.count() < 2)
        throw usage_error("diff: " + file + ": the recording has one life; expected a second run");
    compared_run before = life_of(file, lives, r, lives.count() - 1);
    return {std::move(before), life_of(file, lives, r, lives.count())};
}

} // namespace cli
