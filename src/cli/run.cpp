// SPDX-License-Identifier: MIT
#include "cli/run.h"

#include "cli/event_text.h"
#include "cli/options.h"
#include "cli/step.h"
#include "cli/usage_error.h"
#include "lab/narration.h"
#include "lab/recording_file.h"
#include "lab/state_json.h"
#include "net/service.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <unistd.h>

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr const char* help =
    "usage: ctxlab-cli run SCENARIO [OPTIONS]\n\n"
    "Plays a scenario, by its shipped name or as a file, on the virtual clock, as fast as it goes.\n\n"
    "  --seed N          what decides every choice (default: the file's, else 1)\n"
    "  --until MS        stop at this laboratory time (default: when nothing is left that can happen)\n"
    "  --events FILE     write what happened; - is standard output (the default, alone)\n"
    "  --format FORMAT   how: text, one sentence an event (the default); ndjson; or perfetto, a Chrome "
    "trace\n"
    "  --state FILE      write the picture at the end as JSON; - is standard output\n"
    "  --step [SIZE]     stop inside the library, and say at each stop what has happened and what comes "
    "next;\n"
    "                    hook, node (the default), wave, reaction or timer. Enter goes on, r runs on, q "
    "quits,\n"
    "                    s SIZE changes the size\n"
    "  --record FILE     write a recording, for ctxlab and ctxlab-cli show\n"
    "  --real-time       on the real clock\n";

/// Nothing that a scenario does for itself goes on for longer than this.
constexpr std::chrono::nanoseconds longest = 1h;

using writer = std::function<void(std::ostream&, const lab::laboratory&)>;

/// The life in which the scenario was played: a laboratory with a server had one before it.
std::vector<lab::event> events_of_run(const lab::laboratory& l) {
    std::vector<lab::event> all = l.log().read(0);
    const auto began = std::find_if(
        all.rbegin(), all.rend(), [](const lab::event& e) { return e.kind == lab::event_kind::lab_started; });
    if (began != all.rend()) all.erase(all.begin(), began.base() - 1);
    return all;
}

void write_state(std::ostream& out, const lab::laboratory& l) {
    out << lab::json_text(lab::to_json(l.snapshot()), 2) << '\n';
}

writer events_of_run_writer(const std::string& format) {
    return [write = event_writer_for(format)](std::ostream& out, const lab::laboratory& l) {
        write(out, events_of_run(l));
    };
}

/// For --record.
lab::recording_header header_of(const lab::options& start) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {.program = CTXLAB_VERSION,
            .began_unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count(),
            .fast = start.as_fast_as_possible,
            .first = {.with = start.with, .seed = start.seed, .mode = start.mode, .running = start.running}};
}

/// A file that was opened before the scenario began, or standard output.
class output {
  public:
    output(std::string option, std::string name, writer write)
        : option_(std::move(option)), name_(std::move(name)), write_(std::move(write)) {
        if (name_ == "-") return;
        file_.open(name_, std::ios::binary | std::ios::trunc);
        if (!file_) throw usage_error(option_ + " " + name_ + ": cannot be written");
    }
    void write(const lab::laboratory& l) {
        std::ostream& out = name_ == "-" ? std::cout : file_;
        write_(out, l);
        out.flush();
        if (!out) throw usage_error(option_ + " " + name_ + ": could not be written to the end");
    }

  private:
    std::string option_;
    std::string name_;
    writer write_;
    std::ofstream file_;
};

/// Plays on the virtual clock, from event to event.
void play_fast(lab::laboratory& l, std::optional<std::chrono::nanoseconds> until) {
    const auto action = until ? lab::clock_action::advance : lab::clock_action::finish;
    const lab::reply r = l.call(lab::change_clock{.action = action, .by = until.value_or(longest)}, "cli");
    if (!until && r.found)
        std::cerr << "stopped at " << lab::clock_text(l.now())
                  << ": something goes on for ever (a poller?); --until MS says when to stop\n";
}

bool quiet(const lab::state& s) {
    if (s.counts().active_requests > 0) return false;
    for (const lab::client_info& c : s.clients())
        if (c.state == lab::client_state::in_flight) return false;
    return true;
}

