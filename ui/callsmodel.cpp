// SPDX-License-Identifier: MIT
#include "callsmodel.h"

#include "labtext.h"
#include "statepill.h"

#include <QPainter>
#include <QPixmap>
#include <QUrl>

#include <algorithm>

namespace {

using Sort = Selection::Sort;

/// The path and query of a URL; the server's address is the same in every row.
QString pathOf(const std::string& url) {
    const QUrl parsed(LabText::of(url));
    const QString path = parsed.path() + (parsed.hasQuery() ? QLatin1Char('?') + parsed.query() : QString());
    return path.isEmpty() ? LabText::of(url) : path;
}

/// Shape and colour together: neither says it alone.
QPixmap picture(const Badge& badge) {
    QPixmap pixmap(26, 26);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintGlyph(painter, badge.glyph, theme().color(badge.mark), QRectF(1, 1, 11, 11));
    return pixmap;
}

} // namespace

CallsModel::CallsModel(SessionModel& session, QObject* parent)
    : QAbstractTableModel(parent), m_session(session) {
    connect(&m_session, &SessionModel::changed, this, &CallsModel::update);
    connect(&m_session, &SessionModel::ticked, this, &CallsModel::tick);
    connect(&m_session, &SessionModel::restarted, this, &CallsModel::rebuild);
    rebuild();
}

int CallsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_calls.size());
}

int CallsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CallsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Request:
        return tr("Request");
    case Outcome:
        return tr("The client saw");
    case Time:
        return tr("Time");
    case ServerFate:
        return tr("On the server");
    default:
        return {};
    }
}

Selection CallsModel::callAt(int row) const {
    return row >= 0 && row < rowCount() ? m_calls[m_calls.size() - 1 - static_cast<std::size_t>(row)]
                                        : Selection{};
}

int CallsModel::rowOf(Selection call) const {
    const auto found = std::find(m_calls.rbegin(), m_calls.rend(), call);
    return found == m_calls.rend() ? -1 : static_cast<int>(found - m_calls.rbegin());
}

const lab::request_info* CallsModel::requestOf(Selection call) const {
    const lab::state& s = m_session.state();
    if (call.sort == Sort::Request) return s.request(call.id);
    const lab::client_info* client = s.client(call.id);
    return client ? s.request(client->request) : nullptr;
}

Selection CallsModel::subjectAt(int row) const {
    const Selection call = callAt(row);
    if (const lab::request_info* r = requestOf(call); r && m_session.state().context(r->context))
        return {Sort::Context, r->context};
    return call;
}

QVariant CallsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Selection call = callAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(call, index.column());
    case Qt::DecorationRole:
        return mark(call, index.column());
    default:
        return {};
    }
}

QVariant CallsModel::text(Selection call, int column) const {
    const lab::state& s = m_session.state();
    const lab::client_info* client = call.sort == Sort::Client ? s.client(call.id) : nullptr;
    const lab::request_info* request = requestOf(call);
    switch (column) {
    case Request:
        if (client) return LabText::of(client->method) + QLatin1Char(' ') + pathOf(client->url);
        return request ? LabText::of(request->method) + QLatin1Char(' ') + LabText::of(request->path)
                       : QString();
    case Outcome:
        if (!client) return request ? tr("came from %1").arg(LabText::of(request->peer)) : QString();
        if (client->state == lab::client_state::answered)
            return tr("%1 %2").arg(client->status).arg(LabText::of(client->outcome).simplified());
        return client->outcome.empty() ? LabText::word(client->state)
                                       : tr("%1: %2").arg(LabText::word(client->state),
                                                          LabText::of(client->outcome).simplified());
    case Time: {
        const lab::lab_time from = client ? client->started : request ? request->started : lab::lab_time{};
        const auto end = client ? client->ended : request ? request->ended : std::nullopt;
        return LabText::span(end.value_or(s.now()) - from);
    }
    case ServerFate:
        if (!request) return client && client->ended ? tr("never arrived") : QString();
        return request->fate.empty() ? LabText::word(request->state) : LabText::of(request->fate);
    default:
        return {};
    }
}

QVariant CallsModel::mark(Selection call, int column) const {
    const lab::client_info* client = call.sort == Sort::Client ? m_session.state().client(call.id) : nullptr;
    const lab::request_info* request = requestOf(call);
    if (column == Outcome && client) return picture(StatePill::badgeFor(client->state));
    if (column == ServerFate && request) return picture(badgeOf(request->state));
    return {};
}

std::vector<Selection> CallsModel::takeNew() {
    const auto& clients = m_session.state().clients();
    const auto& requests = m_session.state().requests();
    std::vector<Selection> fresh;
    for (; m_clientsSeen < clients.size(); ++m_clientsSeen)
        fresh.push_back({Sort::Client, clients[m_clientsSeen].id});
    for (; m_requestsSeen < requests.size(); ++m_requestsSeen)
        if (requests[m_requestsSeen].client == 0)
            fresh.push_back({Sort::Request, requests[m_requestsSeen].id});
    return fresh;
}

void CallsModel::update() {
    const lab::state& s = m_session.state();
    if (s.clients().size() < m_clientsSeen || s.requests().size() < m_requestsSeen) return rebuild();
    const std::vector<Selection> fresh = takeNew();
    if (!fresh.empty()) {
        beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
        m_calls.insert(m_calls.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }
    if (!m_calls.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void CallsModel::tick() {
    if (m_session.state().counts().active_requests > 0 && !m_calls.empty())
        emit dataChanged(index(0, Time), index(rowCount() - 1, Time));
}

void CallsModel::rebuild() {
    beginResetModel();
    m_calls.clear();
    m_clientsSeen = m_requestsSeen = 0;
    m_calls = takeNew();
    endResetModel();
}
