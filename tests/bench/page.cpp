// SPDX-License-Identifier: MIT
#include "page.h"

#include "chart.h"
#include "table.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {

namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file);
    out << text;
    out.close();
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

void replace_part(std::string& page, const std::string& name, const std::string& text,
                  const std::filesystem::path& file) {
    const std::string begin = "<!-- bench:" + name + " -->\n", end = "<!-- /bench:" + name + " -->";
    const auto from = page.find(begin), to = page.find(end);
    if (from == std::string::npos || to == std::string::npos || to < from)
        throw std::runtime_error(file.string() + ": has no part between " +
                                 begin.substr(0, begin.size() - 1) + " and " + end);
    page.replace(from + begin.size(), to - from - begin.size(), text);
}

std::string line_of(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (std::string cell : cells) {
        if (cell == "no") cell = "**no**";
        line += " " + cell + " |";
    }
    return line + "\n";
}

std::string rows_table(const results& all) {
    std::string text = "| row | unit | Go | ctx | ratio | aim | reached |\n"
                       "| --- | --- | ---: | ---: | ---: | --- | --- |\n";
    for (const row& r : all.rows) text += line_of(cells(r));
    return text;
}

std::string peers_table(const results& all) {
    std::string text =
        "| row | unit | `std::stop_source` | plain port | ctx |\n| --- | --- | ---: | ---: | ---: |\n";
    for (const peer& p : all.peers) text += line_of(cells(p));
    return text;
}

std::string unit_of(const row& r) {
    return r.unit.empty() ? "" : " " + r.unit;
}

/// The rows in which Go has the better figure.
std::string go_wins(const results& all) {
    std::string text;
    for (const row& r : all.rows)
        if (r.go && r.ratio() && *r.ratio() < 1)
            text += "- " + r.title + ": Go " + shown(*r.go_value) + unit_of(r) + ", ctx " +
                    shown(*r.ctx_value) + unit_of(r) + ".\n";
    return text.empty() ? "- In no row of the last run.\n" : text;
}

std::string machine(const std::string& go_version) {
    std::string processor = "unknown";
    const std::string about = read("/proc/cpuinfo");
    std::istringstream info(about);
    for (std::string line; std::getline(info, line);)
        if (line.rfind("model name", 0) == 0) {
            processor = line.substr(line.find(": ") + 2);
            break;
        }
    const bool is_virtual = about.find(" hypervisor") != std::string::npos;
#ifdef __clang__
    const std::string compiler = __VERSION__;
#else
    const std::string compiler = "g++ " __VERSION__;
#endif
    std::string text = "- processor: " + processor + ", " +
                       std::to_string(std::thread::hardware_concurrency()) +
                       (is_virtual ? " cores of a virtual machine\n" : " cores\n") +
                       "- compiler: " + compiler + ", CMake's Release (`-O3`)\n";
    if (!go_version.empty()) text += "- Go: " + go_version + "\n";
    return text;
}

} // namespace

void write_page(const results& all, const std::filesystem::path& docs, const std::string& go_version) {
    const auto file = docs / "performance.md";
    std::string page = read(file);
    replace_part(page, "machine", machine(go_version), file);
    replace_part(page, "rows", rows_table(all), file);
    replace_part(page, "peers", peers_table(all), file);
    replace_part(page, "go-wins", go_wins(all), file);
    write(file, page);
    write(docs / "images/performance-growth.svg", growth_chart(all.growth));
    write(docs / "images/performance-rows.svg", ratio_chart(all.rows));
}

} // namespace bench
