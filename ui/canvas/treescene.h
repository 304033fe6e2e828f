// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/cardpainter.h"
#include "canvas/treelayout.h"

#include <QHash>
#include <QPointF>
#include <QRectF>

#include <vector>

/// A lab::state laid out as a tree: where each card is, what it looks like, what is next to what. No widget,
/// no painting; distances are in pixels at zoom 1.
class TreeScene {
  public:
    static constexpr double columnStep = cardWidth + 54, rowStep = cardHeight + 16;

    /// Lays out again if contexts came or went; otherwise only takes note that states may have changed.
    /// True if places changed. With `later`, a later picture of the same life, everything has its place
    /// already, and what is still to be made is there as a shadow; unless something was swept between the
    /// two.
    bool update(const lab::state& s, const lab::state* later = nullptr);
    void clear();

    int count() const { return int(m_ids.size()); }
    bool isEmpty() const { return m_ids.empty(); }
    int indexOf(lab::id_t context) const { return m_index.value(context, -1); }
    lab::id_t id(int node) const { return m_ids[at(node)]; }
    int parent(int node) const { return m_parents[at(node)]; }
    int column(int node) const { return m_layout.column[at(node)]; }
    const lab::context_info& context(int node) const {
        return (isMade(node) ? m_state : m_later)->contexts()[at(node)];
    }
    /// How many are there: the first ones. The others are still to be made.
    int madeCount() const { return m_made; }
    bool isMade(int node) const { return node < m_made; }
    Mark mark(int node) const;
    const lab::state& state() const { return *m_state; }

    /// Top left corner of the card; between two layouts while `progress` is under 1.
    QPointF place(int node) const;
    QRectF rect(int node) const { return {place(node), QSizeF(cardWidth, cardHeight)}; }
    QRectF bounds() const;
    void setProgress(double progress) { m_progress = progress; }
    double progress() const { return m_progress; }

    const CardLook& look(int node) const;
    void setFilter(const QString& text);
    const QString& filter() const { return m_filter; }
    bool matches(int node) const { return m_matches.empty() || m_matches[at(node)]; }
    int matchCount() const;

    /// Calls `visit(node)` for each card that may touch `area`, column by column, top to bottom.
    template <class Visit>
    void forNodesIn(const QRectF& area, Visit visit) const;
    /// Calls `visit(child)` for each edge parent-child that may touch `area`.
    template <class Visit>
    void forEdgesIn(const QRectF& area, Visit visit) const;
    /// The card at a point, or -1.
    int nodeAt(const QPointF& point) const;

    enum class Direction { Parent, FirstChild, Previous, Next };
    /// One step of a walk by keyboard; -1 where there is nothing.
    int neighbour(int node, Direction direction) const;
    /// From the root down to `node`.
    std::vector<int> pathTo(int node) const;

  private:
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }
    void layOut(const lab::state& s);
    void applyFilter();
    int firstInColumn(const std::vector<int>& nodes, double top) const;

    const lab::state* m_state = nullptr;
    const lab::state* m_later = nullptr; ///< laid out instead
    int m_made = 0;
    std::uint64_t m_shape = 0;
    bool m_laidOut = false;
    std::vector<lab::id_t> m_ids;
    std::vector<int> m_parents;
    QHash<lab::id_t, int> m_index;
    TreeLayout m_layout;
    std::vector<QPointF> m_from; // where cards were before the last layout
    double m_progress = 1;
    QString m_filter;
    std::vector<bool> m_matches;
    mutable QHash<int, CardLook> m_looks; // of what was looked at since the state last changed
};

template <class Visit>
void TreeScene::forNodesIn(const QRectF& area, Visit visit) const {
    const int columns = int(m_layout.columns.size());
    const int first = std::max(0, int((area.left() - cardWidth) / columnStep));
    const int last = std::min(columns - 1, int(area.right() / columnStep));
    for (int c = first; c <= last; ++c) {
        const auto& nodes = m_layout.columns[at(c)];
        for (int i = firstInColumn(nodes, area.top() - cardHeight); i < int(nodes.size()); ++i) {
            if (place(nodes[at(i)]).y() > area.bottom()) break;
            visit(nodes[at(i)]);
        }
    }
}

template <class Visit>
void TreeScene::forEdgesIn(const QRectF& area, Visit visit) const {
    // Edges between two columns do not cross, so both their upper and their lower ends are sorted.
    const int columns = int(m_layout.columns.size());
    const int first = std::max(1, int(area.left() / columnStep));
    const int last = std::min(columns - 1, int(area.right() / columnStep) + 1);
    const auto upper = [this](int child) { return std::min(place(child).y(), place(parent(child)).y()); };
    const auto lower = [this](int child) { return std::max(place(child).y(), place(parent(child)).y()); };
    for (int c = first; c <= last; ++c) {
        const auto& nodes = m_layout.columns[at(c)];
        auto it = std::partition_point(nodes.begin(), nodes.end(),
                                       [&](int child) { return lower(child) + cardHeight < area.top(); });
        for (; it != nodes.end() && upper(*it) <= area.bottom(); ++it) visit(*it);
    }
}
