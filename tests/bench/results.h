// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
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
    std::optional<double> aim;               ///< times better than Go
    std::optional<double> or_at_most;        ///< or else this, where Go itself has become better
    std::optional<double> at_most, at_least; ///< whatever Go does
    bool one_load = false;                   ///< or else as cheap as a load
    bool heavy = false;                      ///< takes long: fewer rounds
    bool go = true;                          ///< has a twin

    std::optional<double> ctx_value, go_value, load_value;

    std::optional<double> ratio() const;
    bool has_aim() const { return aim || at_most || at_least; }
    /// Empty if it has no aim, or what it needs was not measured.
    std::optional<bool> reached() const;
};

/// How a cost grows from 1 to 1 000 000 of something.
struct series {
    std::string name, title, metric;
    double work = 1;                                ///< the power of n with which the work grows
    std::vector<std::pair<double, double>> ctx, go; ///< n, and nanoseconds as the metric has them

    /// By which power of n the cost grows beyond the work, from 100 on; empty without figures.
    std::optional<double> excess(const std::vector<std::pair<double, double>>& points) const;
};
/// What its row is called in the table.
inline std::string growth_title(const series& s) {
    return "growth beyond the work: " + s.title;
}
/// Caches end somewhere between a hundred and a million contexts.
constexpr double excess_allowed = 0.2;

/// The same work by others, beside a row of ours.
struct peer {
    std::string name, title, unit;
    bool heavy = false;
    std::map<std::string, std::string> rows;             ///< `stop`, `plain`: their rows
    std::map<std::string, std::optional<double>> values; ///< and `ctx`
    std::string metric;
};

struct results {
    std::vector<row> rows;
    std::vector<series> growth;
    std::vector<peer> peers;
};

/// Throws std::runtime_error that names the file and what is wrong with it.
results read_rows(const std::filesystem::path& file);
/// Takes what was measured; rows that were not are left out.
void fill(results& r, const figures& cpp, const figures& go);

/// `1.23`, `45.6`, `789`, `12 345`
std::string shown(double v);

} // namespace bench