/// Plays on the real clock until nothing is left, or until the time given.
void play_real(const lab::laboratory& l, std::chrono::nanoseconds until) {
    for (std::uint64_t seen = 0; l.now() < until;) {
        const auto left = until - l.now();
        if (l.wait_idle(std::min<std::chrono::nanoseconds>(left, 50ms)) && quiet(l.snapshot())) return;
        l.log().wait_after(seen, std::min<std::chrono::nanoseconds>(left, 50ms));
        seen = l.log().last_seq();
    }
}

/// Takes what is wanted of a run that is over.
using finish = std::function<void(const lab::laboratory&)>;

/// On the real clock the server has to be there before the scenario begins.
lab::options start_of(const std::shared_ptr<lab::scenario>& scenario, bool real) {
    if (real) return {.seed = scenario->seed, .mode = lab::clock_mode::real_time};
    return {.seed = scenario->seed, .running = false, .as_fast_as_possible = true, .with = scenario};
}

void run_real(const lab::options& start, const std::shared_ptr<lab::scenario>& scenario,
              std::chrono::nanoseconds until, const finish& end) {
    lab::laboratory l(start);
    std::optional<net::service> http;
    if (scenario->needs_sockets()) http.emplace(l, net::service_options{.port = 0});
    l.call(lab::reset_lab{scenario}, "cli");
    play_real(l, until);
    end(l);
}

/// The size may be left out.
std::vector<std::string> with_step_size(std::span<const std::string> arguments) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        all.push_back(arguments[i]);
        if (arguments[i] != "--step") continue;
        const bool given = i + 1 < arguments.size() && lab::parse_step_size(arguments[i + 1]);
        if (!given) all.emplace_back("node");
    }
    return all;
}

} // namespace

int run_command(std::span<const std::string> given) {
    const std::vector<std::string> arguments = with_step_size(given);
    const options o(arguments,
                    {.valued = {"--seed", "--until", "--events", "--format", "--state", "--step", "--record"},
                     .flags = {"--real-time", "--help"},
                     .most_others = 1});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    if (o.others().empty())
        throw usage_error("run: expected a scenario; ctxlab-cli scenarios lists those that ship");
    auto scenario = std::make_shared<lab::scenario>(lab::find_scenario(o.others()[0]));
    if (const auto seed = o.integer("--seed", INT64_MIN, INT64_MAX)) scenario->seed = *seed;
    std::optional<std::chrono::nanoseconds> until;
    if (const auto ms = o.integer("--until", 0, 864'000'000)) until = std::chrono::milliseconds(*ms);

    std::vector<std::unique_ptr<output>> outputs;
    const writer events = events_of_run_writer(o.text("--format").value_or("text"));
    const auto record = o.text("--record");
    if (o.text("--events") || !(o.text("--state") || o.text("--step") || record))
        outputs.push_back(std::make_unique<output>("--events", o.text("--events").value_or("-"), events));
    if (const auto file = o.text("--state"))
        outputs.push_back(std::make_unique<output>("--state", *file, write_state));

    const bool sockets = scenario->needs_sockets();
    const auto step = o.text("--step");
    const bool real = sockets || o.has("--real-time");
    if (step && real)
        throw usage_error("--step: a run is stepped on the virtual clock" +
                          (sockets ? ", and " + scenario->name + " sends requests, so it needs the real one"
                                   : std::string()));
    const lab::options start = start_of(scenario, real);
    std::optional<lab::recording_save> recording;
    if (record) recording.emplace(*record, header_of(start));
    const finish end = [&](const lab::laboratory& l) {
        for (const auto& out : outputs) out->write(l);
        if (recording) recording->commit(l.log(), l.lives());
    };
    if (real) {
        if (!o.has("--real-time"))
            std::cerr << scenario->name << " sends requests, so it runs on the real clock\n";
        run_real(start, scenario, until.value_or(longest), end);
        return 0;
    }
    lab::laboratory l(start);
    if (!step || step_through(l, step_size_of(*step), std::cin, std::cout, ::isatty(STDIN_FILENO) != 0))
        play_fast(l, until);
    end(l);
    return 0;
}

} // namespace cli
