// SPDX-License-Identifier: MIT
#include "ledgerpanel.h"

#include "canvas/marks.h"
#include "ledgermodel.h"
#include "type.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>

LedgerPanel::LedgerPanel(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new LedgerModel(session, this)), m_sum(new QLabel(this)),
      m_by(new QTabBar(this)), m_pages(new QStackedWidget(this)), m_empty(new QLabel(this)),
      m_table(new QTableView(this)) {
    m_sum->setWordWrap(true);
    m_sum->setMinimumWidth(1);
    m_by->addTab(tr("By request"));
    m_by->addTab(tr("By context"));
    m_by->setDrawBase(false);
    m_by->setExpanding(false);
    m_empty->setProperty("muted", true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    makeTable();
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_table);
    auto* top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(m_sum, 1);
    top->addWidget(m_by);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_pages, 1);
    connect(m_by, &QTabBar::currentChanged, this, [this](int tab) {
        m_model->setBy(tab == 0 ? LedgerModel::By::Request : LedgerModel::By::Context);
    });
    connect(m_model, &LedgerModel::refreshed, this, &LedgerPanel::refresh);
    refresh();
}

void LedgerPanel::makeTable() {
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Work after death"));
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(LedgerModel::Subject, QHeaderView::Stretch);
    fitToFont();
    const auto select = [this](const QModelIndex& row) { m_session.select(m_model->subjectAt(row.row())); };
    connect(m_table, &QTableView::clicked, this, select);
    connect(m_table, &QTableView::activated, this, select);
}

void LedgerPanel::fitToFont() {
    const QFontMetrics text(Type::font(Type::Rank::Body));
    m_table->verticalHeader()->setDefaultSectionSize(text.lineSpacing() + 10);
    for (int column = LedgerModel::Overtime; column < LedgerModel::ColumnCount; ++column)
        m_table->horizontalHeader()->resizeSection(
            column, text.horizontalAdvance(m_model->headerData(column, Qt::Horizontal).toString()) + 34);
}

QString LedgerPanel::sum() const {
    return m_sum->text();
}

void LedgerPanel::refresh() {
    const lab::account all = m_model->total();
    QString text;
    if (all.workers == 0)
        text = tr("No worker has gone on after its context had died.");
    else
        text = (all.workers == 1 ? tr("1 worker went on for %1 after its context had died")
                                 : tr("%2 workers went on, for %1 in all, after their contexts had died"))
                   .arg(spanText(m_model->overtimeOf(all)));
    if (all.workers > 1) text = text.arg(all.workers);
    if (all.live > 0)
        text += all.live == 1 ? tr("; 1 still does.") : tr("; %1 still do.").arg(all.live);
    else if (all.workers > 0)
        text += QLatin1Char('.');
    if (all.workers > 0 && m_model->rowCount() == 0) text += tr(" None of them worked for a request.");
    if (!m_model->isUpToDate()) text = tr("Counting…");
    m_sum->setText(text);
    m_empty->setText(all.workers == 0
                         ? tr("Cancelling asks a worker to stop. What it does from then until it has "
                              "left is counted here.")
                         : tr("None of it was done for a request."));
    m_pages->setCurrentWidget(m_model->rowCount() == 0 ? static_cast<QWidget*>(m_empty) : m_table);
}

void LedgerPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_model->setActive(true);
}

void LedgerPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_model->setActive(false);
}

void LedgerPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitToFont();
}
