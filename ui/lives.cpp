// SPDX-License-Identifier: MIT
#include "lives.h"

#include <algorithm>

const lab::life& Lives::at(std::uint64_t seq) const {
    const auto later = std::upper_bound(m_all.begin() + 1, m_all.end(), seq,
                                        [](std::uint64_t s, const lab::life& l) { return s < l.first_seq; });
    return *(later - 1);
}
