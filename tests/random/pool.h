// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <random>
#include <string>

/// Dice, and the odd texts and numbers that scripts are made of.
namespace scripts {

class dice {
  public:
    explicit dice(std::uint64_t seed) : random_(seed) {}

    std::uint32_t below(std::uint64_t n) {
        return static_cast<std::uint32_t>(random_() >> 8) % static_cast<std::uint32_t>(n);
    }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    std::int64_t between(std::int64_t least, std::int64_t most) {
        return least +
               static_cast<std::int64_t>((random_() >> 3) % static_cast<std::uint64_t>(most - least + 1));
    }
    template <class List>
    const auto& pick(const List& list) {
        return list[below(std::size(list))];
    }

  private:
    std::mt19937_64 random_;
};

/// Valid UTF-8; hardly ever sensible.
std::string odd_text(dice& d);
/// What Go's strconv.Atoi accepts.
std::string odd_number(dice& d);
/// Within the 292 years that count; mostly small.
std::int64_t odd_milliseconds(dice& d);

} // namespace scripts
