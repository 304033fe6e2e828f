// SPDX-License-Identifier: MIT
#include "branchespanel.h"

#include "comparedialog.h"
#include "elidedlabel.h"
#include "type.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

BranchesPanel::BranchesPanel(SessionModel& session, Branches& branches, Forks& forks, QWidget* parent)
    : QWidget(parent), m_session(session), m_branches(branches), m_forks(forks),
      m_model(new BranchesModel(session, branches, this)), m_view(new QTreeView(this)),
      m_hint(new ElidedLabel(this)) {
    m_show = makeButton(tr("Show"), &BranchesPanel::showSelected);
    m_return = makeButton(tr("Return to it"), &BranchesPanel::returnToSelected);
    m_compare = makeButton(tr("Compare"), &BranchesPanel::compareSelected);
    m_hint->setMuted(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_show);
    row->addWidget(m_return);
    row->addWidget(m_compare);
    row->addSpacing(8);
    row->addWidget(m_hint, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_view, 1);
    buildView();

    connect(&m_branches, &Branches::shownChanged, this, &BranchesPanel::followShown);
    connect(&m_branches, &Branches::added, this, &BranchesPanel::update);
    connect(&m_forks, &Forks::changed, this, &BranchesPanel::update);
    connect(&m_session, &SessionModel::momentChanged, this, &BranchesPanel::update);
    update();
}

QPushButton* BranchesPanel::makeButton(const QString& text, void (BranchesPanel::*slot)()) {
    auto* button = new QPushButton(text, this);
    connect(button, &QPushButton::clicked, this, slot);
    return button;
}

void BranchesPanel::buildView() {
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Runs"));
    m_view->setUniformRowHeights(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setIndentation(18);
    m_view->setExpandsOnDoubleClick(false);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(BranchesModel::Beginning, QHeaderView::Stretch);
    m_view->header()->setHighlightSections(false);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& parent) {
        m_view->expand(parent);
        widenNames();
        m_view->scrollTo(m_model->indexOf(m_branches.count() - 1));
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_view->expandAll();
        m_followed = -1;
        widenNames();
        followShown();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &BranchesPanel::update);
    connect(m_view, &QTreeView::activated, this, &BranchesPanel::showSelected);
    m_view->expandAll();
    fitToFont();
    followShown();
}

/// The run that is shown is selected, unless somebody has selected another.
void BranchesPanel::followShown() {
    const int shown = m_branches.shown();
    if (selected() == m_followed) m_view->setCurrentIndex(m_model->indexOf(m_followed = shown));
    update();
}

void BranchesPanel::fitToFont() {
    const QFontMetrics text(Type::font(Type::Rank::Body));
    const auto room = [&](int column, const QString& longest) {
        m_view->header()->resizeSection(column, text.horizontalAdvance(longest) + 28);
    };
    room(BranchesModel::Name, QStringLiteral("   Run 100 · shown"));
    room(BranchesModel::Events, QStringLiteral("10,000"));
    room(BranchesModel::Outcome, QStringLiteral("10 cancelled · 1 leaked"));
    widenNames();
}

/// A fork of a fork is further to the right, and its name is read there, too.
void BranchesPanel::widenNames() {
    int deepest = 0;
    for (int run = 0; run < m_branches.count(); ++run) {
        int depth = 0;
        for (int above = run; above >= 0; above = m_branches.origin(above).parent) ++depth;
        deepest = std::max(deepest, depth);
    }
    QFont bold = Type::font(Type::Rank::Body);
    bold.setWeight(QFont::DemiBold);
    const int name = QFontMetrics(bold).horizontalAdvance(QStringLiteral("Run 100 · shown")) + 16;
    const int needed = name + deepest * m_view->indentation();
    QHeaderView* header = m_view->header();
    if (header->sectionSize(BranchesModel::Name) < needed) header->resizeSection(BranchesModel::Name, needed);
}

void BranchesPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitToFont();
}

int BranchesPanel::selected() const {
    return m_model->runOf(m_view->currentIndex());
}

int BranchesPanel::partner() const {
    const int run = selected();
    if (run < 0) return -1;
    for (const int other : {m_branches.shown(), m_branches.live(), m_branches.origin(run).parent})
        if (other >= 0 && other != run) return other;
    return -1;
}

void BranchesPanel::update() {
    const int run = selected();
    const auto set = [](QPushButton* button, const QString& why, const QString& tip) {
        button->setEnabled(why.isEmpty());
        button->setToolTip(why.isEmpty() ? tip : why);
    };
    const QString none = run < 0 ? tr("Select a run first") : QString();
    const bool here = run == m_branches.shown() && (run != m_branches.live() || m_session.live());
    set(m_show,
        !none.isEmpty() ? none
        : here          ? tr("This run is what is shown")
                        : QString(),
        tr("Show this run; it stays as it is"));
    QString whyNot = none;
    if (whyNot.isEmpty() && run == m_branches.live()) whyNot = tr("This run goes on already");
    if (whyNot.isEmpty() && m_forks.busy()) whyNot = tr("Another run is just being executed again");
    if (whyNot.isEmpty())
        if (const QString why = m_branches.whyNotAgain(run); !why.isEmpty())
            whyNot = tr("This run cannot be executed again: %1").arg(why);
    set(m_return, whyNot, tr("Execute this run again to its end, and go on from there"));
    const int other = partner();
    m_compare->setText(other < 0 ? tr("Compare")
                                 : tr("Compare with %1").arg(m_branches.name(other).toLower()));
    set(m_compare,
        !none.isEmpty() ? none
        : other < 0     ? tr("There is no other run yet")
                        : QString(),
        tr("Where the two part, and what became of everything in either"));
    m_hint->setText(m_branches.count() > 1 ? QString()
                                           : tr("Fork a moment of the past (B), or undo: the future that "
                                                "you leave is kept here."));
}

void BranchesPanel::showSelected() {
    const int run = selected();
    if (run < 0) return;
    if (run == m_branches.live())
        m_session.showLive();
    else
        m_session.showMoment(m_branches.life(run).last);
}

void BranchesPanel::returnToSelected() {
    if (const int run = selected(); run >= 0) m_forks.returnTo(run);
}

/// The older one on the left.
void BranchesPanel::compareSelected() {
    const int run = selected(), other = partner();
    if (other < 0) return;
    auto* dialog = new CompareDialog(m_session, m_branches, std::min(run, other), std::max(run, other), this);
    dialog->show();
}
