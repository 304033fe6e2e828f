// SPDX-License-Identifier: MIT
#include "cli/show.h"

#include "cli/event_text.h"
#include "cli/options.h"
#include "cli/tree_text.h"
#include "cli/usage_error.h"
#include "lab/moments.h"
#include "lab/narration.h"
#include "lab/recording_file.h"
#include "lab/state_json.h"

#include <fstream>
#include <iostream>
#include <limits>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli show FILE [OPTIONS]\n\n"
    "Shows a recording (.ctxlab). One that is cut off or damaged is shown up to there; then the exit status "
    "is "
    "1.\n\n"
    "  --at SEQ          only up to this event\n"
    "  --format FORMAT   text, one sentence an event (the default); ndjson; or perfetto, a Chrome trace\n"
    "  --tree            the event and the tree of contexts and workers after it, instead\n"
    "  --state FILE      write the picture at that event as JSON instead; - is standard output\n";

void write_state(const std::string& file, const std::vector<lab::event>& events) {
    lab::state picture;
    for (const lab::event& e : events) picture.apply(e);
    const std::string text = lab::json_text(lab::to_json(picture), 2) + '\n';
    if (file == "-") {
        std::cout << text;
        return;
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text << std::flush;
    if (!out) throw usage_error("--state " + file + ": cannot be written");
}

/// The moment after the last of the events.
void write_moment(const std::vector<lab::event>& events) {
    const lab::moments all{std::span(events)};
    const lab::state picture = all.at(events.size());
    if (!events.empty())
        std::cout << lab::clock_text(events.back().at) << ", event " << events.back().seq << ": "
                  << lab::sentence(events.back(), picture) << '\n';
    write_tree(std::cout, picture);
}

} // namespace

int show_command(std::span<const std::string> arguments) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const options o(
        arguments,
        {.valued = {"--at", "--format", "--state"}, .flags = {"--tree", "--help"}, .most_others = 1});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    if (o.others().empty()) throw usage_error("show: expected a recording, a file that ends in .ctxlab");
    const auto at = o.integer("--at", 1, most);
    const auto state = o.text("--state");
    const event_writer write = event_writer_for(o.text("--format").value_or("text"));

    lab::recording r = lab::load_recording(o.others()[0]);
    if (at && static_cast<std::uint64_t>(*at) > r.events.size()) {
        const std::string there =
            std::to_string(r.events.size()) + (r.events.size() == 1 ? " event" : " events");
        if (!r.damage) throw usage_error("--at " + std::to_string(*at) + ": the recording has " + there);
        std::cerr << r.damage->text(o.others()[0]) << "\n--at " << *at << ": only " << there
                  << " can be read\n";
        return 1;
    }
    if (at) r.events.resize(static_cast<std::size_t>(*at));
    if (state) write_state(*state, r.events);
    if (o.has("--tree")) write_moment(r.events);
    if (o.text("--format") || !(state || o.has("--tree"))) write(std::cout, r.events);
    std::cout.flush();
    if (!r.damage) return 0;
    std::cerr << r.damage->text(o.others()[0]) << '\n';
    return 1;
}

} // namespace cli
