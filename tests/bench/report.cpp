// SPDX-License-Identifier: MIT
#include "page.h"
#include "plan.h"
#include "results.h"
#include "table.h"

#include <iostream>
#include <regex>
#include <stdexcept>

/// The half of scripts/bench that reads: plans a run, and makes a table of what came out.
namespace {

constexpr const char* usage =
    "usage: bench_report plan ROWS REGEX light|heavy\n"
    "       bench_report list ROWS REGEX\n"
    "       bench_report table ROWS RESULTS [--json FILE] [--docs FOLDER] [--go VERSION]\n";

struct options {
    std::string json, docs, go_version;
};

int make_table(const std::string& rows_file, const std::filesystem::path& folder, const options& to) {
    bench::figures cpp, go;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.rfind("cpp.", 0) == 0) bench::read_cpp(entry.path(), cpp);
        if (name.rfind("go.", 0) == 0) bench::read_go(entry.path(), go);
    }
    bench::results all = bench::read_rows(rows_file);
    bench::fill(all, cpp, go);
    bench::print_table(all, std::cout);
    if (!to.json.empty()) bench::write_json(all, cpp, go, to.json);
    if (!to.docs.empty()) bench::write_page(all, to.docs, to.go_version);
    return bench::print_verdict(all, std::cout) ? 0 : 1;
}

int wrong_usage() {
    std::cerr << usage;
    return 2;
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
    if (words.size() < 3 || words[0] != "table" || words.size() % 2 == 0) return wrong_usage();
    options to;
    for (std::size_t i = 3; i < words.size(); i += 2) {
        std::string* const option = words[i] == "--json"   ? &to.json
                                    : words[i] == "--docs" ? &to.docs
                                    : words[i] == "--go"   ? &to.go_version
                                                           : nullptr;
        if (!option) return wrong_usage();
        *option = words[i + 1];
    }
    return make_table(words[1], words[2], to);
}

} // namespace

int main(int argc, char** argv) {
    try {
        const int status = run({argv + 1, argv + argc});
        if (std::cout.flush()) return status;
        std::cerr << "bench_report: cannot write the table\n";
    } catch (const std::regex_error& e) {
        std::cerr << "bench_report: --rows is not a regular expression: " << e.what() << '\n';
    } catch (const std::exception& e) {
        std::cerr << "bench_report: " << e.what() << '\n';
    }
    return 2;
}
