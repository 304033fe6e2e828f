// SPDX-License-Identifier: MIT
#include "cli/export_recording.h"

#include "cli/event_text.h"
#include "cli/recorded_life.h"
#include "cli/usage_error.h"
#include "lab/code_cpp.h"
#include "lab/code_go.h"
#include "lab/code_run.h"
#include "lab/replaced_file.h"

#include <iostream>

namespace cli {
bool names_recording(const std::string& what) {
    return lab::is_recording(take_number(what).name);
}

int export_recording(const std::string& what, const std::string& as, const std::string& output) {
    const numbered n = take_number(what);
    lab::recording r = lab::load_recording(n.name);
    recorded_lives lives(r);
    if (lives.count() == 0) throw usage_error("export: " + n.name + ": the recording has no event");
    const std::int64_t number = n.number.value_or(static_cast<std::int64_t>(lives.count()));
    if (number < 1 || static_cast<std::uint64_t>(number) > lives.count())
        throw usage_error("export: " + what + ": " + lives.count_text());
    const std::vector<lab::event> events = lives.take(static_cast<std::size_t>(number));
    if (as == "go" || as == "cpp") {
        const lab::scenario s = lab::with_inputs(r.lives[lab::life_at(r.lives, events.front().seq)], lab::log_view(events));
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
    std::cerr << r.damage->text(n.name) << '\n';
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
