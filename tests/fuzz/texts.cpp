// SPDX-License-Identifier: MIT
#include "cli/oracle.h"
#include "fuzz/entries.h"
#include "lab/command_json.h"
#include "lab/durations.h"
#include "lab/input_error.h"
#include "lab/json_text.h"
#include "lab/scenario.h"

#include <algorithm>
#include <sstream>

/// The entries that take text and need nothing else.
namespace fuzz {

namespace {

constexpr std::size_t longest = 1 << 14; // beyond that only more of the same

/// A complaint is one line that says where.
void check_complaint(const lab::input_error& e) {
    const std::string_view text = e.what();
    check(text.starts_with("input:"), "a complaint without its place: " + std::string(text));
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
    check(printable, "a complaint with a control character: " + std::string(text));
}

} // namespace

void durations(std::string_view text) {
    std::string why;
    const auto d = lab::parse_duration(text, why);
    if (!d) return check(why.starts_with("time: "), "no reason why: " + why);
    const std::string again = lab::duration_text(*d);
    check(lab::parse_duration(again) == *d, "reads back as something else: " + again);
}

void oracle(std::string_view text) {
    if (text.size() > longest) return;
    std::istringstream in{std::string(text)};
    std::ostringstream out;
    try {
        cli::run_oracle(in, "input", out);
    } catch (const lab::input_error& e) {
        check_complaint(e);
    }
    const std::string lines = out.str();
    check(lines.empty() || lines.ends_with('\n'), "a line is cut short");
}

void scenario(std::string_view text) {
    if (text.size() > longest) return;
    try {
        const lab::scenario s = lab::parse_scenario(text, "input");
        const auto later = [](const auto& a, const auto& b) { return a.at < b.at; };
        check(std::is_sorted(s.commands.begin(), s.commands.end(), later), "the commands are out of order");
    } catch (const lab::input_error& e) {
        check_complaint(e);
    }
}

void command(std::string_view text) {
    if (text.empty() || text.size() > longest) return;
    try {
        const nlohmann::json body = lab::parse_json(text.substr(1), "input");
        lab::object_reader r(body);
        if (text[0] == '0')
            lab::read_context(r);
        else if (text[0] == '1')
            lab::read_worker(r);
        else
            lab::read_request(r);
        r.refuse_unknown();
    } catch (const lab::field_error& e) { // says which member; the place is the caller's business
        check(!e.problem().empty(), "no problem is named");
    } catch (const lab::input_error& e) {
        check_complaint(e);
    }
}

} // namespace fuzz
