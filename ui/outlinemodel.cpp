// SPDX-License-Identifier: MIT
#include "outlinemodel.h"

#include "labtext.h"

namespace {

/// A leap over more events than this is a new picture.
constexpr std::uint64_t mostAtOnce = 20'000;

bool hasSwept(const lab::log_view& events) {
    for (std::uint64_t seq = events.first(); seq <= events.last(); ++seq)
        if (events[seq].kind == lab::event_kind::swept) return true;
    return false;
}

} // namespace

OutlineModel::OutlineModel(SessionModel& session, QObject* parent)
    : QAbstractItemModel(parent), m_session(session) {
    connect(&m_session, &SessionModel::changed, this, &OutlineModel::update);
    connect(&m_session, &SessionModel::restarted, this, &OutlineModel::rebuild);
    rebuild();
}

QModelIndex OutlineModel::index(int row, int column, const QModelIndex& parent) const {
    if (column < 0 || column >= ColumnCount || row < 0 || row >= rowCount(parent)) return {};
    const int parentNode = parent.isValid() ? static_cast<int>(parent.internalId()) : -1;
    return createIndex(row, column, static_cast<quintptr>(childrenOf(parentNode)[static_cast<size_t>(row)]));
}

QModelIndex OutlineModel::parent(const QModelIndex& child) const {
    return child.isValid() ? indexOfNode(nodeAt(child).parent) : QModelIndex();
}

int OutlineModel::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0) return 0;
    return static_cast<int>(childrenOf(parent.isValid() ? static_cast<int>(parent.internalId()) : -1).size());
}

int OutlineModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

QVariant OutlineModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Kind:
        return tr("Kind");
    case State:
        return tr("State");
    case Err:
        return QStringLiteral("Err()");
    case Cause:
        return QStringLiteral("Cause()");
    case Deadline:
        return tr("Deadline");
    case Children:
        return tr("Children");
    case Workers:
        return tr("Workers");
    default:
        return {};
    }
}

QVariant OutlineModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node& node = nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        if (node.what.sort == Selection::Sort::Worker) {
            const lab::worker_info* worker = m_session.state().worker(node.what.id);
            return worker ? workerText(*worker, index.column()) : QVariant();
        } else {
            const lab::context_info* context = m_session.state().context(node.what.id);
            return context ? contextText(*context, index.column()) : QVariant();
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (index.column() >= Children ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::AccessibleTextRole:
        return index.column() == Name ? accessibleText(node) : QVariant();
    case SearchRole:
        return searchText(node);
    default:
        return {};
    }
}

QVariant OutlineModel::contextText(const lab::context_info& context, int column) const {
    switch (column) {
    case Name:
        return LabText::title(context);
    case Kind:
        return LabText::of(lab::go_name(context.kind));
    case State:
        return LabText::word(context.state);
    case Err:
        return LabText::of(context.err);
    case Cause:
        return context.cause == context.err ? QString() : LabText::of(context.cause);
    case Deadline:
        return context.deadline ? LabText::moment(*context.deadline) : QString();
    case Children:
        return context.children.empty() ? QVariant() : QVariant::fromValue(context.children.size());
    case Workers:
        if (context.workers.empty()) return {};
        return tr("%1 of %2", "live workers of all").arg(context.live_workers).arg(context.workers.size());
    default:
        return {};
    }
}

QVariant OutlineModel::workerText(const lab::worker_info& worker, int column) const {
    switch (column) {
    case Name:
        return LabText::title(worker);
    case Kind:
        return LabText::of(worker.kind);
    case State:
        return LabText::word(worker.state);
    case Err:
        return LabText::of(worker.reason);
    default:
        return {};
    }
}

/// Position and size first, as a screen reader's user needs them: "request, 2 of 3, cancelled, 4 children".
QString OutlineModel::accessibleText(const Node& node) const {
    const QString place = tr("%1 of %2").arg(node.row + 1).arg(childrenOf(node.parent).size());
    if (const lab::worker_info* w =
            node.what.sort == Selection::Sort::Worker ? m_session.state().worker(node.what.id) : nullptr)
        return tr("worker %1, %2, %3").arg(LabText::title(*w), place, LabText::word(w->state));
    if (const lab::context_info* c =
            node.what.sort == Selection::Sort::Context ? m_session.state().context(node.what.id) : nullptr)
        return tr("%1, %2, %3, children: %4")
            .arg(LabText::title(*c), place, LabText::word(c->state))
            .arg(c->children.size());
    return {};
}

