// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_hash.h"
#include "lab/event_json.h"
#include "lab/laboratory.h"

#include <algorithm>
#include <string>
#include <vector>

/// Comparing what two lives of laboratories have left in their logs.
namespace lives {

/// The events of the life that goes on, without what the machine decides.
inline std::vector<lab::event> events(const lab::laboratory& l) {
    std::vector<lab::event> all = l.log().read(l.inputs().first_seq - 1);
    for (lab::event& e : all) e.wall_ns = 0;
    return all;
}

/// One event a line, numbered from 1.
inline std::vector<std::string> lines(const std::vector<lab::event>& events) {
    std::vector<std::string> all;
    std::uint64_t seq = 0;
    for (lab::event e : events) {
        e.seq = ++seq;
        all.push_back(lab::to_line(e));
    }
    return all;
}

/// Empty, or the first place in which the shorter is not a prefix of the longer.
inline std::string difference(const std::vector<lab::event>& a, const std::vector<lab::event>& b) {
    const std::vector<std::string> x = lines(a), y = lines(b);
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        if (x[i] != y[i]) return x[i] + "\n  and\n" + y[i];
    return {};
}

} // namespace lives
