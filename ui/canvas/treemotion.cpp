// SPDX-License-Identifier: MIT
#include "canvas/treemotion.h"

#include <algorithm>

namespace {

constexpr qint64 generation = 180; // the front takes this long along one edge
constexpr qint64 longest = 1500;   // ... but for the whole tree no longer than this
constexpr qint64 afterglow = 1100;
constexpr qint64 newsFor = 6000, newsFade = 500;
constexpr qint64 hop = 160;
constexpr qint64 lookupHold = 2600, lookupFade = 400;
constexpr int mostClimbed = 64;

double fade(qint64 now, qint64 from, qint64 length) {
    return 1 - std::clamp(double(now - from) / double(length), 0.0, 1.0);
}

} // namespace

void TreeMotion::clear() {
    *this = TreeMotion();
}

void TreeMotion::update(const TreeScene& scene, qint64 now, bool reduced) {
    const lab::state& s = scene.state();
    m_reduced = reduced;
    const lab::wave_info& wave = s.wave();
    const lab::lookup_info& lookup = s.lookup();
    if (!m_seen) {
        // A canvas that opens on an old log tells no news, unless a wave is being held.
        m_seen = true;
        m_lookupSeq = lookup.seq;
        if (wave.finished) {
            m_waveSeq = wave.first_seq;
            m_reached = wave.reached;
        }
    }
    // Back to before the wave, or before its front.
    if (!wave.root || (wave.first_seq == m_waveSeq && wave.reached < m_reached)) {
        m_arrivals.clear();
        m_reached = 0;
        m_waveSeq = 0;
        m_root = m_front = 0;
    }
    if (wave.root && wave.first_seq != m_waveSeq) startWave(wave, now);
    if (wave.root && (wave.reached != m_reached || m_held != !wave.finished)) {
        m_reached = wave.reached;
        m_front = wave.front;
        m_held = !wave.finished;
        findReached(scene, now);
    }
    if (lookup.seq != m_lookupSeq) {
        m_lookupSeq = lookup.seq;
        m_lookupStart = now;
        m_lookupHops = lookup.path.empty() ? 0 : double(lookup.path.size() - 1);
    }
}

void TreeMotion::startWave(const lab::wave_info& wave, qint64 now) {
    m_waveSeq = wave.first_seq;
    m_root = wave.root;
    m_arrivals.clear();
    m_reached = 0;
    m_held = !wave.finished;
    m_waveStart = m_lastArrival = now;
}

void TreeMotion::findReached(const TreeScene& scene, qint64 now) {
    const int root = scene.indexOf(m_root);
    if (root < 0) return;
    int deepest = scene.column(root);
    std::vector<int> reached;
    for (int i = root; i < scene.madeCount(); ++i) {
        const lab::context_info& c = scene.context(i);
        if (c.done_by != m_root || c.done_seq < m_waveSeq || m_arrivals.contains(c.id)) continue;
        reached.push_back(i);
        deepest = std::max(deepest, scene.column(i));
    }
    const int depth = std::max(1, deepest - scene.column(root));
    const qint64 step = m_reduced ? 0 : std::min(generation, longest / depth);
    for (int node : reached) {
        // Values on the way are no stations of the wave; it passes through them.
        qint64 from = now, edges = 0;
        int up = scene.parent(node);
        for (; up >= 0 && edges < mostClimbed; up = scene.parent(up)) {
            ++edges;
            const auto known = m_arrivals.constFind(scene.id(up));
            if (known == m_arrivals.constEnd()) continue;
            from = std::max(now, *known);
            break;
        }
        const qint64 arrival = node == root ? now : from + step * std::max<qint64>(1, up < 0 ? 1 : edges);
        m_arrivals.insert(scene.id(node), arrival);
        m_lastArrival = std::max(m_lastArrival, arrival);
    }
}

TreeMotion::Glow TreeMotion::glow(lab::id_t context, qint64 now) const {
    const auto arrival = m_arrivals.constFind(context);
    if (arrival == m_arrivals.constEnd()) return {};
    if (m_reduced) return {1, m_held || now < *arrival + newsFor ? 0.7 : 0};
    Glow g;
    g.travelled = std::clamp(1 - double(*arrival - now) / double(generation), 0.0, 1.0);
    g.strength = m_held ? 1 : fade(now, std::max(*arrival, m_lastArrival - afterglow / 2), afterglow);
    return g;
}

double TreeMotion::news(qint64 now) const {
    if (m_arrivals.isEmpty()) return 0;
    return m_held ? 1 : fade(now, m_waveStart + newsFor - newsFade, newsFade);
}

TreeMotion::Walk TreeMotion::walk(qint64 now) const {
    if (!m_lookupStart) return {};
    const double all = m_lookupHops;
    const qint64 each = all > 0 ? std::min(hop, qint64(1400 / all)) : 0;
    const qint64 arrived = m_reduced ? m_lookupStart : m_lookupStart + qint64(all * double(each));
    Walk w;
    w.hops = each > 0 && !m_reduced ? std::min(all, double(now - m_lookupStart) / double(each)) : all;
    w.strength = fade(now, arrived + lookupHold, lookupFade);
    return w;
}

bool TreeMotion::isActive(qint64 now) const {
    return news(now) > 0 || walk(now).strength > 0;
}
