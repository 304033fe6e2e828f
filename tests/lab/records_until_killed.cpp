// SPDX-License-Identifier: MIT
#include "lab/run_keeper.h"

#include <charconv>
#include <chrono>
#include <cstring>
#include <iostream>
#include <thread>

/// Records into the folder that it is given until somebody kills it, and prints what it appends and when.
/// `idle` as the second argument: one event only.
int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const bool idle = argc > 2 && std::strcmp(argv[2], "idle") == 0;
    lab::event_log log;
    const lab::run_keeper keeper(log, {.program = "test"}, {}, argv[1]);
    log.append({.kind = lab::event_kind::lab_started, .name = "tale", .text = "A tale"});
    std::cout << "began" << std::endl;
    if (idle) log.wait_after(1, std::chrono::hours(1));
    for (;;) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        log.append({.wall_ns = now.count(), .kind = lab::event_kind::note, .text = "tick"});
        std::this_thread::sleep_for(std::chrono::milliseconds(1)); // the pace at which something happens
    }
}
