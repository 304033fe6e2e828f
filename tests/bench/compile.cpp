// SPDX-License-Identifier: MIT
#include "bench.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

/// What the umbrella header costs whoever includes it.
namespace {

using namespace bench;

class workplace {
  public:
    workplace()
        : folder_(std::filesystem::temp_directory_path() / ("ctx_compile_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~workplace() { std::filesystem::remove_all(folder_); }
    workplace(const workplace&) = delete;

    /// The quickest of some compilations, in seconds.
    double compile(const std::string& text) const {
        const auto source = folder_ / "consumer.cpp", object = folder_ / "consumer.o";
        std::ofstream(source) << text;
        const std::string command = COMPILER " -std=c++20 -O2 -I" INCLUDES " -c '" + source.string() +
                                    "' -o '" + object.string() + "'";
        double best = 1e300;
        for (int i = 0; i < 3; ++i)
            best = std::min(best, nanoseconds([&] {
                                if (std::system(command.c_str()) != 0)
                                    throw std::runtime_error("cannot compile: " + command);
                            }));
        return best / 1e9;
    }
    double object_bytes() const {
        return static_cast<double>(std::filesystem::file_size(folder_ / "consumer.o"));
    }

  private:
    std::filesystem::path folder_;
};

void umbrella_header(benchmark::State& state) {
    const workplace place;
    for (auto _ : state) {
        const double empty = place.compile("int main() {}\n");
        const double bytes = place.object_bytes();
        state.counters["s"] = place.compile("#include \"ctx/ctx.h\"\nint main() {}\n") - empty;
        state.counters["bytes"] = place.object_bytes() - bytes;
    }
}
BENCHMARK(umbrella_header)->Iterations(1);

} // namespace
