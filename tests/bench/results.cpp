// SPDX-License-Identifier: MIT
#include "results.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace bench {

namespace {

using nlohmann::json;

json parse(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    try {
        return json::parse(in);
    } catch (const json::exception& e) {
        throw std::runtime_error(file.string() + ": " + e.what());
    }
}

} // namespace

void read_cpp(const std::filesystem::path& file, figures& into) {
    static const std::regex decoration("/(real_time|manual_time|iterations:[0-9]+|threads:1)(?=/|$)");
    static const std::vector<std::string> known{"name", "run_name", "run_type", "time_unit",
                                                "aggregate_name"};
    const json all = parse(file);
    for (const json& b : all.at("benchmarks")) {
        const auto name = std::regex_replace(b.at("name").get<std::string>(), decoration, "");
        if (b.value("error_occurred", false))
            throw std::runtime_error(file.string() + ": " + name + ": " + b.value("error_message", "failed"));
        auto& row = into[name];
        row[""].push_back(b.at("real_time").get<double>());
        for (const auto& [key, value] : b.items())
            if (value.is_number() && std::find(known.begin(), known.end(), key) == known.end())
                row[key].push_back(value.get<double>());
    }
}

void read_go(const std::filesystem::path& file, figures& into) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    static const std::regex head("Benchmark_(\\S+?)(-[0-9]+)?");
    for (std::string line; std::getline(in, line);) {
        if (line.find("--- FAIL") != std::string::npos) throw std::runtime_error(file.string() + ": " + line);
        std::istringstream words(line);
        std::string word, unit;
        std::smatch found;
        long runs = 0;
        if (!(words >> word >> runs) || !std::regex_match(word, found, head)) continue;
        const std::string threads = found[2].matched ? "/threads:" + found[2].str().substr(1) : "";
        for (double v = 0; words >> v >> unit;)
            into[found[1].str() + threads][unit == "ns/op" ? "" : unit].push_back(v);
    }
}

std::optional<double> median(const figures& f, const std::string& name, const std::string& metric) {
    const auto row = f.find(name);
    if (row == f.end()) return {};
    const auto found = row->second.find(metric);
    if (found == row->second.end() || found->second.empty()) return {};
    std::vector<double> v = found->second;
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    if (v.size() % 2) return *middle;
    return (*middle + *std::max_element(v.begin(), middle)) / 2;
}

std::string shown(double v) {
    char text[64];
    const double size = std::fabs(v);
    std::snprintf(text, sizeof text, "%.*f", size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2, v);
    std::string s = text;
    if (size >= 10'000)
        for (auto at = static_cast<std::ptrdiff_t>(s.size()) - 3; at > 0; at -= 3)
            s.insert(static_cast<std::size_t>(at), " ");
    return s;
}

} // namespace bench
