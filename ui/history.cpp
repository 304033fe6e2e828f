// SPDX-License-Identifier: MIT
#include "history.h"

#include "lab/narration.h"

#include <algorithm>

History::History(const lab::event_log& log) : m_log(log), m_moments(log) {}

History::History(std::unique_ptr<const lab::event_log> log)
    : m_own(std::move(log)), m_log(*m_own), m_moments(*m_own) {}

bool History::advance(std::size_t most) {
    const bool more = m_moments.advance(most, [this](const lab::event& e, const lab::state& after) {
        if (m_lives.empty() || e.kind == lab::event_kind::lab_started) m_lives.push_back({.first = e.seq});
        m_lives.back().last = e.seq;
        m_sentences.push_back(lab::sentence(e, after));
    });
    return more;
}

const lab::event& History::event(std::uint64_t seq) const {
    // What was looked at before may have been cut off where the log ended then.
    if (m_near.empty() || seq < m_near.front().seq || seq > m_near.back().seq) m_near = m_log.block_of(seq);
    return m_near[seq - m_near.front().seq];
}

const History::Life& History::lifeOf(std::uint64_t seq) const {
    const auto after = std::upper_bound(m_lives.begin(), m_lives.end(), seq,
                                        [](std::uint64_t s, const Life& l) { return s < l.first; });
    return after == m_lives.begin() ? m_lives.front() : *(after - 1);
}

std::uint64_t History::seqAt(const Life& life, lab::lab_time at) const {
    std::uint64_t low = life.first, high = life.last; // the answer is between them
    while (low < high) {
        const std::uint64_t middle = high - (high - low) / 2;
        if (event(middle).at <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
