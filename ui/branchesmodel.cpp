// SPDX-License-Identifier: MIT
#include "branchesmodel.h"

#include "labtext.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace {

/// How often the row of the run that goes on is drawn anew.
constexpr int refreshMs = 200;

/// Also those that have left since.
std::size_t everLeaked(const lab::state& end) {
    const auto& workers = end.workers();
    return static_cast<std::size_t>(std::count_if(
        workers.begin(), workers.end(), [](const lab::worker_info& w) { return w.leaked.has_value(); }));
}

QString outcomeOf(const lab::state& end) {
    const auto& c = end.counts();
    QStringList parts;
    const auto add = [&](std::size_t n, const QString& text) {
        if (n > 0) parts += text.arg(n);
    };
    add(c.canceled, BranchesModel::tr("%1 cancelled"));
    add(c.expired, BranchesModel::tr("%1 expired"));
    add(everLeaked(end), BranchesModel::tr("%1 leaked"));
    if (parts.isEmpty()) return BranchesModel::tr("nothing ended");
    return parts.join(QStringLiteral(" · "));
}

} // namespace

BranchesModel::BranchesModel(SessionModel& session, Branches& branches, QObject* parent)
    : QAbstractItemModel(parent), m_session(session), m_branches(branches), m_count(branches.count()),
      m_live(branches.live()) {
    m_summaries.resize(static_cast<std::size_t>(m_count));
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMs);
    connect(&m_refresh, &QTimer::timeout, this, &BranchesModel::refresh);
    connect(&m_session, &SessionModel::logGrew, this, [this] {
        if (!m_refresh.isActive()) m_refresh.start();
    });
    connect(&m_branches, &Branches::reset, this, [this] {
        beginResetModel();
        m_count = m_branches.count();
        m_live = m_branches.live();
        m_summaries.assign(static_cast<std::size_t>(m_count), std::nullopt);
        endResetModel();
    });
    connect(&m_branches, &Branches::added, this, &BranchesModel::onAdded);
    connect(&m_branches, &Branches::shownChanged, this, [this] {
        for (int run = 0; run < m_count; ++run) tellChanged(run);
    });
}

int BranchesModel::known(int run) const {
    const std::vector<int>& all = below(run);
    return static_cast<int>(std::lower_bound(all.begin(), all.end(), m_count) - all.begin());
}

void BranchesModel::onAdded(int first) {
    for (int run = first; run < m_branches.count(); ++run) {
        const int above = m_branches.origin(run).parent;
        const int row = known(above);
        beginInsertRows(indexOf(above), row, row);
        m_count = run + 1;
        m_summaries.emplace_back();
        endInsertRows();
    }
    refresh();
}

void BranchesModel::refresh() {
    for (const int run : {m_live, m_branches.live()}) {
        if (run < 0 || run >= m_count) continue;
        m_summaries[static_cast<std::size_t>(run)].reset();
        tellChanged(run);
    }
    m_live = m_branches.live();
}

void BranchesModel::tellChanged(int run) {
    emit dataChanged(indexOf(run), indexOf(run, ColumnCount - 1));
}

QModelIndex BranchesModel::indexOf(int run, int column) const {
    if (run < 0 || run >= m_count) return {};
    const std::vector<int>& beside = below(m_branches.origin(run).parent);
    const auto at = std::lower_bound(beside.begin(), beside.end(), run);
    return createIndex(static_cast<int>(at - beside.begin()), column, static_cast<quintptr>(run));
}

QModelIndex BranchesModel::index(int row, int column, const QModelIndex& parent) const {
    const int above = runOf(parent);
    if (row < 0 || row >= known(above)) return {};
    return createIndex(row, column, static_cast<quintptr>(below(above)[static_cast<std::size_t>(row)]));
}

QModelIndex BranchesModel::parent(const QModelIndex& child) const {
    return child.isValid() ? indexOf(m_branches.origin(runOf(child)).parent) : QModelIndex();
}

int BranchesModel::rowCount(const QModelIndex& parent) const {
    return parent.column() > 0 ? 0 : known(runOf(parent));
}

const BranchesModel::Summary& BranchesModel::summary(int run) const {
    auto& s = m_summaries[static_cast<std::size_t>(run)];
    if (!s) {
        const bool goesOn = run == m_branches.live();
        const lab::state end = goesOn ? m_session.liveHistory().moments().head() : m_branches.end(run);
        s = {.until = LabText::moment(end.now()), .outcome = outcomeOf(end)};
    }
    return *s;
}

QString BranchesModel::nameText(int run) const {
    const bool live = run == m_branches.live(), shown = run == m_branches.shown();
    const QString name = m_branches.name(run);
    if (live) return tr("%1 · live").arg(name);
    return shown ? tr("%1 · shown").arg(name) : name;
}

QVariant BranchesModel::data(const QModelIndex& index, int role) const {
    const int run = runOf(index);
    if (run < 0 || run >= m_branches.count()) return {};
    if (role == Qt::FontRole && run == m_branches.shown()) {
        QFont bold;
        bold.setWeight(QFont::DemiBold);
        return bold;
    }
    if (role == Qt::TextAlignmentRole && index.column() == Events)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return tr("%1: %2, until %3\n%4")
            .arg(m_branches.name(run), m_branches.beginning(run), summary(run).until, summary(run).outcome);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Name:
        return nameText(run);
    case Beginning:
        return m_branches.beginning(run);
    case Events: {
        const History::Life life = m_branches.life(run);
        return QLocale().toString(qulonglong(life.last + 1 - life.first));
    }
    case Outcome:
        return summary(run).outcome;
    default:
        return {};
    }
}

QVariant BranchesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section == Events)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Name:
        return tr("Run");
    case Beginning:
        return tr("Began as");
    case Events:
        return tr("Events");
    case Outcome:
        return tr("Outcome");
    default:
        return {};
    }
}
