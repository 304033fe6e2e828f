// SPDX-License-Identifier: MIT
#include "results.h"

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace bench {

namespace {

using nlohmann::json;
using points = std::vector<std::pair<double, double>>;

/// A check that takes as long as this many loads in a row is still little more than one: a call, a test and a
/// branch come with it.
constexpr double loads = 4;

std::string with_threads(const std::string& name, int threads) {
    return threads == 1 ? name : name + "/threads:" + std::to_string(threads);
}

std::optional<double> number(const json& j, const char* member) {
    if (!j.contains(member)) return {};
    return j.at(member).get<double>();
}

row read_row(const json& r, int threads, const json& aim) {
    row made;
    const auto name = r.at("name").get<std::string>();
    made.area = r.at("area");
    made.threads = threads;
    made.name = with_threads(name, threads);
    made.twin = with_threads(r.value("twin", name), threads);
    made.title = r.at("title").get<std::string>();
    if (threads != 1) made.title += ", " + std::to_string(threads) + " threads";
    made.metric = r.value("metric", "");
    made.unit = r.value("unit", "ns");
    if (aim.is_number()) made.aim = aim.get<double>();
    made.or_at_most = number(r, "or_at_most");
    made.at_most = number(r, "at_most");
    made.at_least = number(r, "at_least");
    made.one_load = r.value("one_load", false);
    made.heavy = r.value("heavy", false);
    made.go = r.value("go", true);
    return made;
}

void read_peers(const json& p, results& r) {
    for (const int threads : p.at("threads")) {
        peer made;
        const auto name = p.at("name").get<std::string>();
        made.name = with_threads(name, threads);
        made.heavy = p.value("heavy", false);
        for (const json& other : p.at("with"))
            made.rows[other] = with_threads(name + "@" + other.get<std::string>(), threads);
        for (const row& mine : r.rows)
            if (mine.name == made.name) {
                made.title = mine.title;
                made.unit = mine.unit;
                made.metric = mine.metric;
            }
        if (made.title.empty()) throw std::runtime_error("peers of '" + made.name + "', which is not a row");
        r.peers.push_back(std::move(made));
    }
}

points take_points(const figures& f, const series& s, int threads) {
    points found;
    for (long n = 1; n <= 1'000'000; n *= 10)
        if (const auto v = median(f, with_threads(s.name + "/" + std::to_string(n), threads), s.metric))
            found.emplace_back(static_cast<double>(n), *v);
    return found;
}

} // namespace

std::optional<double> row::ratio() const {
    if (!ctx_value || !go_value || *ctx_value <= 0) return {};
    return *go_value / *ctx_value;
}

std::optional<bool> row::reached() const {
    if (!has_aim() || !ctx_value) return {};
    if (at_most) return *ctx_value <= *at_most;
    if (at_least) return *ctx_value >= *at_least;
    if (one_load && load_value && *ctx_value <= *load_value * loads) return true;
    if (or_at_most && *ctx_value <= *or_at_most) return true;
    if (!ratio()) return {};
    return *ratio() >= *aim;
}

std::optional<double> series::excess(const points& all) const {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0; // the line through the logarithms, by least squares
    for (const auto& [size, cost] : all) {
        if (size < 100 || cost <= 0) continue;
        const double lx = std::log(size), ly = std::log(cost);
        n += 1, x += lx, y += ly, xx += lx * lx, xy += lx * ly;
    }
    if (n < 3) return {};
    const double slope = (n * xy - x * y) / (n * xx - x * x);
    return slope - (metric == "ns/item" ? work - 1 : work);
}

results read_rows(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    results r;
    try {
        const json all = json::parse(in);
        for (const json& one : all.at("rows"))
            for (const auto& [threads, aim] : one.at("aim").items())
                r.rows.push_back(read_row(one, std::stoi(threads), aim));
        for (const json& g : all.at("growth"))
            r.growth.push_back({g.at("name"), g.at("title"), g.at("metric"), g.at("work"), {}, {}});
        for (const json& p : all.at("peers")) read_peers(p, r);
    } catch (const std::exception& e) {
        throw std::runtime_error(file.string() + ": " + e.what());
    }
    return r;
}

void fill(results& r, const figures& cpp, const figures& go) {
    for (row& one : r.rows) {
        one.ctx_value = median(cpp, one.name, one.metric);
        one.load_value = median(cpp, with_threads("one_load", one.threads), "");
        if (!one.go) continue;
        one.go_value = median(go, one.twin, one.metric);
        // A benchmark that counts in batches says its own figure.
        if (const auto own = median(go, one.twin, "ns/worker"); own && one.metric.empty()) one.go_value = own;
    }
    for (series& s : r.growth) {
        s.ctx = take_points(cpp, s, 1);
        s.go = take_points(go, s, 2); // its scheduler and collector have both processors
        row made;
        made.area = "growth";
        made.name = made.twin = s.name;
        made.title = growth_title(s);
        made.metric = s.metric;
        made.at_most = excess_allowed;
        made.ctx_value = s.excess(s.ctx);
        made.go_value = s.excess(s.go);
        made.go = false; // powers have no ratio
        r.rows.push_back(std::move(made));
    }
    for (peer& p : r.peers) {
        p.values["ctx"] = median(cpp, p.name, p.metric);
        for (const auto& [other, name] : p.rows) p.values[other] = median(cpp, name, p.metric);
    }
    std::erase_if(r.rows, [](const row& one) { return !one.ctx_value; });
    std::erase_if(r.growth, [](const series& s) { return s.ctx.empty(); });
    std::erase_if(r.peers, [](const peer& p) {
        for (const auto& [who, value] : p.values)
            if (who != "ctx" && value) return false;
        return true;
    });
}

} // namespace bench
