// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/laboratory.h"
#endif

#include <cstdint>
#include <vector>

/// What went into every life in a log, the laboratory's or a recording's: to execute one again, to go back to
/// it, to save it. In the order of the log; of the laboratory's the last one goes on.
///
/// A value; of the laboratory it is what was there when it was asked for.
class Lives {
  public:
    explicit Lives(const lab::laboratory& laboratory) : m_all(laboratory.lives()) {}
    /// At least one.
    explicit Lives(std::vector<lab::life> all) : m_all(std::move(all)) {}

    const std::vector<lab::life>& all() const { return m_all; }
    /// The life in which an event happened.
    const lab::life& at(std::uint64_t seq) const;
    const lab::life& last() const { return m_all.back(); }

  private:
    std::vector<lab::life> m_all;
};
