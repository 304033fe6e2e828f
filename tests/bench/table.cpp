// SPDX-License-Identifier: MIT
#include "table.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <stdexcept>

namespace bench {

namespace {

std::string value_text(const std::optional<double>& v) {
    return v ? shown(*v) : "";
}

std::string ratio_text(const row& r) {
    return r.ratio() ? shown(*r.ratio()) : "";
}

std::string shortest(double v) {
    std::string s = std::to_string(v);
    while (s.back() == '0') s.pop_back();
    if (s.back() == '.') s.pop_back();
    return s;
}

} // namespace

std::string aim_text(const row& r) {
    if (r.at_most) return "<= " + shortest(*r.at_most) + " " + r.unit;
    if (!r.aim) return {};
    return shortest(*r.aim) + " x" + (r.one_load ? " or a load" : "");
}

std::string reached_text(const row& r) {
    if (!r.has_aim()) return {};
    if (r.at_most ? !r.ctx_value : !r.measured()) return r.reached() ? "yes" : "not measured";
    return r.reached() ? "yes" : "no";
}

void print_table(const std::vector<row>& rows, std::ostream& out) {
    std::size_t widest = 10;
    for (const row& r : rows) widest = std::max(widest, r.title.size());
    const auto line = [&](const std::string& title, const std::string& unit, const std::string& go,
                          const std::string& ctx, const std::string& ratio, const std::string& aim,
                          const std::string& reached) {
        out << std::left << std::setw(static_cast<int>(widest)) << title << "  " << std::setw(5) << unit
            << std::right << std::setw(10) << go << std::setw(10) << ctx << std::setw(8) << ratio << "  "
            << std::left << std::setw(16) << aim << reached << '\n';
    };
    line("row", "unit", "Go", "ctx", "ratio", "aim", "reached");
    for (const row& r : rows)
        line(r.title, r.unit, value_text(r.go_value), value_text(r.ctx_value), ratio_text(r), aim_text(r),
             reached_text(r));
}

bool print_verdict(const std::vector<row>& rows, std::ostream& out) {
    const auto asked = std::count_if(rows.begin(), rows.end(), [](const row& r) { return r.has_aim(); });
    const auto short_of =
        std::count_if(rows.begin(), rows.end(), [](const row& r) { return reached_text(r) == "no"; });
    const auto unknown = std::count_if(rows.begin(), rows.end(),
                                       [](const row& r) { return reached_text(r) == "not measured"; });
    out << '\n' << asked - short_of - unknown << " of " << asked << " aims reached";
    if (unknown) out << ", " << unknown << " could not be compared with Go";
    out << '\n';
    return short_of == 0;
}

void write_json(const std::vector<row>& rows, const figures& cpp, const figures& go,
                const std::filesystem::path& file) {
    const auto optional = [](const std::optional<double>& v) {
        return v ? nlohmann::json(*v) : nlohmann::json(nullptr);
    };
    const auto rounds = [](const figures& f, const std::string& name, const std::string& metric) {
        const auto found = f.find(name);
        if (found == f.end() || !found->second.count(metric)) return nlohmann::json::array();
        return nlohmann::json(found->second.at(metric));
    };
    auto all = nlohmann::json::array();
    for (const row& r : rows)
        all.push_back({{"row", r.name},
                       {"title", r.title},
                       {"unit", r.unit},
                       {"go", optional(r.go_value)},
                       {"ctx", optional(r.ctx_value)},
                       {"ratio", optional(r.ratio())},
                       {"aim", optional(r.aim)},
                       {"at_most", optional(r.at_most)},
                       {"reached", r.has_aim() ? nlohmann::json(r.reached()) : nlohmann::json(nullptr)},
                       {"go_rounds", rounds(go, r.twin, r.metric)},
                       {"ctx_rounds", rounds(cpp, r.name, r.metric)}});
    std::ofstream out(file);
    out << nlohmann::json{{"rows", std::move(all)}}.dump(1) << '\n';
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

} // namespace bench
