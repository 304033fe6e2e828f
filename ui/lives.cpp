// SPDX-License-Identifier: MIT
#include "lives.h"

const lab::life& Lives::at(std::uint64_t seq) const {
    return m_all[lab::life_at(m_all, seq)];
}
