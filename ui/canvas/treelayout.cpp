// SPDX-License-Identifier: MIT
#include "canvas/treelayout.h"

#include <algorithm>

// Reingold and Tilford's tidy drawing with contour threads. A node's `place` is relative to its parent's
// frame; `shift` moves the frame of its children. A thread leads from the last node of a shallow contour on
// to the next node of the deeper one beside it, so that comparing two contours costs no more than the
// shallower one's depth.

namespace {

constexpr int none = -1;

struct Forest {
    std::vector<int> parent, firstChild, lastChild, nextSibling, previousSibling;
};

/// Adds one node above all roots, numbered last, so that there is one tree.
Forest link(std::span<const int> parents) {
    const int n = int(parents.size());
    Forest f;
    f.parent.assign(parents.begin(), parents.end());
    for (int& p : f.parent)
        if (p < 0) p = n;
    f.parent.push_back(none);
    for (auto* list : {&f.firstChild, &f.lastChild, &f.nextSibling, &f.previousSibling})
        list->assign(std::size_t(n) + 1, none);
    for (int i = 0; i < n; ++i) {
        const auto p = std::size_t(f.parent[std::size_t(i)]);
        const int before = f.lastChild[p];
        f.previousSibling[std::size_t(i)] = before;
        if (before == none)
            f.firstChild[p] = i;
        else
            f.nextSibling[std::size_t(before)] = i;
        f.lastChild[p] = i;
    }
    return f;
}

class Tidy {
  public:
    explicit Tidy(const Forest& forest)
        : f(forest), m_place(f.parent.size()), m_shift(f.parent.size()), m_thread(f.parent.size(), none) {}

    /// Children before parents.
    void visit(int v) {
        const int first = f.firstChild[at(v)];
        const int before = f.previousSibling[at(v)];
        const double middle = first == none ? 0 : (m_place[at(first)] + m_place[at(f.lastChild[at(v)])]) / 2;
        m_place[at(v)] = before == none ? middle : m_place[at(before)] + 1;
        m_shift[at(v)] = first == none || before == none ? 0 : m_place[at(v)] - middle;
        if (before != none) moveClearOf(v, before);
    }

    double place(int v) const { return m_place[at(v)]; }
    double shift(int v) const { return m_shift[at(v)]; }

  private:
    static std::size_t at(int v) { return static_cast<std::size_t>(v); }
    int upper(int v) const { return f.firstChild[at(v)] != none ? f.firstChild[at(v)] : m_thread[at(v)]; }
    int lower(int v) const { return f.lastChild[at(v)] != none ? f.lastChild[at(v)] : m_thread[at(v)]; }

    /// Pushes v's subtree down until it is one row below everything that its earlier siblings put there.
    void moveClearOf(int v, int before) {
        int above = before, below = v;                           // the contours that face each other
        int top = f.firstChild[at(f.parent[at(v)])], bottom = v; // the outer contours
        double aboveShift = m_shift[at(above)], belowShift = m_shift[at(v)];
        double topShift = m_shift[at(top)], bottomShift = m_shift[at(v)];
        while (lower(above) != none && upper(below) != none) {
            above = lower(above);
            below = upper(below);
            top = upper(top);
            bottom = lower(bottom);
            const double lacking = m_place[at(above)] + aboveShift + 1 - (m_place[at(below)] + belowShift);
            if (lacking > 0) {
                m_place[at(v)] += lacking;
                m_shift[at(v)] += lacking;
                belowShift += lacking;
                bottomShift += lacking;
            }
            aboveShift += m_shift[at(above)];
            belowShift += m_shift[at(below)];
            topShift += m_shift[at(top)];
            bottomShift += m_shift[at(bottom)];
        }
        if (lower(above) != none && lower(bottom) == none) {
            m_thread[at(bottom)] = lower(above);
            m_shift[at(bottom)] += aboveShift - bottomShift;
        }
        if (upper(below) != none && upper(top) == none) {
            m_thread[at(top)] = upper(below);
            m_shift[at(top)] += belowShift - topShift;
        }
    }

    const Forest& f;
    std::vector<double> m_place, m_shift;
    std::vector<int> m_thread;
};

/// Depth first, each node before its children and after its earlier siblings; the added root first.
std::vector<int> walkDown(const Forest& f) {
    std::vector<int> order;
    order.reserve(f.parent.size());
    int v = int(f.parent.size()) - 1;
    while (v != none) {
        order.push_back(v);
        int next = f.firstChild[std::size_t(v)];
        while (next == none && v != none) {
            next = f.nextSibling[std::size_t(v)];
            if (next == none) v = f.parent[std::size_t(v)];
        }
        v = next;
    }
    return order;
}

/// Children before parents, siblings in order: a node is visited when the walk leaves it.
template <class Visit>
void walkUp(const Forest& f, Visit visit) {
    int v = int(f.parent.size()) - 1;
    while (f.firstChild[std::size_t(v)] != none) v = f.firstChild[std::size_t(v)];
    while (v != none) {
        visit(v);
        int next = f.nextSibling[std::size_t(v)];
        if (next == none) {
            v = f.parent[std::size_t(v)];
            continue;
        }
        while (f.firstChild[std::size_t(next)] != none) next = f.firstChild[std::size_t(next)];
        v = next;
    }
}

} // namespace

TreeLayout layOutTree(std::span<const int> parents) {
    TreeLayout out;
    const std::size_t n = parents.size();
    if (n == 0) return out;
    const Forest f = link(parents);
    Tidy tidy(f);
    walkUp(f, [&](int v) { tidy.visit(v); });

    out.row.resize(n);
    out.column.resize(n);
    std::vector<double> frame(n + 1); // of each node's children
    double least = 0, most = 0;
    bool any = false;
    for (int v : walkDown(f)) {
        const auto i = static_cast<std::size_t>(v);
        if (i == n) {
            frame[i] = tidy.shift(v);
            continue;
        }
        const auto p = static_cast<std::size_t>(f.parent[i]);
        out.row[i] = tidy.place(v) + frame[p];
        frame[i] = frame[p] + tidy.shift(v);
        out.column[i] = p == n ? 0 : out.column[p] + 1;
        const auto column = static_cast<std::size_t>(out.column[i]);
        if (out.columns.size() <= column) out.columns.resize(column + 1);
        out.columns[column].push_back(v);
        least = any ? std::min(least, out.row[i]) : out.row[i];
        most = any ? std::max(most, out.row[i]) : out.row[i];
        any = true;
    }
    for (double& r : out.row) r -= least;
    out.rows = most - least + 1;
    return out;
}
