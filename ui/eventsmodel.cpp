// SPDX-License-Identifier: MIT
#include "eventsmodel.h"

#include "labtext.h"
#include "type.h"

#include <algorithm>

namespace {

/// How far back a new filter looks: a bound on the work of one click in a very long run.
constexpr std::size_t lookBack = 300'000;

} // namespace

EventsModel::EventsModel(SessionModel& session, std::size_t most, QObject* parent)
    : QAbstractTableModel(parent), m_session(session), m_most(most) {
    connect(&m_session, &SessionModel::changed, this, &EventsModel::update);
    connect(&m_session, &SessionModel::restarted, this, [this] {
        m_filter = {};
        rebuild();
    });
    rebuild();
}

int EventsModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid()) return 0;
    return m_filter == Selection{} ? m_rows : static_cast<int>(m_matching.size());
}

int EventsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Kind:
        return tr("Kind");
    case Sentence:
        return tr("What happened");
    default:
        return {};
    }
}

std::size_t EventsModel::indexAt(int row) const {
    if (m_filter == Selection{}) return static_cast<std::size_t>(row);
    return static_cast<std::size_t>(m_matching[static_cast<std::size_t>(row)] -
                                    m_session.events().front().seq);
}

const lab::event* EventsModel::eventAt(int row) const {
    const auto& events = m_session.events();
    if (row < 0 || row >= rowCount() || events.empty()) return nullptr;
    const std::size_t i = indexAt(row);
    return i < events.size() ? &events[i] : nullptr;
}

QVariant EventsModel::data(const QModelIndex& index, int role) const {
    const lab::event* e = index.isValid() ? eventAt(index.row()) : nullptr;
    if (!e) return {};
    if (role == Qt::FontRole && index.column() == Time) return Type::font(Type::Rank::SmallCode);
    if (role == SequenceRole) return QVariant::fromValue(e->seq);
    if (role == Qt::ToolTipRole && index.column() == Sentence) role = Qt::DisplayRole;
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Time:
        return LabText::moment(e->at);
    case Kind:
        return LabText::of(lab::to_string(e->kind)).replace(QLatin1Char('_'), QLatin1Char(' '));
    case Sentence:
        return LabText::of(m_session.sentence(indexAt(index.row())));
    default:
        return {};
    }
}

Selection EventsModel::subjectOf(int row) const {
    const lab::event* e = eventAt(row);
    if (!e) return {};
    if (e->worker) return {Selection::Sort::Worker, e->worker};
    if (e->request) return {Selection::Sort::Request, e->request};
    if (e->client) return {Selection::Sort::Client, e->client};
    return e->context ? Selection{Selection::Sort::Context, e->context} : Selection{};
}

bool EventsModel::concerns(const lab::event& event, Selection what) {
    switch (what.sort) {
    case Selection::Sort::None:
        return true;
    case Selection::Sort::Context:
        return event.context == what.id || event.parent == what.id;
    case Selection::Sort::Worker:
        return event.worker == what.id;
    case Selection::Sort::Request:
        return event.request == what.id;
    case Selection::Sort::Client:
        return event.client == what.id ||
               (event.kind == lab::event_kind::request_started && event.by == what.id);
    }
    return false;
}

void EventsModel::setFilter(Selection what) {
    if (what == m_filter) return;
    m_filter = what;
    rebuild();
}

void EventsModel::rebuild() {
    beginResetModel();
    const auto& events = m_session.events();
    m_matching.clear();
    m_rows = 0;
    if (m_filter == Selection{}) {
        m_rows = static_cast<int>(events.size());
    } else {
        const std::size_t oldest = events.size() > lookBack ? events.size() - lookBack : 0;
        for (std::size_t i = events.size(); i > oldest && m_matching.size() < m_most; --i)
            if (concerns(events[i - 1], m_filter)) m_matching.push_front(events[i - 1].seq);
    }
    m_seen = events.empty() ? 0 : events.back().seq;
    endResetModel();
}

void EventsModel::update() {
    const auto& events = m_session.events();
    if (events.empty() || events.back().seq <= m_seen) return;
    if (m_filter == Selection{}) {
        beginInsertRows({}, m_rows, static_cast<int>(events.size()) - 1);
        m_rows = static_cast<int>(events.size());
        endInsertRows();
    } else {
        appendFiltered(m_seen);
    }
    m_seen = events.back().seq;
}

void EventsModel::appendFiltered(std::uint64_t after) {
    const auto& events = m_session.events();
    std::vector<std::uint64_t> fresh;
    const std::uint64_t first = events.front().seq;
    for (std::size_t i = after < first ? 0 : static_cast<std::size_t>(after - first + 1); i < events.size();
         ++i)
        if (concerns(events[i], m_filter)) fresh.push_back(events[i].seq);
    if (fresh.empty()) return;
    const int rows = static_cast<int>(m_matching.size());
    beginInsertRows({}, rows, rows + static_cast<int>(fresh.size()) - 1);
    m_matching.insert(m_matching.end(), fresh.begin(), fresh.end());
    endInsertRows();
    if (m_matching.size() > m_most) {
        const int extra = static_cast<int>(m_matching.size() - m_most);
        beginRemoveRows({}, 0, extra - 1);
        m_matching.erase(m_matching.begin(), m_matching.begin() + extra);
        endRemoveRows();
    }
}
