// SPDX-License-Identifier: MIT
#include "cli/oracle.h"

#include "cli/oracle_ops.h"
#include "cli/oracle_reader.h"
#include "cli/oracle_text.h"
#include "cli/oracle_values.h"
#include "cli/usage_error.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>

namespace cli {

namespace {

/// The script that is being run, and how far it is.
struct running_script {
    oracle_world world;
    oracle_ops ops{world};
    std::size_t count = 0;

    std::string step(const std::string& name, lab::object_reader& op) {
        std::string line = "{\"i\":" + std::to_string(count++) + ",\"op\":" + json_string(name);
        line += ",\"r\":" + ops.run(name, op);
        world.run_until_idle();
        const auto done = world.newly_done();
        for (const oracle_context* c : done) {
            line += c == done.front() ? ",\"done\":[" : ",";
            line += "{\"id\":" + json_string(c->id) + ",\"err\":" + shown_error(c->context.err()) +
                    ",\"cause\":" + shown_error(ctx::cause(c->context)) + "}";
        }
        if (!done.empty()) line += ']';
        if (const auto ran = world.newly_ran(); !ran.empty()) line += ",\"ran\":" + shown_list(ran);
        return line += "}\n";
    }
};

} // namespace

void run_oracle(std::istream& in, const std::string& name, std::ostream& out) {
    oracle_reader reader(in, name);
    std::optional<running_script> script(std::in_place);
    while (const auto object = reader.next()) {
        try {
            lab::object_reader op(*object);
            const std::string what = text_member(op, "op");
            if (what == "script") {
                const std::string title = text_member(op, "name");
                op.refuse_unknown();
                script.emplace();
                out << "{\"script\":" << json_string(title) << "}\n";
            } else {
                out << script->step(what, op);
            }
        } catch (const lab::field_error& e) {
            reader.complain(e.member(), e.problem());
        }
    }
}

int oracle_command(std::span<const std::string> arguments) {
    if (arguments.size() > 1) throw usage_error("oracle: expected one FILE at most, found " + arguments[1]);
    std::ios::sync_with_stdio(false);
    if (arguments.empty() || arguments[0] == "-") {
        run_oracle(std::cin, "standard input", std::cout);
    } else {
        std::ifstream file(arguments[0], std::ios::binary);
        if (!file) throw usage_error("oracle: " + arguments[0] + ": " + std::strerror(errno));
        run_oracle(file, arguments[0], std::cout);
        if (file.bad()) throw usage_error("oracle: " + arguments[0] + ": cannot be read");
    }
    std::cout.flush();
    if (!std::cout) throw usage_error("oracle: standard output: cannot be written");
    return 0;
}

} // namespace cli
