// SPDX-License-Identifier: MIT
#include "cli/diff_text.h"

#include "lab/narration.h"
#include "lab/state_json.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cli {
namespace {

using nlohmann::ordered_json;
using row = std::array<std::string, 3>;

std::string counted(std::uint64_t n, const std::string& thing) {
    return std::to_string(n) + ' ' + thing + (n == 1 ? "" : "s");
}

std::string_view word_of(lab::subject::sort s) {
    switch (s) {
    case lab::subject::sort::context:
        return "context";
    case lab::subject::sort::worker:
        return "worker";
    case lab::subject::sort::request:
        return "request";
    case lab::subject::sort::client:
        return "call";
    }
    return {};
}

std::string line_of(const lab::told& t) {
    if (t.seq == 0) return "nothing more happens";
    // A recording's later lives have other numbers where one can go to them.
    const std::string place = t.number == t.seq ? "" : "; show --at " + std::to_string(t.seq);
    return lab::clock_text(t.at) + "  " + t.sentence + "  (event " + std::to_string(t.number) + place + ')';
}

/// Where they part, by the events of either.
std::string parting_of(const lab::first_difference& d) {
    const auto event = [](const lab::told& t) { return "event " + std::to_string(t.number); };
    if (d.left.seq == 0) return "the end of the left, " + event(d.right) + " of the right";
    if (d.right.seq == 0) return event(d.left) + " of the left, the end of the right";
    if (d.left.number == d.right.number) return event(d.left);
    return event(d.left) + " of the left, " + event(d.right) + " of the right";
}

void add_facts(std::vector<row>& rows, const std::vector<lab::fact>& facts, const std::string& indent) {
    for (const lab::fact& f : facts)
        if (f.differs)
            rows.push_back({indent + f.name, f.left.empty() ? "-" : f.left, f.right.empty() ? "-" : f.right});
}

std::vector<row> table_of(const lab::comparison& c) {
    std::vector<row> rows{{"", "left", "right"}};
    for (const lab::compared& t : c.things) {
        if (!t.differs()) continue;
        rows.push_back({std::string(word_of(t.sort)) + ' ' + t.name, t.left ? t.left_fate : "(is not there)",
                        t.right ? t.right_fate : "(is not there)"});
        add_facts(rows, t.facts, "  ");
    }
    add_facts(rows, c.totals, "all: ");
    return rows;
}

/// A word longer than this moves only its own line.
constexpr std::size_t widest = 48;

void write_table(std::ostream& out, const std::vector<row>& rows) {
    std::array<std::size_t, 2> width{};
    for (const row& r : rows)
        for (std::size_t i = 0; i < width.size(); ++i)
            width[i] = std::max(width[i], std::min(r[i].size(), widest));
    for (const row& r : rows) {
        for (std::size_t i = 0; i < width.size(); ++i)
            out << r[i] << std::string(std::max(width[i], r[i].size()) + 2 - r[i].size(), ' ');
        out << r[2] << '\n';
    }
}

ordered_json to_json(const lab::told& t) {
    if (t.seq == 0) return nullptr;
    return {{"seq", t.seq}, {"event", t.number}, {"at_ms", lab::ms_json(t.at)}, {"sentence", t.sentence}};
}

ordered_json to_json(const std::vector<lab::fact>& facts) {
    ordered_json all = ordered_json::array();
    for (const lab::fact& f : facts)
        all.push_back({{"name", f.name}, {"left", f.left}, {"right", f.right}, {"differs", f.differs}});
    return all;
}

ordered_json to_json(const lab::compared& t) {
    const auto side = [&](lab::side s) -> ordered_json {
        if (t.id(s) == 0) return nullptr;
        return {{"id", t.id(s)}, {"fate", t.fate(s)}};
    };
    return {{"what", word_of(t.sort)},         {"name", t.name},         {"left", side(lab::side::left)},
            {"right", side(lab::side::right)}, {"differs", t.differs()}, {"facts", to_json(t.facts)}};
}

} // namespace

void write_difference(std::ostream& out, const lab::comparison& c, const std::string& left,
                      const std::string& right) {
    out << "left   " << left << "\nright  " << right << "\n\n";
    for (const lab::fact& f : c.runs)
        if (f.differs) out << "Their " << f.name << "s differ: " << f.left << ", " << f.right << ".\n";
    if (c.same()) {
        out << "The two runs are the same, event by event.\n";
        return;
    }
    out << "They part at " << parting_of(*c.first) << ":\nleft   " << line_of(c.first->left) << "\nright  "
        << line_of(c.first->right) << "\n\n";
    if (c.differing() == 0)
        out << "The same came of everything (" << counted(c.things.size(), "thing") << ").\n";
    else
        out << c.differing() << " of " << counted(c.things.size(), "thing")
            << (c.differing() == 1 ? " differs:\n" : " differ:\n");
    if (const std::vector<row> rows = table_of(c); rows.size() > 1) write_table(out, rows);
}

void write_difference_json(std::ostream& out, const lab::comparison& c, const std::string& left,
                           const std::string& right) {
    ordered_json j{{"left", left}, {"right", right}, {"same", c.same()}, {"first_difference", nullptr}};
    if (c.first)
        j["first_difference"] = {{"events_before", c.first->same},
                                 {"left", to_json(c.first->left)},
                                 {"right", to_json(c.first->right)}};
    j["runs"] = to_json(c.runs);
    j["totals"] = to_json(c.totals);
    j["things"] = ordered_json::array();
    for (const lab::compared& t : c.things) j["things"].push_back(to_json(t));
    out << lab::json_text(j, 2) << '\n';
}

} // namespace cli