QString OutlineModel::searchText(const Node& node) const {
    QString text;
    if (const lab::worker_info* w =
            node.what.sort == Selection::Sort::Worker ? m_session.state().worker(node.what.id) : nullptr)
        text = LabText::of(w->name) + QLatin1Char(' ') + LabText::of(w->kind);
    else if (const lab::context_info* c = m_session.state().context(node.what.id))
        text = LabText::of(c->name) + QLatin1Char(' ') + LabText::of(lab::go_name(c->kind)) +
               QLatin1Char(' ') + LabText::of(c->key) + QLatin1Char(' ') + LabText::of(c->value);
    return text;
}

Selection OutlineModel::selectionAt(const QModelIndex& index) const {
    return index.isValid() ? nodeAt(index).what : Selection{};
}

QModelIndex OutlineModel::indexOf(Selection selection) const {
    const auto& map = selection.sort == Selection::Sort::Worker ? m_workers : m_contexts;
    if (selection.sort != Selection::Sort::Worker && selection.sort != Selection::Sort::Context) return {};
    const auto found = map.find(selection.id);
    return found == map.end() ? QModelIndex() : indexOfNode(found->second);
}

QModelIndex OutlineModel::indexOfNode(int node, int column) const {
    if (node < 0) return {};
    return createIndex(m_nodes[static_cast<size_t>(node)].row, column, static_cast<quintptr>(node));
}

int OutlineModel::nodeOfContext(lab::id_t id) const {
    const auto found = m_contexts.find(id);
    return found == m_contexts.end() ? -1 : found->second;
}

void OutlineModel::add(int parent, Selection what) {
    const int node = static_cast<int>(m_nodes.size());
    std::vector<int>& siblings = childrenOf(parent);
    const int row = static_cast<int>(siblings.size());
    siblings.push_back(node);
    m_nodes.push_back({what, parent, row, {}});
    (what.sort == Selection::Sort::Worker ? m_workers : m_contexts).emplace(what.id, node);
}

void OutlineModel::insertRun(int parent, const std::vector<Selection>& run) {
    if (run.empty()) return;
    const int first = static_cast<int>(childrenOf(parent).size());
    beginInsertRows(indexOfNode(parent), first, first + static_cast<int>(run.size()) - 1);
    for (const Selection& what : run) add(parent, what);
    endInsertRows();
}

void OutlineModel::setActive(bool on) {
    if (std::exchange(m_active, on) != on && on) rebuild();
}

void OutlineModel::update() {
    if (!m_active) return;
    const std::uint64_t until = m_session.shownSeq();
    if (until == m_seen) return refresh();
    const lab::log_view fresh(m_session.history().log(), m_seen + 1, until);
    if (until < m_seen || until - m_seen > mostAtOnce || hasSwept(fresh)) return rebuild();
    int runParent = -1;
    std::vector<Selection> run;
    const auto put = [&](int parent, Selection what) {
        if (parent != runParent) {
            insertRun(runParent, run);
            run.clear();
            runParent = parent;
        }
        run.push_back(what);
    };
    for (std::uint64_t seq = fresh.first(); seq <= fresh.last(); ++seq) {
        const lab::event* e = fresh.find(seq);
        // A parent may still wait in the run: it must be in before anything can be put under it.
        const bool makesContext = e->kind == lab::event_kind::context_created;
        const bool makesWorker = e->kind == lab::event_kind::worker_started;
        if (!makesContext && !makesWorker) continue;
        const lab::id_t above = makesContext ? e->parent : e->context;
        if (above != 0 && nodeOfContext(above) < 0) {
            insertRun(runParent, run);
            run.clear();
        }
        put(nodeOfContext(above), makesContext ? Selection{Selection::Sort::Context, e->context}
                                               : Selection{Selection::Sort::Worker, e->worker});
    }
    insertRun(runParent, run);
    m_seen = until;
    refresh();
}

void OutlineModel::refresh() {
    if (!m_top.empty())
        emit dataChanged(index(0, 0), index(static_cast<int>(m_top.size()) - 1, ColumnCount - 1));
}

void OutlineModel::rebuild() {
    if (!m_active) return;
    beginResetModel();
    m_nodes.clear();
    m_top.clear();
    m_contexts.clear();
    m_workers.clear();
    for (const lab::context_info& c : m_session.state().contexts())
        add(nodeOfContext(c.parent), {Selection::Sort::Context, c.id});
    for (const lab::worker_info& w : m_session.state().workers())
        if (nodeOfContext(w.context) >= 0) add(nodeOfContext(w.context), {Selection::Sort::Worker, w.id});
    m_seen = m_session.shownSeq();
    endResetModel();
}
