// SPDX-License-Identifier: MIT
#include "cli/export.h"

#include "cli/options.h"
#include "cli/run.h"
#include "cli/usage_error.h"
#include "lab/code_cpp.h"
#include "lab/code_go.h"

#include <fstream>
#include <iostream>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli export SCENARIO --as FORMAT [--output FILE]\n\n"
    "Writes a scenario, by its shipped name or as a file, for other tools.\n\n"
    "  --as FORMAT       go, a Go program for the standard library; cpp, a C++ program for ctx; ndjson, "
    "what\n"
    "                    happens when it is run, an event a line; perfetto, the same as a Chrome trace\n"
    "  --output FILE     where to; - is standard output (the default)\n";

void write_program(const std::string& text, const std::string& name) {
    std::ofstream file;
    if (name != "-") {
        file.open(name, std::ios::binary | std::ios::trunc);
        if (!file) throw usage_error("--output " + name + ": cannot be written");
    }
    std::ostream& out = name == "-" ? std::cout : file;
    out << text << std::flush;
    if (!out) throw usage_error("--output " + name + ": could not be written to the end");
}

} // namespace

int export_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {"--as", "--output"}, .flags = {"--help"}, .most_others = 1});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    if (o.others().empty())
        throw usage_error("export: expected a scenario; ctxlab-cli scenarios lists those that ship");
    const std::string& scenario = o.others()[0];
    const std::string as = o.text("--as").value_or("");
    const std::string output = o.text("--output").value_or("-");
    if (as == "ndjson" || as == "perfetto") {
        const std::string run[] = {scenario, "--format", as, "--events", output};
        return run_command(run);
    }
    if (as != "go" && as != "cpp")
        throw usage_error("--as \"" + as + "\": expected go, cpp, ndjson or perfetto");
    const lab::scenario s = lab::find_scenario(scenario);
    write_program(as == "go" ? lab::to_go(s) : lab::to_cpp(s), output);
    return 0;
}

} // namespace cli
