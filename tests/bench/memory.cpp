// SPDX-License-Identifier: MIT
#include "bench.h"
#include "waiting.h"

#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

/// What a context and a waiting worker weigh: by how much the process grows for very many of them.
namespace {

std::atomic<long> held{0}; ///< bytes that operator new has given and not got back

} // namespace

// Not inlined: GCC would then see free() behind a new expression, and warn.
[[gnu::noinline]] static void* take(void* p) {
    if (!p) throw std::bad_alloc();
    held.fetch_add(static_cast<long>(::malloc_usable_size(p)), std::memory_order_relaxed);
    return p;
}
[[gnu::noinline]] static void give_back(void* p) noexcept {
    if (p) held.fetch_sub(static_cast<long>(::malloc_usable_size(p)), std::memory_order_relaxed);
    std::free(p);
}

void* operator new(std::size_t n) {
    return take(std::malloc(n > 0 ? n : 1));
}
void* operator new(std::size_t n, std::align_val_t a) {
    const auto align = static_cast<std::size_t>(a);
    return take(std::aligned_alloc(align, (n + align - 1) / align * align));
}
void operator delete(void* p) noexcept {
    give_back(p);
}
void operator delete(void* p, std::size_t) noexcept {
    give_back(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
    give_back(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
    give_back(p);
}

namespace {

using namespace bench;

const ctx::key<int> number{"number"};

struct footprint {
    double rss = 0, heap = 0;
};

double resident_bytes() {
    long total = 0, resident = 0;
    std::FILE* f = std::fopen("/proc/self/statm", "r");
    const bool read = f && std::fscanf(f, "%ld %ld", &total, &resident) == 2;
    if (f) std::fclose(f);
    return read ? static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

/// The growth of a new process by build(), an item: memory that an earlier row gave back would not be seen.
template <class F>
footprint in_a_new_process(benchmark::State& state, F build) {
    int ends[2];
    footprint found;
    if (::pipe(ends) != 0) {
        state.SkipWithError("no pipe");
        return found;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const footprint mine = build();
        ::_exit(::write(ends[1], &mine, sizeof mine) == sizeof mine ? 0 : 1);
    }
    ::close(ends[1]);
    const bool told = ::read(ends[0], &found, sizeof found) == sizeof found;
    ::close(ends[0]);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0 || !told)
        state.SkipWithError("the process failed");
    return found;
}

template <class F>
footprint growth(std::size_t n, F build) {
    const double rss = resident_bytes();
    const auto heap = static_cast<double>(held.load());
    build();
    const auto items = static_cast<double>(n);
    return {(resident_bytes() - rss) / items, (static_cast<double>(held.load()) - heap) / items};
}

void report(benchmark::State& state, const footprint& f) {
    state.counters["rss"] = f.rss;
    state.counters["heap"] = f.heap;
}

/// Room for the handles is there before the counting starts, on both sides.
template <class Handle, class Make>
void many(benchmark::State& state, Make make) {
    constexpr std::size_t n = 1'000'000;
    for (auto _ : state)
        report(state, in_a_new_process(state, [&] {
                   const auto parent = ctx::with_cancel(ctx::background());
                   std::vector<Handle> kept(n, Handle{});
                   kept.front() = make(parent.context, 0); // starts what is started once
                   return growth(n, [&] {
                       for (std::size_t i = 0; i < n; ++i)
                           kept[i] = make(parent.context, static_cast<int>(i));
                   });
               }));
}

void bytes_with_cancel(benchmark::State& state) {
    many<ctx::cancelable>(state, [](const ctx::context& parent, int) { return ctx::with_cancel(parent); });
}
BENCHMARK(bytes_with_cancel)->Iterations(1);

void bytes_with_timeout(benchmark::State& state) {
    many<ctx::cancelable>(state,
                          [](const ctx::context& parent, int) { return ctx::with_timeout(parent, 1h); });
}
BENCHMARK(bytes_with_timeout)->Iterations(1);

void bytes_with_value(benchmark::State& state) {
    many<ctx::context>(
        state, [](const ctx::context& parent, int i) { return ctx::with_value(parent, number, 1000 + i); });
}
BENCHMARK(bytes_with_value)->Iterations(1);

void bytes_after_func(benchmark::State& state) {
    many<ctx::stop_func>(state,
                         [](const ctx::context& parent, int) { return ctx::after_func(parent, [] {}); });
}
BENCHMARK(bytes_after_func)->Iterations(1);

void bytes_parked_worker(benchmark::State& state) {
    constexpr long n = 100'000;
    for (auto _ : state)
        report(state, in_a_new_process(state, [] {
                   static ctx::pool_scheduler pool(1);
                   static const auto made = ctx::with_cancel(ctx::background());
                   const auto start = [](long count) { start_waiting(pool, made.context, nullptr, count); };
                   start(1);
                   return growth(n, [&] { start(n); });
               }));
}
BENCHMARK(bytes_parked_worker)->Iterations(1);

} // namespace
