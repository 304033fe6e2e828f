// SPDX-License-Identifier: MIT
#include "random/generator.h"
#include "random/model.h"

#include <cstdlib>
#include <fstream>
#include <iostream>

/// Writes random scripts to one file, and what the model says that they print to another:
///     write_scripts FIRST_SEED SCRIPTS SCRIPTS_FILE EXPECTED_FILE
int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: write_scripts FIRST_SEED SCRIPTS SCRIPTS_FILE EXPECTED_FILE\n";
        return 2;
    }
    std::ofstream out(argv[3], std::ios::binary), expected(argv[4], std::ios::binary);
    const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
    const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const scripts::script s = scripts::generate(seed);
        out << scripts::json(s);
        for (const std::string& line : scripts::predict(s)) expected << line << '\n';
    }
    out.close();
    expected.close();
    if (!out || !expected) {
        std::cerr << "write_scripts: cannot write " << argv[3] << " and " << argv[4] << '\n';
        return 2;
    }
    return 0;
}
