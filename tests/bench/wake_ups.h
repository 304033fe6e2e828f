// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace test {

/// How often the threads of this process, but not the calling one, have been given a processor so far: each
/// of their context switches, voluntary or not, as Linux counts them.
inline long wake_ups_of_other_threads() {
    long sum = 0;
    const std::string self = std::to_string(::gettid());
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        if (task.path().filename() == self) continue;
        std::ifstream status(task.path() / "status");
        for (std::string word; status >> word;) {
            long n = 0;
            if (word.find("ctxt_switches:") != std::string::npos && status >> n) sum += n;
        }
    }
    return sum;
}

} // namespace test
