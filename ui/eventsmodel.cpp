// SPDX-License-Identifier: MIT
#include "eventsmodel.h"

#include "canvas/theme.h"
#include "labtext.h"
#include "type.h"

#include <algorithm>

namespace {

/// How far back a new filter looks: a bound on the work of one click in a very long run.
constexpr std::size_t lookBack = 300'000;

} // namespace

EventsModel::EventsModel(SessionModel& session, std::size_t most, QObject* parent)
    : QAbstractTableModel(parent), m_session(session), m_most(most) {
    connect(&m_session, &SessionModel::logGrew, this, &EventsModel::update);
    connect(&m_session, &SessionModel::momentChanged, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {Qt::ForegroundRole});
    });
    connect(&m_session, &SessionModel::restarted, this, [this](bool resembles) {
        if (!resembles) m_filter = {};
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

std::uint64_t EventsModel::seqAt(int row) const {
    if (row < 0 || row >= rowCount()) return 0;
    if (m_filter == Selection{}) return m_session.shownLife().first + static_cast<std::uint64_t>(row);
    return m_matching[static_cast<std::size_t>(row)];
}

int EventsModel::rowOf(std::uint64_t seq) const {
    if (m_filter == Selection{}) {
        const History::Life& life = m_session.shownLife();
        return seq < life.first ? -1 : std::min(static_cast<int>(seq - life.first), m_rows - 1);
    }
    const auto after = std::upper_bound(m_matching.begin(), m_matching.end(), seq);
    return static_cast<int>(after - m_matching.begin()) - 1;
}

const lab::event* EventsModel::eventAt(int row) const {
    const std::uint64_t seq = seqAt(row);
    return seq == 0 ? nullptr : &m_session.history().event(seq);
}

QVariant EventsModel::data(const QModelIndex& index, int role) const {
    const lab::event* e = index.isValid() ? eventAt(index.row()) : nullptr;
    if (!e) return {};
    if (role == Qt::FontRole && index.column() == Time) return Type::font(Type::Rank::SmallCode);
    if (role == Qt::ForegroundRole && e->seq > m_session.shownSeq()) return theme().mutedText;
    if (role == SequenceRole) return QVariant::fromValue(e->seq);
    if (role == Qt::ToolTipRole && index.column() == Sentence) role = Qt::DisplayRole;
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Time:
        return LabText::moment(e->at);
    case Kind:
        return LabText::of(lab::to_string(e->kind)).replace(QLatin1Char('_'), QLatin1Char(' '));
    case Sentence:
        return LabText::of(m_session.history().sentence(e->seq));
    default:
        return {};
    }
}

Selection EventsModel::subjectOf(int row) const {
    const lab::event* e = eventAt(row);
    return e ? ::subjectOf(*e) : Selection{};
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
    const History::Life& life = m_session.shownLife();
    m_matching.clear();
    m_rows = 0;
    m_seen = life.last;
    if (m_filter == Selection{}) {
        m_rows = static_cast<int>(life.last + 1 - life.first);
    } else {
        const std::uint64_t oldest = std::max(life.first, life.last > lookBack ? life.last - lookBack : 1);
        for (std::uint64_t seq = life.last; seq >= oldest && m_matching.size() < m_most; --seq)
            if (concerns(m_session.history().event(seq), m_filter)) m_matching.push_front(seq);
    }
    endResetModel();
}

void EventsModel::update() {
    const History::Life& life = m_session.shownLife();
    if (life.last <= m_seen) return;
    const std::uint64_t after = std::exchange(m_seen, life.last);
    if (m_filter != Selection{}) return appendFiltered(after);
    const int rows = static_cast<int>(life.last + 1 - life.first);
    beginInsertRows({}, m_rows, rows - 1);
    m_rows = rows;
    endInsertRows();
}

void EventsModel::appendFiltered(std::uint64_t after) {
    std::vector<std::uint64_t> fresh;
    for (std::uint64_t seq = after + 1; seq <= m_seen; ++seq)
        if (concerns(m_session.history().event(seq), m_filter)) fresh.push_back(seq);
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
