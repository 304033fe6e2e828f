// SPDX-License-Identifier: MIT
#include "plan.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <regex>
#include <set>

namespace bench {

namespace {

struct filters {
    std::set<std::string> cpp, go_one, go_two;
};

/// In the order in which areas are first asked for.
class areas {
  public:
    filters& operator[](const std::string& name) {
        if (std::find(order_.begin(), order_.end(), name) == order_.end()) order_.push_back(name);
        return by_name_[name];
    }
    const std::vector<std::string>& order() const { return order_; }

  private:
    std::vector<std::string> order_;
    std::map<std::string, filters> by_name_;
};

/// Decorations of Google Benchmark stand before the threads of a benchmark and behind an argument `threads`.
std::string cpp_filter(const std::string& name) {
    const std::string decoration = "(/(real_time|manual_time|iterations:[0-9]+))*";
    const auto threads = name.find("/threads:");
    if (threads == std::string::npos) return "^" + name + decoration + "(/threads:1)?" + decoration + "$";
    return "^" + name.substr(0, threads) + decoration + name.substr(threads) + decoration + "$";
}

std::string go_filter(const std::string& name) {
    std::string filter = "^Benchmark_";
    for (const char c : name.substr(0, name.find("/threads:")))
        filter += c == '/' ? std::string("$/^") : std::string(1, c);
    return filter + "$";
}

std::string joined(const std::set<std::string>& all) {
    std::string text;
    for (const std::string& s : all) text += (text.empty() ? "" : "|") + s;
    return text.empty() ? "-" : text;
}

bool matches(const std::string& name, const std::string& title, const std::regex& pattern) {
    return std::regex_search(name, pattern) || std::regex_search(title, pattern);
}

void plan_rows(const results& all, const std::regex& pattern, bool heavy, areas& plan) {
    for (const row& r : all.rows) {
        if (r.heavy != heavy || !matches(r.name, r.title, pattern)) continue;
        filters& f = plan[r.area];
        f.cpp.insert(cpp_filter(r.name));
        if (r.one_load) f.cpp.insert(cpp_filter(r.threads == 1 ? "one_load" : "one_load/threads:2"));
        if (r.go) (r.threads == 1 ? f.go_one : f.go_two).insert(go_filter(r.twin));
    }
    for (const peer& p : all.peers)
        if (p.heavy == heavy && matches(p.name, p.title, pattern))
            for (const auto& [who, name] : p.rows) plan["peers"].cpp.insert(cpp_filter(name));
    for (const series& s : all.growth) {
        if (!heavy || !matches(s.name, growth_title(s), pattern)) continue;
        filters& f = plan["growth"];
        f.cpp.insert("^" + s.name + "/");
        f.go_two.insert(go_filter(s.name));
    }
}

} // namespace

void print_plan(const results& all, const std::string& wanted, bool heavy) {
    areas plan;
    plan_rows(all, std::regex(wanted), heavy, plan);
    for (const std::string& name : plan.order()) {
        const filters& f = plan[name];
        std::cout << name << '\t' << joined(f.cpp) << '\t' << joined(f.go_one) << '\t' << joined(f.go_two)
                  << '\n';
    }
}

void print_list(const results& all, const std::string& wanted) {
    const std::regex pattern(wanted);
    const auto line = [&](const std::string& name, const std::string& title) {
        if (matches(name, title, pattern)) std::cout << std::left << std::setw(40) << name << title << '\n';
    };
    for (const row& r : all.rows) line(r.name, r.title);
    for (const series& s : all.growth) line(s.name, s.title + ", from 1 to 1 000 000");
}

} // namespace bench
