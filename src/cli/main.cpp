// SPDX-License-Identifier: MIT
#include "cli/diff.h"
#include "cli/export.h"
#include "cli/oracle.h"
#include "cli/run.h"
#include "cli/scenarios.h"
#include "cli/seeds.h"
#include "cli/serve.h"
#include "cli/show.h"
#include "cli/usage_error.h"
#include "lab/input_error.h"

#include <algorithm>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// ctxlab-cli: the laboratory without a window. Exit status: 0 done; 1 a check failed; 2 the call or its
/// input is wrong, with one line on standard error.
namespace {

struct command {
    std::string_view name;
    std::string_view usage; ///< what follows the name
    std::string_view does;
    int (*run)(std::span<const std::string> arguments);
};

/// The subcommands, as `--help` lists them. Each lives in src/cli/<name>.cpp.
constexpr command commands[] = {
    {"diff", "LEFT RIGHT", "lay two runs side by side: where they part, and what came of it",
     cli::diff_command},
    {"export", "SCENARIO", "write a scenario or a recording as a program, or its run as a trace",
     cli::export_command},
    {"oracle", "[FILE]", "run a script of context operations and print what was observed",
     cli::oracle_command},
    {"run", "SCENARIO", "play a scenario and print what happened", cli::run_command},
    {"seeds", "SCENARIO N", "play a scenario with N seeds and tell the outcomes apart", cli::seeds_command},
    {"serve", "", "the laboratory and its web server, without a window", cli::serve_command},
    {"scenarios", "", "list the scenarios that come with the program", cli::scenarios_command},
    {"show", "FILE", "show a recording", cli::show_command},
};

constexpr int wrong_input = 2;

void print_help() {
    std::cout << "ctxlab-cli: Go's context in C++, and a laboratory over it, without a window\n\n"
                 "usage: ctxlab-cli COMMAND [ARGUMENTS]\n"
                 "       ctxlab-cli --help | --version\n\n";
    for (const command& c : commands) {
        std::string call = "  " + std::string(c.name) + ' ' + std::string(c.usage);
        call.resize(std::max<std::size_t>(call.size() + 2, 24), ' ');
        std::cout << call << c.does << '\n';
    }
    std::cout << "\nexit status: 0 done; 1 a check failed; 2 the call or its input is wrong\n";
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.empty()) throw cli::usage_error("expected a command; see ctxlab-cli --help");
    const std::string& first = arguments[0];
    if (first == "--help" || first == "-h" || first == "help") {
        print_help();
        return 0;
    }
    if (first == "--version") {
        std::cout << "ctxlab-cli " CTXLAB_VERSION "\n";
        return 0;
    }
    for (const command& c : commands)
        if (c.name == first) return c.run(std::span(arguments).subspan(1));
    throw cli::usage_error("unknown command " + first + "; see ctxlab-cli --help");
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const cli::usage_error& e) {
        std::cout.flush();
        std::cerr << "ctxlab-cli: " << e.what() << '\n';
    } catch (const lab::input_error& e) {
        std::cout.flush();
        std::cerr << e.what() << '\n';
    }
    return wrong_input;
}
