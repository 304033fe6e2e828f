// SPDX-License-Identifier: MIT
#include "cli/export_recording.h"

#include "cli/event_text.h"
#include "cli/usage_error.h"
#include "lab/code_cpp.h"
#include "lab/code_go.h"
#include "lab/code_run.h"
#include "lab/recording_file.h"
#include "lab/replaced_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>

namespace cli {
namespace {

struct named {
    std::string file;
    std::optional<std::size_t> life;
};

/// Takes `@N` off, unless all of it is the name of a file.
named name_of(const std::string& what) {
    const auto at = what.rfind('@');
    std::error_code ignored;
    if (at == std::string::npos || std::filesystem::exists(what, ignored)) return {what, std::nullopt};
    std::size_t n = 0;
    const char* const end = what.data() + what.size();
    const auto [stop, problem] = std::from_chars(what.data() + at + 1, end, n);
    if (problem != std::errc{} || stop != end) return {what, std::nullopt};
    return {what.substr(0, at), n};
}

/// The events of life `n`, from 0. They are counted by their beginnings: a damaged recording may lack what
/// was noted of a life, but not where it begins.
std::vector<lab::event> events_of(lab::recording& r, const std::vector<std::size_t>& begins, std::size_t n) {
    const auto at = [&](std::size_t i) { return r.events.begin() + static_cast<std::ptrdiff_t>(i); };
    const auto end = n + 1 < begins.size() ? at(begins[n + 1]) : r.events.end();
    return {std::make_move_iterator(at(begins[n])), std::make_move_iterator(end)};
}

std::vector<std::size_t> beginnings(const std::vector<lab::event>& events) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < events.size(); ++i)
        if (i == 0 || events[i].kind == lab::event_kind::lab_started) all.push_back(i);
    return all;
}

const lab::life& life_at(const lab::recording& r, std::uint64_t seq) {
    const auto later = std::find_if(r.lives.begin() + 1, r.lives.end(),
                                    [&](const lab::life& l) { return l.first_seq > seq; });
    return *(later - 1);
}

} // namespace

bool names_recording(const std::string& what) {
    return lab::is_recording(name_of(what).file);
}

int export_recording(const std::string& what, const std::string& as, const std::string& output) {
    const named n = name_of(what);
    lab::recording r = lab::load_recording(n.file);
    const std::vector<std::size_t> begins = beginnings(r.events);
    if (begins.empty()) throw usage_error("export: " + n.file + ": the recording has no event");
    const std::size_t life = n.life.value_or(begins.size());
    if (life < 1 || life > begins.size())
        throw usage_error("export: " + what + ": the recording has " + std::to_string(begins.size()) +
                          (begins.size() == 1 ? " life" : " lives"));
    const std::vector<lab::event> events = events_of(r, begins, life - 1);
    if (as == "go" || as == "cpp") {
        const lab::scenario s = lab::with_inputs(life_at(r, events.front().seq), lab::log_view(events));
        write_whole(as == "go" ? lab::to_go(s) : lab::to_cpp(s), output);
    } else if (const event_writer write = event_writer_for(as); output == "-") {
        write(std::cout, events);
        std::cout.flush();
    } else {
        lab::replaced_file file(output);
        write(file.out(), events);
        file.commit();
    }
    if (!r.damage) return 0;
    std::cerr << r.damage->text(n.file) << '\n';
    return 1;
}

void write_whole(const std::string& text, const std::string& output) {
    if (output == "-") {
        std::cout << text << std::flush;
        return;
    }
    lab::replaced_file file(output);
    file.out() << text;
    file.commit();
}

} // namespace cli
