// SPDX-License-Identifier: MIT
#include "cli/step.h"

#include "cli/usage_error.h"
#include "lab/held_moment.h"
#include "lab/narration.h"

#include <chrono>
#include <istream>
#include <ostream>
#include <string>

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr const char* stepper = "cli";

void show_held(const lab::laboratory& l, std::ostream& out) {
    const std::vector<lab::held_thread> threads = l.held_threads();
    const lab::state picture = l.snapshot();
    for (std::size_t i = 0; i < threads.size(); ++i) {
        const std::vector<lab::event> at = l.log().read(threads[i].seq - 1);
        const lab::held_moment m = lab::held_at(at.front(), picture, threads[i].worker);
        out << lab::clock_text(at.front().at) << "  ";
        if (i > 0) out << "(waits for its turn) ";
        out << m.happened << ".\n            " << m.next << ".\n";
        if (!m.code.empty())
            out << "            " << picture.worker(m.worker)->name << ": " << m.code << '\n';
    }
}

/// Between two steps of the clock nobody is held. False: nothing has happened since `before`.
bool show_last(const lab::laboratory& l, std::uint64_t before, std::ostream& out) {
    const std::vector<lab::event> all = l.log().read(before);
    const lab::state picture = l.snapshot();
    bool any = false;
    for (const lab::event& e : all) {
        if (e.kind == lab::event_kind::clock_changed) continue;
        if (e.kind == lab::event_kind::command_issued && e.name == stepper) continue;
        out << lab::clock_text(e.at) << "  " << lab::sentence(e, picture) << ".\n";
        any = true;
    }
    return any;
}

enum class answer : std::uint8_t { step, run, quit };

answer ask(lab::step_size& size, std::istream& in, std::ostream& out, bool prompts) {
    if (prompts)
        out << "[Enter: one " << lab::to_string(size) << ", r: run on, q: quit, s SIZE] " << std::flush;
    std::string line;
    if (!std::getline(in, line)) return answer::quit;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return answer::step;
    if (line == "r") return answer::run;
    if (line == "q") return answer::quit;
    try {
        if (!line.starts_with("s ")) throw usage_error('"' + line + "\": expected Enter, r, q or s SIZE");
        size = step_size_of(line.substr(2));
    } catch (const usage_error& e) {
        if (!prompts) throw;
        out << e.what() << '\n';
        return ask(size, in, out, prompts);
    }
    return answer::step;
}

} // namespace

lab::step_size step_size_of(const std::string& word) {
    const auto size = lab::parse_step_size(word);
    if (!size) throw usage_error("step \"" + word + "\": expected hook, node, wave, reaction or timer");
    return *size;
}

bool step_through(lab::laboratory& l, lab::step_size size, std::istream& in, std::ostream& out,
                  bool prompts) {
    for (;;) {
        const std::uint64_t before = l.log().last_seq();
        l.call(lab::change_clock{.action = lab::clock_action::step, .size = size}, stepper);
        while (!l.wait_step(1min)) {
        }
        if (l.held()) {
            show_held(l, out);
        } else if (!show_last(l, before, out)) {
            out << "Nothing is left that can happen.\n";
            return false;
        }
        switch (ask(size, in, out, prompts)) {
        case answer::step:
            break;
        case answer::run:
            l.call(lab::change_clock{.action = lab::clock_action::pause}, "cli"); // lets everybody go
            return true;
        case answer::quit:
            return false;
        }
    }
}

} // namespace cli
