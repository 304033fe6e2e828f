// SPDX-License-Identifier: MIT
#include "canvas/treescene.h"

#include <QCoreApplication>

#include <algorithm>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TreeScene)
};

constexpr int mostDots = 6;
/// Above this many cards a change of layout is not animated.
constexpr std::size_t mostAnimated = 20000;

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

/// Contexts are listed in the order in which they were made, so a sweep between the two moves the others up.
bool isBeginningOf(const lab::state& s, const lab::state& later) {
    const std::size_t n = s.contexts().size();
    return n <= later.contexts().size() && (n == 0 || s.contexts()[n - 1].id == later.contexts()[n - 1].id);
}

} // namespace

void TreeScene::clear() {
    *this = TreeScene();
}

bool TreeScene::update(const lab::state& s, const lab::state* later) {
    m_later = later && isBeginningOf(s, *later) ? later : nullptr;
    const lab::state& all = m_later ? *m_later : s;
    const bool other = m_state != &s || !m_laidOut || all.shape_version() != m_shape ||
                       all.contexts().size() != m_ids.size();
    m_state = &s;
    m_made = int(s.contexts().size());
    m_looks.clear();
    if (other) layOut(all);
    if (other) applyFilter();
    return other;
}

void TreeScene::layOut(const lab::state& s) {
    std::vector<QPointF> before(s.contexts().size());
    std::vector<bool> known(before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        const int old = indexOf(s.contexts()[i].id);
        known[i] = old >= 0;
        if (known[i]) before[i] = place(old);
    }
    m_ids.clear();
    m_parents.clear();
    m_index.clear();
    for (const lab::context_info& c : s.contexts()) {
        m_index.insert(c.id, int(m_ids.size()));
        m_ids.push_back(c.id);
        m_parents.push_back(c.parent ? indexOf(c.parent) : -1);
    }
    m_layout = layOutTree(m_parents);
    m_progress = 1;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (!known[i]) before[i] = place(int(i));
    m_from = before.size() <= mostAnimated ? std::move(before) : std::vector<QPointF>();
    m_shape = s.shape_version();
    m_laidOut = true;
}

Mark TreeScene::mark(int node) const {
    if (!isMade(node)) return Mark::Inert;
    return markOf(context(node), m_state->now());
}

QPointF TreeScene::place(int node) const {
    const QPointF to(m_layout.column[at(node)] * columnStep, m_layout.row[at(node)] * rowStep);
    if (m_progress >= 1 || m_from.empty()) return to;
    return m_from[at(node)] + (to - m_from[at(node)]) * m_progress;
}

QRectF TreeScene::bounds() const {
    if (isEmpty()) return {};
    return {0, 0, double(m_layout.columns.size() - 1) * columnStep + cardWidth,
            (m_layout.rows - 1) * rowStep + cardHeight};
}

const CardLook& TreeScene::look(int node) const {
    auto known = m_looks.find(node);
    const lab::context_info& c = context(node);
    if (known != m_looks.end()) {
        if (known->timer) known->badge = badgeOf(c, m_state->now());
        return *known;
    }
    CardLook look;
    look.name = text(c.name);
    const std::string_view kind = lab::go_name(c.kind);
    look.kindName = QString::fromUtf8(kind.data(), qsizetype(kind.size()));
    if (c.parent == 0) look.kindName = QStringLiteral("context.%1()").arg(look.kindName);
    look.kind = c.kind;
    if (!isMade(node)) {
        look.ghost = look.faded = true;
        return *m_looks.insert(node, look);
    }
    look.badge = badgeOf(c, m_state->now());
    look.timer = c.own_deadline && c.state == lab::context_state::active;
    look.ghost = c.dropped;
    look.faded = !matches(node);
    look.liveWorkers = int(c.live_workers);
    for (auto w = c.workers.rbegin();
         w != c.workers.rend() && look.workers.size() < qMin(look.liveWorkers, mostDots); ++w) {
        const lab::worker_info* worker = m_state->worker(*w);
        if (worker && worker->state != lab::worker_state::exited) look.workers.prepend(worker->state);
    }
    if (c.kind == lab::context_kind::with_value) {
        look.detail = QStringLiteral("%1 = %2").arg(text(c.key), text(c.value));
        look.detailIsCode = true;
    } else if (!c.err.empty()) {
        look.detail = c.cause.empty() || c.cause == c.err ? text(c.err) : text(c.cause);
    } else if (c.kind == lab::context_kind::without_cancel) {
        look.detail = Words::tr("cut from its parent");
    } else if (c.parent == 0) {
        look.detail = Words::tr("never cancelled");
    }
    return *m_looks.insert(node, look);
}

void TreeScene::setFilter(const QString& filter) {
    m_filter = filter.trimmed();
    m_looks.clear();
    if (m_state) applyFilter();
}

void TreeScene::applyFilter() {
    m_matches.clear();
    if (m_filter.isEmpty()) return;
    const auto has = [this](std::string_view s) {
        return QString::fromUtf8(s.data(), qsizetype(s.size())).contains(m_filter, Qt::CaseInsensitive);
    };
    m_matches.reserve(m_ids.size());
    for (int node = 0; node < count(); ++node) {
        const lab::context_info& c = context(node);
        m_matches.push_back(has(c.name) || has(c.key) || has(c.value) || has(lab::go_name(c.kind)));
    }
}

int TreeScene::matchCount() const {
    return m_matches.empty() ? count() : int(std::count(m_matches.begin(), m_matches.end(), true));
}

int TreeScene::firstInColumn(const std::vector<int>& nodes, double top) const {
    const auto it =
        std::partition_point(nodes.begin(), nodes.end(), [&](int n) { return place(n).y() < top; });
    return int(it - nodes.begin());
}

int TreeScene::nodeAt(const QPointF& point) const {
    int found = -1;
    forNodesIn(QRectF(point, QSizeF(0, 0)), [&](int node) {
        if (rect(node).contains(point)) found = node;
    });
    return found;
}

int TreeScene::neighbour(int node, Direction direction) const {
    if (node < 0 || node >= count()) return -1;
    if (direction == Direction::Parent) return parent(node);
    if (direction == Direction::FirstChild) {
        const auto& children = context(node).children;
        for (lab::id_t child : children)
            if (const int i = indexOf(child); i >= 0) return i;
        return -1;
    }
    // Through the column, so that the walk goes on from the last child to the first cousin.
    const auto& column = m_layout.columns[at(m_layout.column[at(node)])];
    const double row = m_layout.row[at(node)];
    const auto here =
        std::partition_point(column.begin(), column.end(), [&](int n) { return m_layout.row[at(n)] < row; });
    if (direction == Direction::Previous) return here == column.begin() ? -1 : *(here - 1);
    return here == column.end() || here + 1 == column.end() ? -1 : *(here + 1);
}

std::vector<int> TreeScene::pathTo(int node) const {
    std::vector<int> path;
    for (int n = node; n >= 0; n = parent(n)) path.push_back(n);
    std::reverse(path.begin(), path.end());
    return path;
}
