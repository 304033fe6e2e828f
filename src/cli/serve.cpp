// SPDX-License-Identifier: MIT
#include "cli/serve.h"

#include "cli/options.h"
#include "cli/usage_error.h"
#include "net/service.h"

#include <csignal>
#include <iostream>
#include <memory>

namespace cli {
namespace {

constexpr const char* help = "usage: ctxlab-cli serve [--port N] [--scenario NAME]\n\n"
                             "Runs the laboratory and its web server until SIGINT or SIGTERM.\n\n"
                             "  --port N         port to listen on, 0 for any free one (default 8000)\n"
                             "  --scenario NAME  a scenario to play: a shipped name, or a file\n";

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
    try {
        net::service http(lab, {.port = port});
        std::cout << "listening on " << http.address() << std::endl;
        if (play) lab.post(lab::reset_lab{play}, {}, "scenario");
        int received = 0;
        sigwait(&ends, &received);
        return 0;
    } catch (const net::listen_error& e) {
        throw usage_error(e.what());
    }
}

} // namespace cli
