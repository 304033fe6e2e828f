// SPDX-License-Identifier: MIT
#include "cli/serve.h"

#include "cli/options.h"
#include "cli/usage_error.h"
#include "lab/run_keeper.h"
#include "lab/unfinished_runs.h"
#include "net/service.h"

#include <csignal>
#include <iostream>
#include <memory>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli serve [--port N] [--scenario NAME]\n\n"
    "Runs the laboratory and its web server until SIGINT or SIGTERM. What happens is "
    "kept on the disk\nuntil then: after a crash ctxlab offers it.\n\n"
    "  --port N         port to listen on, 0 for any free one (default 8000)\n"
    "  --scenario NAME  a scenario to play: a shipped name, or a file\n";

/// Keeps the run on the disk, so that ctxlab can open it after a crash; null if there is no place for it.
std::unique_ptr<lab::run_keeper> keep(lab::laboratory& l) {
    try {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const lab::recording_header header{
            .program = CTXLAB_VERSION,
            .began_unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count(),
            .first = l.lives().front()};
        return std::make_unique<lab::run_keeper>(
            l.log(), header, [&l] { return l.lives(); }, lab::runs_folder());
    } catch (const lab::input_error& e) {
        std::cerr << "this run is not kept: " << e.what() << '\n';
        return nullptr;
    }
}

/// Blocks the signals that end the server, in this thread and all it starts, so that one thread can wait for
/// them.
sigset_t block_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    return ends;
}

/// Says once, when there has been time to find out, if the run cannot be kept.
void wait_for_end(const sigset_t& ends, const lab::run_keeper* keeper) {
    const timespec while_it_tries{.tv_sec = 2, .tv_nsec = 0};
    if (sigtimedwait(&ends, nullptr, &while_it_tries) > 0) return;
    if (keeper && !keeper->problem().empty())
        std::cerr << "this run is not kept: " << keeper->problem() << std::endl;
    int received = 0;
    sigwait(&ends, &received);
}

} // namespace

int serve_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {"--port", "--scenario"}, .flags = {"--help"}});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    const auto port = static_cast<std::uint16_t>(o.integer("--port", 0, 65535).value_or(8000));
    std::shared_ptr<const lab::scenario> play;
    if (const auto name = o.text("--scenario"))
        play = std::make_shared<lab::scenario>(lab::find_scenario(*name));
    const sigset_t ends = block_signals();

    const bool real = play && play->needs_sockets();
    lab::laboratory lab({.mode = real ? lab::clock_mode::real_time : lab::clock_mode::virtual_time});
    const std::unique_ptr<lab::run_keeper> keeper = keep(lab);
    try {
        net::service http(lab, {.port = port});
        std::cout << "listening on " << http.address() << std::endl;
        if (play) lab.post(lab::reset_lab{play}, {}, "scenario");
        wait_for_end(ends, keeper.get());
        return 0;
    } catch (const net::listen_error& e) {
        throw usage_error(e.what());
    }
}

} // namespace cli
