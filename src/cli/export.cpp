// SPDX-License-Identifier: MIT
#include "cli/export.h"

#include "cli/export_recording.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/usage_error.h"
#include "lab/code_cpp.h"
#include "lab/code_go.h"

#include <iostream>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli export SCENARIO  --as FORMAT [--output FILE]\n"
    "       ctxlab-cli export RECORDING --as FORMAT [--output FILE]\n\n"
    "Writes a scenario, by its shipped name or as a file, or a recording for other tools. Of a recording it "
    "is the\n"
    "last life (a reset or a fork begins a new one), of run.ctxlab@2 the second.\n\n"
    "  --as FORMAT       go, a Go program for the standard library; cpp, a C++ program for ctx: of a "
    "recording\n"
    "                    with what people did; ndjson, what happens when it is run, or happened, an event a "
    "line;\n"
    "                    perfetto, the same as a Chrome trace\n"
    "  --output FILE     where to; - is standard output (the default)\n";

} // namespace

int export_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {"--as", "--output"}, .flags = {"--help"}, .most_others = 1});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    if (o.others().empty())
        throw usage_error(
            "export: expected a scenario or a recording; ctxlab-cli scenarios lists the scenarios that ship");
    const std::string& scenario = o.others()[0];
    const std::string as = o.text("--as").value_or("");
    const std::string output = o.text("--output").value_or("-");
    const bool events = as == "ndjson" || as == "perfetto";
    if (!events && as != "go" && as != "cpp")
        throw usage_error("--as \"" + as + "\": expected go, cpp, ndjson or perfetto");
    if (names_recording(scenario)) return export_recording(scenario, as, output);
    if (events) {
        const std::string run[] = {scenario, "--format", as, "--events", output};
        return run_command(run);
    }
    const lab::scenario s = lab::find_scenario(scenario);
    write_whole(as == "go" ? lab::to_go(s) : lab::to_cpp(s), output);
    return 0;
}

} // namespace cli
