// SPDX-License-Identifier: MIT
#include "comparemodel.h"

#include "canvas/theme.h"
#include "labtext.h"

#include <QFont>

#include <algorithm>
#include <utility>

namespace {

/// Of a row on the second level, its parent's row; the rows of the first level have none.
constexpr quintptr top = 0;

QString word(lab::subject::sort sort) {
    switch (sort) {
    case lab::subject::sort::context:
        return CompareModel::tr("context");
    case lab::subject::sort::worker:
        return CompareModel::tr("worker");
    case lab::subject::sort::request:
        return CompareModel::tr("request");
    case lab::subject::sort::client:
        return CompareModel::tr("call");
    }
    return {};
}

QString orDash(const std::string& text) {
    return text.empty() ? QStringLiteral("–") : LabText::of(text);
}

} // namespace

CompareModel::CompareModel(QString left, QString right, QObject* parent)
    : QAbstractItemModel(parent), m_left(std::move(left)), m_right(std::move(right)) {}

void CompareModel::setComparison(lab::comparison comparison) {
    beginResetModel();
    m_comparison = std::move(comparison);
    m_whole = m_comparison.runs;
    m_whole.insert(m_whole.end(), m_comparison.totals.begin(), m_comparison.totals.end());
    select();
    endResetModel();
}

void CompareModel::setOnlyDifferences(bool only) {
    if (only == m_onlyDifferences) return;
    beginResetModel();
    m_onlyDifferences = only;
    select();
    endResetModel();
}

const std::vector<lab::fact>& CompareModel::factsOf(std::size_t thing) const {
    return thing == whole ? m_whole : m_comparison.things[thing].facts;
}

void CompareModel::select() {
    m_rows.clear();
    const auto add = [this](std::size_t thing, bool wanted) {
        if (!wanted && m_onlyDifferences) return;
        Row row{.thing = thing, .facts = {}};
        const std::vector<lab::fact>& facts = factsOf(thing);
        for (std::size_t i = 0; i < facts.size(); ++i)
            if (facts[i].differs || !m_onlyDifferences) row.facts.push_back(i);
        m_rows.push_back(std::move(row));
    };
    const auto differing = [](const lab::fact& f) { return f.differs; };
    add(whole, std::any_of(m_whole.begin(), m_whole.end(), differing));
    for (std::size_t i = 0; i < m_comparison.things.size(); ++i) add(i, m_comparison.things[i].differs());
}

QModelIndex CompareModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || row >= rowCount(parent)) return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : top);
}

QModelIndex CompareModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == top) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, top);
}

int CompareModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_rows.size());
    if (parent.internalId() != top || parent.column() > 0) return 0;
    return static_cast<int>(m_rows[static_cast<std::size_t>(parent.row())].facts.size());
}

const lab::compared* CompareModel::thingAt(const QModelIndex& index) const {
    if (!index.isValid()) return nullptr;
    const QModelIndex row = index.internalId() == top ? index : parent(index);
    const std::size_t thing = m_rows[static_cast<std::size_t>(row.row())].thing;
    return thing == whole ? nullptr : &m_comparison.things[thing];
}

QVariant CompareModel::thingText(const lab::compared& thing, int column) const {
    if (column == What) return tr("%1 %2").arg(word(thing.sort), LabText::of(thing.name));
    const lab::side side = column == Left ? lab::side::left : lab::side::right;
    return thing.id(side) == 0 ? tr("is not there") : LabText::of(thing.fate(side));
}

bool CompareModel::differs(const QModelIndex& index) const {
    const QModelIndex row = index.internalId() == top ? index : parent(index);
    const Row& of = m_rows[static_cast<std::size_t>(row.row())];
    if (index.internalId() == top) return of.thing == whole || m_comparison.things[of.thing].differs();
    return factsOf(of.thing)[of.facts[static_cast<std::size_t>(index.row())]].differs;
}

QVariant CompareModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const bool first = index.internalId() == top;
    if (role == Qt::FontRole && first) {
        QFont bold;
        bold.setWeight(QFont::DemiBold);
        return index.column() == What ? QVariant(bold) : QVariant();
    }
    if (role == Qt::ForegroundRole && (!differs(index) || (!first && index.column() == What)))
        return theme().mutedText;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const QModelIndex row = first ? index : parent(index);
    const Row& of = m_rows[static_cast<std::size_t>(row.row())];
    if (first) {
        if (of.thing != whole) return thingText(m_comparison.things[of.thing], index.column());
        return index.column() == What ? QVariant(tr("the runs as a whole")) : QVariant();
    }
    const lab::fact& fact = factsOf(of.thing)[of.facts[static_cast<std::size_t>(index.row())]];
    if (index.column() == What) return LabText::of(fact.name);
    return orDash(index.column() == Left ? fact.left : fact.right);
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == What ? QString() : section == Left ? m_left : m_right;
}
