// SPDX-License-Identifier: MIT
#include "seedsdialog.h"

#include "canvas/theme.h"
#include "labtext.h"
#include "section.h"
#include "seedstext.h"
#include "type.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTextBrowser>
#include <QUrl>

#include <algorithm>
#include <limits>

namespace {

constexpr int mostSeeds = 100'000;
constexpr int shareRole = Qt::UserRole, seedRole = Qt::UserRole + 1;

/// How often, as a number and as a bar, and the seed.
class OutcomeDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {180, option.fontMetrics.lineSpacing() + 26};
    }

    void paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& t = theme();
        p->save();
        p->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            p->setPen(Qt::NoPen);
            p->setBrush(option.state & QStyle::State_Selected ? t.selection : t.controlHover);
            p->drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 6, 6);
        }
        const QRectF box = QRectF(option.rect).adjusted(10, 6, -10, -8);
        const QRectF text(box.left(), box.top(), box.width(), option.fontMetrics.lineSpacing());
        p->setFont(option.font);
        p->setPen(t.text);
        p->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        p->setPen(t.mutedText);
        p->drawText(text, Qt::AlignRight | Qt::AlignVCenter, index.data(seedRole).toString());
        const QRectF track(box.left(), box.bottom() - 5, box.width(), 5);
        p->setPen(Qt::NoPen);
        p->setBrush(t.track);
        p->drawRoundedRect(track, 2.5, 2.5);
        p->setBrush(t.color(Mark::Active));
        const double share = index.data(shareRole).toDouble();
        p->drawRoundedRect(QRectF(track.topLeft(), QSizeF(std::max(5.0, track.width() * share), 5)), 2.5,
                           2.5);
        p->restore();
    }
};

} // namespace

SeedsDialog::SeedsDialog(std::shared_ptr<const lab::scenario> scenario, QWidget* parent)
    : QDialog(parent), m_scenario(std::move(scenario)), m_progress(new QProgressBar(this)),
      m_summary(new QLabel(this)) {
    setWindowTitle(tr("Try many seeds"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* intro = new QLabel(
        tr("Plays “%1” from its beginning with one seed after the other, without what was done by hand. What "
           "differs is what Go leaves undefined: the order of siblings, the choice of a select, the turns of "
           "workers.")
            .arg(LabText::of(m_scenario->title.empty() ? m_scenario->name : m_scenario->title)),
        this);
    intro->setWordWrap(true);
    intro->setProperty("muted", true);
    m_progress->setTextVisible(false);
    m_summary->setWordWrap(true);
    m_summary->setMinimumHeight(m_summary->fontMetrics().lineSpacing() + 2);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(12);
    column->addWidget(intro);
    column->addLayout(makeForm());
    column->addWidget(m_progress);
    column->addWidget(m_summary);
    column->addLayout(makeResult(), 1);
    column->addLayout(makeButtons());
    m_ticks.setInterval(50);
    connect(&m_ticks, &QTimer::timeout, this, &SeedsDialog::showProgress);
    showReport();
    resize(780, 560);
    m_count->setFocus();
    m_count->selectAll();
}

SeedsDialog::~SeedsDialog() {
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
}

QLayout* SeedsDialog::makeForm() {
    m_count = new QSpinBox(this);
    m_count->setObjectName(QStringLiteral("count"));
    m_count->setRange(1, mostSeeds);
    m_count->setGroupSeparatorShown(true);
    m_count->setValue(200);
    m_first = new QLineEdit(QStringLiteral("1"), this);
    m_first->setObjectName(QStringLiteral("first"));
    m_first->setMaximumWidth(120);
    m_first->setToolTip(tr("A whole number; the others follow it one by one"));
    m_start = new QPushButton(tr("Try"), this);
    m_start->setObjectName(QStringLiteral("start"));
    m_start->setDefault(true);
    connect(m_start, &QPushButton::clicked, this, [this] { m_running ? stop() : start(); });
    const auto label = [this](const QString& text, QWidget* of) {
        auto* name = new QLabel(text, this);
        name->setBuddy(of);
        return name;
    };
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label(tr("&How many"), m_count));
    row->addWidget(m_count);
    row->addSpacing(12);
    row->addWidget(label(tr("&First seed"), m_first));
    row->addWidget(m_first);
    row->addStretch(1);
    row->addWidget(m_start);
    return row;
}

QLayout* SeedsDialog::makeResult() {
    m_outcomes = new QListWidget(this);
    m_outcomes->setObjectName(QStringLiteral("outcomes"));
    m_outcomes->setAccessibleName(tr("Outcomes"));
    m_outcomes->setItemDelegate(new OutcomeDelegate(m_outcomes));
    m_outcomes->setMouseTracking(true);
    m_outcomes->setFixedWidth(250);
    m_details = new QTextBrowser(this);
    m_details->setObjectName(QStringLiteral("details"));
    m_details->setOpenLinks(false);
    m_details->setPlaceholderText(
        tr("The outcomes will stand here, the most frequent first: how often, with which seed, "
           "and what is different."));
    connect(m_outcomes, &QListWidget::currentRowChanged, this, &SeedsDialog::showOutcome);
    connect(m_outcomes, &QListWidget::itemActivated, this, [this] { m_open->click(); });
    connect(m_details, &QTextBrowser::anchorClicked, this, [this](const QUrl& to) {
        if (to.scheme() == QLatin1String("seed")) emit seedChosen(to.path().toLongLong());
    });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &SeedsDialog::showOutcome);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_outcomes);
    row->addWidget(m_details, 1);
    return row;
}

