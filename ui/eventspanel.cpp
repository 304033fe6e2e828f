// SPDX-License-Identifier: MIT
#include "eventspanel.h"

#include "elidedlabel.h"
#include "type.h"

#include <QCheckBox>
#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

EventsPanel::EventsPanel(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new EventsModel(session, 10'000, this)),
      m_table(new QTableView(this)),
      m_onlySelection(new QCheckBox(tr("Only what concerns the selection"), this)),
      m_follow(new QCheckBox(tr("Follow"), this)), m_count(new ElidedLabel(this)) {
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the newest event in view"));
    m_count->setMuted(true);
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* row = new QHBoxLayout;
    row->addWidget(m_onlySelection);
    row->addSpacing(12);
    row->addWidget(m_follow);
    row->addWidget(m_count, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    buildTable();

    connect(m_onlySelection, &QCheckBox::toggled, this, &EventsPanel::applyFilter);
    connect(&m_session, &SessionModel::selectionChanged, this, &EventsPanel::applyFilter);
    connect(m_follow, &QCheckBox::toggled, this, &EventsPanel::followIfWanted);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &EventsPanel::followIfWanted);
    connect(m_model, &QAbstractItemModel::modelReset, this, &EventsPanel::followIfWanted);
    connect(m_table, &QAbstractItemView::clicked, this, &EventsPanel::stepTo);
    connect(m_table, &QAbstractItemView::activated, this, &EventsPanel::showMoment);
    connect(&m_session, &SessionModel::momentChanged, this, &EventsPanel::followMoment);
    // Scrolling away from the end is how people say "hold still".
    connect(m_table->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        const QScrollBar* bar = m_table->verticalScrollBar();
        m_follow->setChecked(bar->sliderPosition() >= bar->maximum());
    });
    showCount();
}

void EventsPanel::buildTable() {
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Events"));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = m_table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setStretchLastSection(true);
    fitToFont();
}

void EventsPanel::fitToFont() {
    const QFontMetrics code(Type::font(Type::Rank::SmallCode));
    const QFontMetrics text(Type::font(Type::Rank::Body));
    QHeaderView* header = m_table->horizontalHeader();
    m_table->verticalHeader()->setDefaultSectionSize(text.height() + 8);
    header->resizeSection(EventsModel::Time, code.horizontalAdvance(QStringLiteral("+1000.000 s")) + 24);
    header->resizeSection(EventsModel::Kind, text.horizontalAdvance(QStringLiteral("command refused")) + 24);
}

void EventsPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitToFont();
}

void EventsPanel::applyFilter() {
    m_model->setFilter(m_onlySelection->isChecked() ? m_session.selection() : Selection{});
    showCount();
}

void EventsPanel::showCount() {
    const int rows = m_model->rowCount();
    m_count->setText(rows == 1 ? tr("1 event") : tr("%1 events").arg(rows));
}

void EventsPanel::followIfWanted() {
    showCount();
    if (m_follow->isChecked() && m_session.live() && isVisible()) m_table->scrollToBottom();
}

void EventsPanel::showMoment(const QModelIndex& index) {
    stepTo(index);
    if (const std::uint64_t seq = m_model->seqAt(index.row())) m_session.showMoment(seq);
}

/// The event whose moment is shown is the current row; what comes after it is paler.
void EventsPanel::followMoment() {
    m_table->viewport()->update();
    if (m_session.live()) return followIfWanted();
    const int row = m_model->rowOf(m_session.shownSeq());
    if (row < 0) return m_table->clearSelection();
    m_table->selectRow(row);
    m_table->scrollTo(m_model->index(row, EventsModel::Time));
}

void EventsPanel::stepTo(const QModelIndex& index) {
    m_follow->setChecked(index.row() + 1 == m_model->rowCount());
    if (const Selection subject = m_model->subjectOf(index.row()); !(subject == Selection{}))
        m_session.select(subject);
    if (!m_session.live()) m_session.showMoment(m_model->seqAt(index.row()));
}
