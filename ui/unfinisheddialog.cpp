// SPDX-License-Identifier: MIT
#include "unfinisheddialog.h"

#include "crashoffer.h"
#include "labtext.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

UnfinishedDialog::UnfinishedDialog(CrashOffer& offer, QWidget* parent)
    : QDialog(parent), m_offer(offer), m_list(new QTreeWidget(this)), m_problem(new QLabel(this)),
      m_open(new QPushButton(tr("Open"), this)), m_save(new QPushButton(tr("Save…"), this)),
      m_discard(new QPushButton(tr("Discard"), this)) {
    setWindowTitle(tr("Runs that were not closed"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* intro =
        new QLabel(tr("What happened in them is on the disk, up to their last second. Each is offered "
                      "again at the next start until it is saved or discarded."),
                   this);
    intro->setWordWrap(true);
    intro->setProperty("muted", true);
    m_list->setObjectName(QStringLiteral("runs"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setHeaderLabels({tr("Laboratory"), tr("Events"), tr("Began"), tr("Ended")});
    m_list->headerItem()->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    m_list->setAccessibleName(windowTitle());
    m_problem->setWordWrap(true);
    m_problem->setProperty("muted", true);
    auto* close = new QPushButton(tr("Close"), this);
    m_open->setDefault(true);
    m_discard->setProperty("danger", true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_discard);
    buttons->addStretch();
    for (QPushButton* b : {close, m_save, m_open}) buttons->addWidget(b);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 18);
    column->setSpacing(12);
    column->addWidget(intro);
    column->addWidget(m_list, 1);
    column->addWidget(m_problem);
    column->addLayout(buttons);
    resize(680, 360);
    const auto run = [this](auto verb) {
        return [this, verb] {
            if (const int i = selected(); i >= 0)
                (m_offer.*verb)(m_offer.runs()[static_cast<std::size_t>(i)]);
        };
    };
    connect(m_open, &QPushButton::clicked, this, run(&CrashOffer::open));
    connect(m_save, &QPushButton::clicked, this, run(&CrashOffer::save));
    connect(m_discard, &QPushButton::clicked, this, run(&CrashOffer::discard));
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &UnfinishedDialog::refresh);
    connect(m_list, &QTreeWidget::itemActivated, this, run(&CrashOffer::open));
    connect(&m_offer, &CrashOffer::changed, this, &UnfinishedDialog::fill);
    fill();
}

void UnfinishedDialog::fill() {
    const int before = selected();
    m_list->clear();
    const QLocale locale;
    for (const lab::unfinished_run& run : m_offer.runs()) {
        const bool readable = run.problem.empty();
        auto* line =
            new QTreeWidgetItem({CrashOffer::name(run),
                                 readable ? locale.toString(qulonglong(run.events)) : tr("cannot be opened"),
                                 readable ? CrashOffer::when(run.began_unix_ms) : QString(),
                                 CrashOffer::when(run.ended_unix_ms)});
        line->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        line->setToolTip(0, LabText::of(readable ? run.title : run.problem));
        m_list->addTopLevelItem(line);
    }
    if (m_list->topLevelItemCount() == 0) return static_cast<void>(close());
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->setCurrentItem(m_list->topLevelItem(qBound(0, before, m_list->topLevelItemCount() - 1)));
    refresh();
}

int UnfinishedDialog::selected() const {
    return m_list->currentItem() ? m_list->indexOfTopLevelItem(m_list->currentItem()) : -1;
}

void UnfinishedDialog::refresh() {
    const int i = selected();
    const bool any = i >= 0 && static_cast<std::size_t>(i) < m_offer.runs().size();
    const QString problem =
        any ? LabText::of(m_offer.runs()[static_cast<std::size_t>(i)].problem) : QString();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_discard->setEnabled(any);
    for (QPushButton* b : {m_open, m_save}) {
        b->setEnabled(any && problem.isEmpty());
        b->setToolTip(problem);
    }
}
