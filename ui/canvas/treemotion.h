// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/treescene.h"

#include <QHash>

/// What moves on the tree for a moment after something happened: the cancel wave that runs along the edges,
/// and the walk of a value lookup. Times are milliseconds of the caller's clock; the events themselves are
/// long past.
class TreeMotion {
  public:
    /// Looks for a new wave, further contexts reached by it, and a new lookup.
    void update(const TreeScene& scene, qint64 now, bool reduced);
    void clear();
    /// Something is still to be drawn.
    bool isActive(qint64 now) const;

    struct Glow {
        double travelled = 0; ///< how far the front got along the edge from the parent, 0 to 1
        double strength = 0;  ///< of the light on edge and card, 0 to 1
    };
    /// Contexts reached by the wave and when the front arrives there.
    const QHash<lab::id_t, qint64>& arrivals() const { return m_arrivals; }
    Glow glow(lab::id_t context, qint64 now) const;
    lab::id_t front() const { return m_held ? m_front : 0; }
    lab::id_t waveRoot() const { return m_root; }
    /// 1 while the last wave is news, then down to 0.
    double news(qint64 now) const;

    struct Walk {
        double hops = 0;     ///< how many edges were walked, with the part of the one under way
        double strength = 0; ///< 0: nothing to show
    };
    Walk walk(qint64 now) const;

  private:
    void startWave(const lab::wave_info& wave, qint64 now);
    void findReached(const TreeScene& scene, qint64 now);

    std::uint64_t m_waveSeq = 0, m_lookupSeq = 0;
    std::size_t m_reached = 0;
    lab::id_t m_root = 0, m_front = 0;
    bool m_held = false, m_reduced = false, m_seen = false;
    QHash<lab::id_t, qint64> m_arrivals;
    qint64 m_lastArrival = 0, m_waveStart = 0;
    qint64 m_lookupStart = 0;
    double m_lookupHops = 0;
};
