// SPDX-License-Identifier: MIT
#include "plan.h"
#include "results.h"
#include "table.h"

#include <iostream>
#include <regex>
#include <stdexcept>

/// The half of scripts/bench that reads: plans a run, and makes a table of what came out.
namespace {

constexpr const char* usage = "usage: bench_report plan ROWS REGEX light|heavy\n"
                              "       bench_report list ROWS REGEX\n"
                              "       bench_report table ROWS RESULTS [--json FILE]\n";

int make_table(const std::string& rows_file, const std::filesystem::path& results, const std::string& json) {
    bench::figures cpp, go;
    for (const auto& entry : std::filesystem::directory_iterator(results)) {
        const std::string name = entry.path().filename().string();
        if (name.rfind("cpp.", 0) == 0) bench::read_cpp(entry.path(), cpp);
        if (name.rfind("go.", 0) == 0) bench::read_go(entry.path(), go);
    }
    std::vector<bench::row> rows = bench::read_rows(rows_file);
    bench::fill(rows, cpp, go);
    std::erase_if(rows, [&](const bench::row& r) { return !r.ctx_value; });
    bench::print_table(rows, std::cout);
    if (!json.empty()) bench::write_json(rows, cpp, go, json);
    return bench::print_verdict(rows, std::cout) ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
    if (words.size() == 4 && words[0] == "plan" && (words[3] == "light" || words[3] == "heavy")) {
        bench::print_plan(bench::read_rows(words[1]), words[2], words[3] == "heavy");
        return 0;
    }
    if (words.size() == 3 && words[0] == "list") {
        bench::print_list(bench::read_rows(words[1]), words[2]);
        return 0;
    }
    if (words.size() == 3 && words[0] == "table") return make_table(words[1], words[2], {});
    if (words.size() == 5 && words[0] == "table" && words[3] == "--json")
        return make_table(words[1], words[2], words[4]);
    std::cerr << usage;
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::regex_error& e) {
        std::cerr << "bench_report: --rows is not a regular expression: " << e.what() << '\n';
    } catch (const std::exception& e) {
        std::cerr << "bench_report: " << e.what() << '\n';
    }
    return 2;
}