QLayout* SeedsDialog::makeButtons() {
    m_copy = new QPushButton(tr("Copy"), this);
    m_copy->setToolTip(tr("All outcomes as text"));
    m_copy->setAutoDefault(false);
    m_open = new QPushButton(tr("Open with this seed"), this);
    m_open->setObjectName(QStringLiteral("open"));
    m_open->setAutoDefault(false);
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    connect(m_copy, &QPushButton::clicked, this, &SeedsDialog::copy);
    connect(m_open, &QPushButton::clicked, this, [this] {
        const int row = m_outcomes->currentRow();
        if (row >= 0) emit seedChosen(m_report.outcomes[static_cast<std::size_t>(row)].seed);
    });
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_copy);
    row->addStretch(1);
    row->addWidget(m_open);
    row->addWidget(close);
    return row;
}

void SeedsDialog::start() {
    bool good = false;
    const qlonglong first = m_first->text().trimmed().toLongLong(&good);
    if (!good || first > std::numeric_limits<qlonglong>::max() - mostSeeds) {
        m_summary->setText(tr("First seed: “%1” is not a whole number that fits.").arg(m_first->text()));
        m_first->setFocus();
        return;
    }
    if (m_thread.joinable()) m_thread.join();
    m_running = true;
    m_tried = 0;
    m_wanted = static_cast<std::size_t>(m_count->value());
    m_report = {};
    showReport();
    m_ticks.start();
    m_thread = std::jthread([this, first](const std::stop_token& stop) {
        lab::seed_report report = lab::try_seeds(
            *m_scenario, m_wanted,
            {.first = first, .stop = stop, .progress = [this](std::size_t n) { m_tried = n; }});
        QMetaObject::invokeMethod(
            this, [this, report = std::move(report)]() mutable { onFinished(std::move(report)); },
            Qt::QueuedConnection);
    });
}

void SeedsDialog::stop() {
    m_thread.request_stop();
}

void SeedsDialog::onFinished(lab::seed_report report) {
    m_ticks.stop();
    m_running = false;
    m_report = std::move(report);
    showReport();
    emit finished();
}

void SeedsDialog::showProgress() {
    m_progress->setRange(0, static_cast<int>(m_wanted));
    m_progress->setValue(static_cast<int>(m_tried.load()));
    m_summary->setText(tr("%1 of %2 seeds tried").arg(m_tried.load()).arg(m_wanted));
}

void SeedsDialog::showReport() {
    m_start->setText(m_running ? tr("Stop") : tr("Try"));
    m_count->setEnabled(!m_running);
    m_first->setEnabled(!m_running);
    m_outcomes->clear();
    for (const lab::outcome& outcome : m_report.outcomes) {
        auto* item = new QListWidgetItem(SeedsText::frequency(m_report, outcome), m_outcomes);
        item->setData(shareRole, double(outcome.count) / double(std::max<std::size_t>(1, m_report.tried)));
        item->setData(seedRole, tr("seed %1").arg(outcome.seed));
    }
    const bool any = !m_report.outcomes.empty();
    m_copy->setEnabled(any);
    m_open->setEnabled(any);
    if (m_running) {
        showProgress();
    } else {
        m_progress->setRange(0, 1);
        m_progress->setValue(any ? 1 : 0);
        m_summary->setText(any ? SeedsText::summary(m_report) : tr("Nothing has been tried yet."));
    }
    if (any) m_outcomes->setCurrentRow(0);
    showOutcome();
}

void SeedsDialog::showOutcome() {
    const int row = m_outcomes->currentRow();
    if (row < 0 || static_cast<std::size_t>(row) >= m_report.outcomes.size())
        m_details->clear();
    else
        m_details->setHtml(SeedsText::html(m_report, static_cast<std::size_t>(row)));
}

void SeedsDialog::copy() {
    QGuiApplication::clipboard()->setText(SeedsText::plain(
        m_report, LabText::of(m_scenario->title.empty() ? m_scenario->name : m_scenario->title)));
}
