// SPDX-License-Identifier: MIT
#include "owneventslist.h"

#include "type.h"

#include <QHeaderView>

namespace {

constexpr std::size_t latest = 200;

} // namespace

OwnEventsList::OwnEventsList(SessionModel& session, QWidget* parent)
    : QTableView(parent), m_model(new EventsModel(session, latest, this)) {
    setModel(m_model);
    setAccessibleName(tr("What happened to it"));
    setColumnHidden(EventsModel::Kind, true);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(210);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(40);
    horizontalHeader()->hide();
    horizontalHeader()->setStretchLastSection(true);
    const QFontMetrics code(Type::font(Type::Rank::SmallCode));
    horizontalHeader()->resizeSection(EventsModel::Time,
                                      code.horizontalAdvance(QStringLiteral("+100.000 s")) + 16);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &QTableView::scrollToBottom);
    connect(m_model, &QAbstractItemModel::modelReset, this, &QTableView::scrollToBottom);
}
