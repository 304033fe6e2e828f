// SPDX-License-Identifier: MIT
#include "random/shrink.h"

#include "random/generator.h"

#include <algorithm>
#include <optional>
#include <string>

namespace scripts {

namespace {

/// What `id` was made under; empty if nothing.
std::optional<std::string> parent_of(const script& s, const std::string& id) {
    for (const op& o : s)
        if (o.id == id && o.parent) return o.parent;
    return std::nullopt;
}

} // namespace

script shrink(script s, const std::function<bool(const script&)>& fails) {
    const auto try_it = [&](script smaller) {
        if (!is_unique(smaller) || !fails(smaller)) return false;
        s = std::move(smaller);
        return true;
    };
    script plain = s;
    for (op& o : plain) o.style = 0;
    try_it(std::move(plain));
    for (std::size_t piece = std::max<std::size_t>(1, s.size() / 2);;
         piece = std::max<std::size_t>(1, piece / 2)) {
        bool shrunk = false;
        // From the end: what nothing depends on any more comes first.
        for (std::size_t end = s.size(); end > 0; end = end > piece ? end - piece : 0) {
            const std::size_t begin = end > piece ? end - piece : 0;
            if (end > s.size()) continue;
            script smaller = s;
            smaller.erase(smaller.begin() + static_cast<std::ptrdiff_t>(begin),
                          smaller.begin() + static_cast<std::ptrdiff_t>(end));
            shrunk = try_it(std::move(smaller)) || shrunk;
        }
        if (piece > 1) continue;
        for (std::size_t i = 0; i < s.size(); ++i) { // hung one higher, what was between may go
            const auto higher = s[i].parent ? parent_of(s, *s[i].parent) : std::nullopt;
            if (!higher) continue;
            script flatter = s;
            flatter[i].parent = higher;
            shrunk = try_it(std::move(flatter)) || shrunk;
        }
        if (!shrunk) return s;
    }
}

} // namespace scripts
