// SPDX-License-Identifier: MIT
#include "owneventslist.h"

#include "type.h"

#include <QEvent>
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
    horizontalHeader()->hide();
    horizontalHeader()->setStretchLastSection(true);
    fitToFont();
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &QTableView::scrollToBottom);
    connect(m_model, &QAbstractItemModel::modelReset, this, &QTableView::scrollToBottom);
}

void OwnEventsList::fitToFont() {
    const QFontMetrics code(Type::font(Type::Rank::SmallCode));
    const QFontMetrics text(Type::font(Type::Rank::Body));
    verticalHeader()->setDefaultSectionSize(2 * text.lineSpacing() + 8); // a sentence takes up to two lines
    horizontalHeader()->resizeSection(EventsModel::Time,
                                      code.horizontalAdvance(QStringLiteral("+100.000 s")) + 16);
}

void OwnEventsList::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitToFont();
}
