// SPDX-License-Identifier: MIT
#include "cli/compared_run.h"

#include "cli/usage_error.h"
#include "lab/laboratory.h"
#include "lab/recording_file.h"
#include "lab/recording_header.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

namespace cli {
namespace {

/// Nothing that a scenario does for itself goes on for longer than this.
constexpr std::chrono::nanoseconds longest = std::chrono::hours(1);

bool is_recording(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string begins(lab::recording_magic.size(), '\0');
    return in.read(begins.data(), static_cast<std::streamsize>(begins.size())) &&
           begins == lab::recording_magic;
}

struct named {
    std::string what;
    std::optional<std::int64_t> number;
};

/// Takes `@N` off, unless all of it is the name of a file.
named take_number(const std::string& text) {
    const auto at = text.rfind('@');
    std::error_code ignored;
    if (at == std::string::npos || std::filesystem::exists(text, ignored)) return {text, std::nullopt};
    std::int64_t n = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + at + 1, end, n);
    if (problem != std::errc{} || stop != end)
        throw usage_error("diff: " + text + ": expected a whole number after the @");
    return {text.substr(0, at), n};
}

/// Where each life begins in the events, and their end.
std::vector<std::size_t> bounds_of_lives(const std::vector<lab::event>& events) {
    std::vector<std::size_t> bounds;
    for (std::size_t i = 0; i < events.size(); ++i)
        if (i == 0 || events[i].kind == lab::event_kind::lab_started) bounds.push_back(i);
    bounds.push_back(events.size());
    return bounds;
}

compared_run life_of(const std::string& file, const lab::recording& r, const std::vector<std::size_t>& bounds,
                     std::size_t number) {
    const std::size_t lives = bounds.size() - 1;
    compared_run run{.title = file, .events = {}, .damage = r.damage ? r.damage->text(file) : ""};
    if (lives > 1) run.title += ", life " + std::to_string(number) + " of " + std::to_string(lives);
    const auto at = [&](std::size_t i) { return r.events.begin() + static_cast<std::ptrdiff_t>(bounds[i]); };
    run.events.assign(at(number - 1), at(number));
    return run;
}

compared_run from_recording(const named& n) {
    const lab::recording r = lab::load_recording(n.what);
    const std::vector<std::size_t> bounds = bounds_of_lives(r.events);
    const std::size_t lives = bounds.size() - 1;
    if (lives == 0) return {.title = n.what, .events = {}, .damage = r.damage ? r.damage->text(n.what) : ""};
    if (n.number && (*n.number < 1 || static_cast<std::uint64_t>(*n.number) > lives))
        throw usage_error("diff: " + n.what + "@" + std::to_string(*n.number) + ": the recording has " +
                          std::to_string(lives) + (lives == 1 ? " life" : " lives"));
    return life_of(n.what, r, bounds, n.number ? static_cast<std::size_t>(*n.number) : lives);
}

compared_run play(const named& n) {
    auto with = std::make_shared<lab::scenario>(lab::find_scenario(n.what));
    if (n.number) with->seed = *n.number;
    if (with->needs_sockets())
        throw usage_error("diff: " + n.what +
                          " sends requests, so no two runs are alike; record some with ctxlab-cli run "
                          "--record, and compare the recordings");
    lab::laboratory l({.seed = with->seed, .running = false, .as_fast_as_possible = true, .with = with});
    l.call(lab::change_clock{.action = lab::clock_action::finish, .by = longest}, "cli");
    return {
        .title = n.what + ", seed " + std::to_string(with->seed), .events = l.log().read(0), .damage = {}};
}

} // namespace

compared_run find_run(const std::string& what) {
    const named n = take_number(what);
    return is_recording(n.what) ? from_recording(n) : play(n);
}

std::pair<compared_run, compared_run> last_two_lives(const std::string& file) {
    if (!is_recording(file))
        throw usage_error("diff: " + file + ": expected two runs, or a recording of more than one life");
    const lab::recording r = lab::load_recording(file);
    const std::vector<std::size_t> bounds = bounds_of_lives(r.events);
    const std::size_t lives = bounds.size() - 1;
    if (lives < 2) throw usage_error("diff: " + file + ": the recording has one life; expected a second run");
    return {life_of(file, r, bounds, lives - 1), life_of(file, r, bounds, lives)};
}

} // namespace cli
