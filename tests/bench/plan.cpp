// SPDX-License-Identifier: MIT
#include "plan.h"

#include <iomanip>
#include <iostream>
#include <regex>
#include <set>

namespace bench {

namespace {

struct filters {
    std::set<std::string> cpp, go_one, go_two;
};

std::string base(const std::string& name) {
    return name.substr(0, name.find("/threads:"));
}

/// Decorations of Google Benchmark stand before the threads of a benchmark and behind an argument `threads`.
std::string cpp_filter(const row& r) {
    const std::string decoration = "(/(real_time|manual_time|iterations:[0-9]+))*";
    const std::string threads = r.threads == 1 ? "(/threads:1)?" : "/threads:" + std::to_string(r.threads);
    return "^" + base(r.name) + decoration + threads + decoration + "$";
}

std::string go_filter(const row& r) {
    std::string filter = "^Benchmark_";
    for (const char c : base(r.twin)) filter += c == '/' ? std::string("$/^") : std::string(1, c);
    return filter + "$";
}

bool matches(const row& r, const std::regex& pattern) {
    return std::regex_search(r.name, pattern) || std::regex_search(r.title, pattern);
}

std::string joined(const std::set<std::string>& all) {
    std::string text;
    for (const std::string& s : all) text += (text.empty() ? "" : "|") + s;
    return text.empty() ? "-" : text;
}

} // namespace

void print_plan(const std::vector<row>& rows, const std::string& wanted, bool heavy) {
    const std::regex pattern(wanted);
    std::vector<std::string> areas; // in the order of the table
    std::map<std::string, filters> by_area;
    for (const row& r : rows) {
        if (r.heavy != heavy || !matches(r, pattern)) continue;
        if (!by_area.count(r.area)) areas.push_back(r.area);
        filters& f = by_area[r.area];
        f.cpp.insert(cpp_filter(r));
        if (r.one_load)
            f.cpp.insert(r.threads == 1 ? "^one_load/real_time/threads:1$"
                                        : "^one_load/real_time/threads:2$");
        if (r.go) (r.threads == 1 ? f.go_one : f.go_two).insert(go_filter(r));
    }
    for (const std::string& a : areas) {
        const filters& f = by_area[a];
        std::cout << a << '\t' << joined(f.cpp) << '\t' << joined(f.go_one) << '\t' << joined(f.go_two)
                  << '\n';
    }
}

void print_list(const std::vector<row>& rows, const std::string& wanted) {
    const std::regex pattern(wanted);
    for (const row& r : rows)
        if (matches(r, pattern)) std::cout << std::left << std::setw(36) << r.name << r.title << '\n';
}

} // namespace bench
