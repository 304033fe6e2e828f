// SPDX-License-Identifier: MIT
#include "lab/scenario.h"

#include "lab/recording_header.h"
#include "lab/scenario_files.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace lab {

namespace {

constexpr std::size_t largest_file = 4 << 20;

[[noreturn]] void unreadable(const std::filesystem::path& file, const std::string& why) {
    throw input_error(file.string() + ": cannot be read: " + why);
}

} // namespace

bool scenario::needs_sockets() const {
    return std::any_of(commands.begin(), commands.end(), [](const scenario_command& c) {
        return std::holds_alternative<send_request>(c.what) || std::holds_alternative<abort_request>(c.what);
    });
}

scenario load_scenario(const std::filesystem::path& file) {
    if (std::error_code ec; std::filesystem::is_directory(file, ec)) unreadable(file, "it is a directory");
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) unreadable(file, std::generic_category().message(errno != 0 ? errno : ENOENT));
    // One byte more than is allowed shows that there is more, whatever sort of file it is.
    std::string text(largest_file + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) unreadable(file, "reading failed");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.starts_with(recording_magic))
        throw input_error(file.string() + ": this is a recording, not a scenario: ctxlab-cli show " +
                          file.string() + " tells what happened in it");
    if (text.size() > largest_file)
        throw input_error(file.string() + ": larger than 4 MiB: expected at most that");
    return parse_scenario(text, file.string());
}

std::vector<scenario> shipped_scenarios() {
    std::vector<scenario> all;
    for (const shipped_file& f : shipped_files()) all.push_back(parse_scenario(f.text, f.name));
    return all;
}

scenario find_scenario(std::string_view name_or_path) {
    std::string names;
    for (const shipped_file& f : shipped_files()) {
        const std::string_view name = f.name.substr(0, f.name.rfind('.'));
        if (name == name_or_path) return parse_scenario(f.text, f.name);
        names.append(names.empty() ? "" : ", ").append(name);
    }
    const std::filesystem::path file(name_or_path);
    if (std::error_code ec; std::filesystem::exists(file, ec)) return load_scenario(file);
    throw input_error(std::string(name_or_path) +
                      ": no such file, and no scenario of that name: expected a file or one of " + names);
}

} // namespace lab
