// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

/// What the programs of both sides measured, and what is asked of it.
namespace bench {

/// By row, then by metric; the empty metric is nanoseconds an operation. One figure a round.
using figures = std::map<std::string, std::map<std::string, std::vector<double>>>;

/// Reads what Google Benchmark wrote with --benchmark_out.
void read_cpp(const std::filesystem::path& file, figures& into);
/// Reads what a Go test binary printed.
void read_go(const std::filesystem::path& file, figures& into);

std::optional<double> median(const figures& f, const std::string& name, const std::string& metric);

/// A line of the table.
struct row {
    std::string area, name, twin, title, metric, unit;
    int threads = 1;
    std::optional<double> aim;     ///< times better than Go
    std::optional<double> at_most; ///< whatever Go does
    bool one_load = false;         ///< or else as cheap as a load
    bool heavy = false;            ///< takes long: fewer rounds
    bool go = true;                ///< has a twin

    std::optional<double> ctx_value, go_value, load_value;

    bool measured() const { return ctx_value && (go_value || !go); }
    std::optional<double> ratio() const;
    bool has_aim() const { return aim || at_most; }
    bool reached() const;
};

/// Throws std::runtime_error that names the file and what is wrong with it.
std::vector<row> read_rows(const std::filesystem::path& file);
void fill(std::vector<row>& rows, const figures& cpp, const figures& go);

/// `1.23`, `45.6`, `789`, `12 345`
std::string shown(double v);

} // namespace bench
