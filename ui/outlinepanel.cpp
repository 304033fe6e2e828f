// SPDX-License-Identifier: MIT
#include "outlinepanel.h"

#include "type.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace {

/// Above this many rows an expanded tree costs more a frame than a frame has.
constexpr int mostExpanded = 20'000;

} // namespace

OutlinePanel::OutlinePanel(SessionModel& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(new OutlineModel(session, this)),
      m_filtered(new QSortFilterProxyModel(this)), m_view(new QTreeView(this)) {
    m_filtered->setFilterRole(OutlineModel::SearchRole);
    m_filtered->setFilterKeyColumn(0);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setRecursiveFilteringEnabled(true);

    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Outline of the context tree"));
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setIndentation(18);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setHighlightSections(false);
    m_view->header()->resizeSection(OutlineModel::Name, 190);
    m_view->header()->resizeSection(OutlineModel::Kind, 120);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(m_view);

    connect(m_model, &QAbstractItemModel::rowsInserted, this, &OutlinePanel::expandNew);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        if (small()) m_view->expandAll();
        showSelection(m_session.selection());
    });
    connect(&m_session, &SessionModel::selectionChanged, this, &OutlinePanel::showSelection);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const Selection what = m_model->selectionAt(toSource(index));
        if (what.sort == Selection::Sort::Context) emit activated(what.id);
    });
    connect(m_view, &QWidget::customContextMenuRequested, this, [this](QPoint at) {
        const Selection what = m_model->selectionAt(toSource(m_view->indexAt(at)));
        if (what.sort == Selection::Sort::Context)
            emit contextMenuRequested(what.id, m_view->viewport()->mapToGlobal(at));
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &OutlinePanel::onCurrentChanged);
    m_model->setActive(false); // until it is shown
}

void OutlinePanel::showEvent(QShowEvent* event) {
    m_model->setActive(true);
    QWidget::showEvent(event);
}

void OutlinePanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_model->setActive(false);
}

bool OutlinePanel::small() const {
    return m_model->totalRows() <= mostExpanded;
}

QModelIndex OutlinePanel::toSource(const QModelIndex& shown) const {
    return shown.model() == m_filtered ? m_filtered->mapToSource(shown) : shown;
}

QModelIndex OutlinePanel::toShown(const QModelIndex& source) const {
    return m_view->model() == m_filtered ? m_filtered->mapFromSource(source) : source;
}

void OutlinePanel::setFilter(const QString& text) {
    const bool filter = !text.trimmed().isEmpty();
    m_filtered->setFilterFixedString(text.trimmed());
    QAbstractItemModel* wanted = filter ? static_cast<QAbstractItemModel*>(m_filtered) : m_model;
    if (m_view->model() != wanted) {
        // Filtering 100 000 rows that nobody filters would cost every insert; so the proxy works only when
        // needed.
        m_filtered->setSourceModel(filter ? m_model : nullptr);
        m_view->setModel(wanted);
        connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
                &OutlinePanel::onCurrentChanged);
    }
    if (small()) m_view->expandAll();
    showSelection(m_session.selection());
}

void OutlinePanel::expandNew(const QModelIndex& parent) {
    if (small() && parent.isValid()) m_view->expand(toShown(parent));
}

void OutlinePanel::showSelection(Selection selection) {
    const QScopedValueRollback following(m_following, true);
    const QModelIndex at = toShown(m_model->indexOf(selection));
    if (at == m_view->currentIndex()) return;
    m_view->setCurrentIndex(at);
    if (at.isValid())
        m_view->scrollTo(at);
    else
        m_view->clearSelection();
}

void OutlinePanel::onCurrentChanged(const QModelIndex& current) {
    if (!m_following && current.isValid()) m_session.select(m_model->selectionAt(toSource(current)));
}
