// SPDX-License-Identifier: MIT
#include "lab/moments.h"
#include "lab/random_log.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>

/// What moments cost: a million events with 100,000 contexts and as many workers, measured.
namespace {

double ms_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

double resident_mb() {
    std::ifstream in("/proc/self/statm");
    double pages = 0, resident = 0;
    in >> pages >> resident;
    return resident * 4096 / 1048576;
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t events = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
    const std::size_t contexts = argc > 2 ? std::stoul(argv[2]) : 100'000;
    const std::vector<lab::event> log = random_log({.events = events, .contexts = contexts});
    const double before = resident_mb();
    {
        const auto began = std::chrono::steady_clock::now();
        lab::state s;
        for (const lab::event& e : log) s.apply(e);
        std::printf("plain fold: %.0f ms, %.0f ns an event, %zu contexts, %zu workers, %.0f MB\n",
                    ms_since(began), ms_since(began) * 1e6 / static_cast<double>(events), s.contexts().size(),
                    s.workers().size(), resident_mb() - before);
    }
#ifndef PLAIN_FOLD_ONLY
    const auto began = std::chrono::steady_clock::now();
    lab::moments past{std::span<const lab::event>(log)};
    while (past.advance()) {
    }
    const lab::moments::figures f = past.costs();
    std::printf("build: %.0f ms, %.0f MB resident, %zu checkpoints of %.0f MB, %zu events apart\n",
                ms_since(began), resident_mb() - before, f.checkpoints,
                static_cast<double>(f.bytes) / 1048576, f.spacing);
    std::mt19937_64 random(1);
    std::vector<double> took;
    for (int i = 0; i < 500; ++i) {
        const std::uint64_t seq = 1 + random() % events;
        const auto from = std::chrono::steady_clock::now();
        const lab::state s = past.at(seq);
        took.push_back(ms_since(from));
        if (s.seq() != seq) return 1;
    }
    std::sort(took.begin(), took.end());
    std::printf("at, anywhere: median %.2f ms, worst %.2f ms\n", took[took.size() / 2], took.back());
    took.clear();
    for (std::uint64_t seq = events / 2; seq > events / 2 - 5000; --seq) {
        const auto from = std::chrono::steady_clock::now();
        if (past.at(seq).seq() != seq) return 1;
        took.push_back(ms_since(from));
    }
    std::sort(took.begin(), took.end());
    std::printf("at, one event back: median %.3f ms, worst %.2f ms\n", took[took.size() / 2], took.back());
#endif
    return 0;
}
