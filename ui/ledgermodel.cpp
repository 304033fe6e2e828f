// SPDX-License-Identifier: MIT
#include "ledgermodel.h"

#include "canvas/marks.h"
#include "labtext.h"

#include <QElapsedTimer>

#include <algorithm>

namespace {

constexpr std::size_t mostRows = 500;
constexpr int sliceEvents = 512;
constexpr qint64 sliceNs = 4'000'000;

} // namespace

LedgerModel::LedgerModel(SessionModel& session, QObject* parent)
    : QAbstractTableModel(parent), m_session(session) {
    m_slice.setInterval(0);
    m_redraw.setSingleShot(true);
    m_redraw.setInterval(250);
    connect(&m_slice, &QTimer::timeout, this, &LedgerModel::work);
    connect(&m_redraw, &QTimer::timeout, this, &LedgerModel::showRows);
    for (const auto signal : {&SessionModel::changed, &SessionModel::ticked})
        connect(&m_session, signal, this, &LedgerModel::follow);
}

void LedgerModel::setBy(By by) {
    if (by == m_by) return;
    m_by = by;
    showRows();
}

void LedgerModel::setActive(bool active) {
    m_active = active;
    if (active)
        follow();
    else
        m_slice.stop();
}

bool LedgerModel::isUpToDate() const {
    return m_log == &m_session.history() && m_life == m_session.shownLife().first &&
           m_done == m_session.shownSeq();
}

void LedgerModel::follow() {
    if (!m_active) return;
    const bool other = m_log != &m_session.history() || m_life != m_session.shownLife().first;
    if (other || m_done > m_session.shownSeq()) startOver();
    if (m_done < m_session.shownSeq() && !m_slice.isActive()) m_slice.start();
    const bool live = m_total.live > 0; // their overtime grows with the clock
    if ((live || m_done < m_session.shownSeq()) && !m_redraw.isActive()) m_redraw.start();
}

void LedgerModel::startOver() {
    m_book = {};
    m_log = &m_session.history();
    m_life = m_session.shownLife().first;
    m_done = m_life - 1;
    m_redraw.start();
}

void LedgerModel::work() {
    if (m_log != &m_session.history() || m_life != m_session.shownLife().first) startOver();
    const std::uint64_t until = m_session.shownSeq();
    QElapsedTimer elapsed;
    elapsed.start();
    while (m_done < until && elapsed.nsecsElapsed() < sliceNs)
        for (int i = 0; i < sliceEvents && m_done < until; ++i) m_book.apply(m_log->event(++m_done));
    if (m_done < until) return;
    m_slice.stop();
    if (!m_redraw.isActive()) m_redraw.start();
}

void LedgerModel::showRows() {
    m_total = {};
    for (const auto& [id, a] : m_book.contexts()) {
        m_total.workers += a.workers;
        m_total.live += a.live;
        m_total.resumes += a.resumes;
        m_total.past += a.past;
        m_total.since += a.since;
    }
    const auto& accounts = m_by == By::Request ? m_book.requests() : m_book.contexts();
    std::vector<Row> rows;
    rows.reserve(accounts.size());
    for (const auto& [id, a] : accounts) rows.push_back({id, a});
    const auto shown = rows.begin() + static_cast<std::ptrdiff_t>(std::min(mostRows, rows.size()));
    const lab::lab_time now = m_session.state().now();
    std::partial_sort(rows.begin(), shown, rows.end(), [now](const Row& a, const Row& b) {
        const auto left = a.account.overtime(now), right = b.account.overtime(now);
        return left != right ? left > right : a.id < b.id;
    });
    rows.erase(shown, rows.end());
    const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                 [](const Row& a, const Row& b) { return a.id == b.id; });
    if (same) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }
    emit refreshed();
}

lab::lab_time LedgerModel::overtimeOf(const lab::account& a) const {
    return a.overtime(m_session.state().now());
}

Selection LedgerModel::subjectAt(int row) const {
    if (row < 0 || row >= rowCount()) return {};
    const lab::id_t id = m_rows[static_cast<std::size_t>(row)].id;
    return {m_by == By::Request ? Selection::Sort::Request : Selection::Sort::Context, id};
}

QString LedgerModel::nameOf(lab::id_t id) const {
    if (m_by == By::Context) {
        const lab::context_info* c = m_session.state().context(id);
        return c ? LabText::title(*c) : tr("context %1").arg(id);
    }
    const lab::request_info* r = m_session.state().request(id);
    return r ? tr("request %1: %2 %3").arg(id).arg(LabText::of(r->method), LabText::of(r->path))
             : tr("request %1").arg(id);
}

int LedgerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LedgerModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LedgerModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() != Subject)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return LabText::of(lab::sentence(nameOf(row.id).toStdString(), row.account, m_session.state().now()));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Subject:
        return nameOf(row.id);
    case Overtime:
        return spanText(overtimeOf(row.account));
    case Workers:
        return QString::number(row.account.workers);
    case StillThere:
        return row.account.live == 0 ? QString() : QString::number(row.account.live);
    case Resumes:
        return QString::number(row.account.resumes);
    }
    return {};
}

QVariant LedgerModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Subject ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Resumes)
        return tr("How often its workers ran again after its end");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Subject:
        return m_by == By::Request ? tr("Request") : tr("Context");
    case Overtime:
        return tr("Went on for");
    case Workers:
        return tr("Workers");
    case StillThere:
        return tr("Still there");
    case Resumes:
        return tr("Ran again");
    }
    return {};
}
