// SPDX-License-Identifier: MIT
#include "table.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <stdexcept>

namespace bench {

namespace {

using texts = std::vector<std::string>;

const texts head_of_rows{"row", "unit", "Go", "ctx", "ratio", "aim", "reached"};
const texts head_of_peers{"the same work by others", "unit", "std::stop", "plain", "ctx"};

std::string value_text(const std::optional<double>& v) {
    return v ? shown(*v) : "";
}

/// Without zeros at the end.
std::string shortest(double v) {
    std::string s = std::to_string(v);
    while (s.back() == '0') s.pop_back();
    if (s.back() == '.') s.pop_back();
    return s;
}

std::string aim_text(const row& r) {
    const std::string unit = r.unit == "x" ? " x" : r.unit.empty() ? "" : " " + r.unit;
    if (r.at_most) return "<= " + shortest(*r.at_most) + unit;
    if (r.at_least) return ">= " + shortest(*r.at_least) + unit;
    if (!r.aim) return {};
    if (r.or_at_most) return shortest(*r.aim) + " x or " + shortest(*r.or_at_most) + unit;
    return shortest(*r.aim) + " x" + (r.one_load ? " or a load" : "");
}

std::string reached_text(const row& r) {
    if (!r.has_aim()) return {};
    const auto reached = r.reached();
    return !reached ? "not measured" : *reached ? "yes" : "no";
}

/// The first column and the words to the left, figures to the right.
void print_lines(const std::vector<texts>& lines, std::size_t first_figure, std::size_t after_figures,
                 std::ostream& out) {
    std::vector<std::size_t> widths(lines.front().size());
    for (const texts& l : lines)
        for (std::size_t i = 0; i < l.size(); ++i) widths[i] = std::max(widths[i], l[i].size());
    for (const texts& l : lines) {
        for (std::size_t i = 0; i < l.size(); ++i) {
            const bool figure = i >= first_figure && i < after_figures;
            out << (figure ? std::right : std::left) << std::setw(static_cast<int>(widths[i])) << l[i];
            out << (i + 1 < l.size() ? "  " : "\n");
        }
    }
}

} // namespace

texts cells(const row& r) {
    return {r.title,
            r.unit,
            value_text(r.go_value),
            value_text(r.ctx_value),
            value_text(r.go ? r.ratio() : std::nullopt),
            aim_text(r),
            reached_text(r)};
}

texts cells(const peer& p) {
    const auto value = [&](const char* who) {
        const auto found = p.values.find(who);
        return found == p.values.end() ? std::string() : value_text(found->second);
    };
    return {p.title, p.unit, value("stop"), value("plain"), value("ctx")};
}

void print_table(const results& all, std::ostream& out) {
    std::vector<texts> lines{head_of_rows};
    for (const row& r : all.rows) lines.push_back(cells(r));
    print_lines(lines, 2, 5, out);
    if (all.peers.empty()) return;
    out << '\n';
    lines = {head_of_peers};
    for (const peer& p : all.peers) lines.push_back(cells(p));
    print_lines(lines, 2, 5, out);
}

bool print_verdict(const results& all, std::ostream& out) {
    int asked = 0, reached = 0, unknown = 0;
    for (const row& r : all.rows) {
        if (!r.has_aim()) continue;
        ++asked;
        if (!r.reached())
            ++unknown;
        else if (*r.reached())
            ++reached;
    }
    out << '\n' << reached << " of " << asked << " aims reached";
    if (unknown) out << ", " << unknown << " could not be compared with Go";
    out << '\n';
    return reached + unknown == asked;
}

void write_json(const results& all, const figures& cpp, const figures& go,
                const std::filesystem::path& file) {
    using nlohmann::json;
    const auto optional = [](const std::optional<double>& v) { return v ? json(*v) : json(nullptr); };
    const auto rounds = [](const figures& f, const std::string& name, const std::string& metric) {
        const auto found = f.find(name);
        if (found == f.end() || !found->second.count(metric)) return json::array();
        return json(found->second.at(metric));
    };
    json rows = json::array(), growth = json::array(), peers = json::array();
    for (const row& r : all.rows)
        rows.push_back({{"row", r.name},
                        {"title", r.title},
                        {"unit", r.unit},
                        {"go", optional(r.go_value)},
                        {"ctx", optional(r.ctx_value)},
                        {"ratio", optional(r.go ? r.ratio() : std::nullopt)},
                        {"aim", optional(r.aim)},
                        {"or_at_most", optional(r.or_at_most)},
                        {"or_a_load", r.one_load},
                        {"at_most", optional(r.at_most)},
                        {"at_least", optional(r.at_least)},
                        {"reached", r.reached() ? json(*r.reached()) : json(nullptr)},
                        {"go_rounds", rounds(go, r.twin, r.metric)},
                        {"ctx_rounds", rounds(cpp, r.name, r.metric)}});
    for (const series& s : all.growth)
        growth.push_back(
            {{"row", s.name}, {"title", s.title}, {"work", s.work}, {"go", s.go}, {"ctx", s.ctx}});
    for (const peer& p : all.peers) {
        json values;
        for (const auto& [who, value] : p.values) values[who] = optional(value);
        peers.push_back(
            {{"row", p.name}, {"title", p.title}, {"unit", p.unit}, {"values", std::move(values)}});
    }
    std::ofstream out(file);
    out << json{{"rows", rows}, {"growth", growth}, {"peers", peers}}.dump(1) << '\n';
    out.close();
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

} // namespace bench
