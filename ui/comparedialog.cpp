// SPDX-License-Identifier: MIT
#include "comparedialog.h"

#include "labtext.h"
#include "section.h"
#include "type.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace {

/// Runs that are longer together are compared on another thread.
constexpr std::uint64_t mostAtOnce = 4'000;
/// Above this many rows nobody wants them all open.
constexpr int mostExpanded = 200;

} // namespace

CompareDialog::CompareDialog(SessionModel& session, Branches& branches, int left, int right, QWidget* parent)
    : QDialog(parent), m_session(session), m_branches(branches), m_log(&session.history()),
      m_left{.name = branches.name(left), .run = left}, m_right{.name = branches.name(right), .run = right},
      m_model(new CompareModel(m_left.name, m_right.name, this)), m_summary(new QLabel(this)),
      m_message(new QLabel(this)), m_pages(new QStackedWidget(this)) {
    setWindowTitle(tr("Compare %1 with %2").arg(m_left.name.toLower(), m_right.name.toLower()));
    setAttribute(Qt::WA_DeleteOnClose);
    Type::use(m_summary, Type::Rank::Title);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setProperty("muted", true);
    m_message->setText(tr("Comparing…"));
    m_table = makeTable();
    m_pages->addWidget(m_message);
    m_pages->addWidget(m_table);
    m_first = makeFirst();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(12);
    column->addWidget(m_summary);
    column->addWidget(m_first);
    column->addWidget(m_pages, 1);
    column->addWidget(buttons);
    m_first->hide();
    resize(880, 620);
    // Its events are of a log that is not shown any more.
    connect(&m_branches, &Branches::reset, this, &QDialog::close);
    compare();
}

QWidget* CompareDialog::makeSide(Side& side) {
    auto* box = new QFrame(m_first);
    box->setProperty("panel", true);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(4);
    auto* name = makeHeading(tr("%1, %2").arg(side.name, m_branches.beginning(side.run)), box);
    name->setWordWrap(true);
    column->addWidget(name);
    side.sentence = new QLabel(box);
    side.sentence->setWordWrap(true);
    side.sentence->setTextFormat(Qt::RichText);
    side.sentence->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    connect(side.sentence, &QLabel::linkActivated, this, &CompareDialog::goTo);
    column->addWidget(side.sentence, 1, Qt::AlignTop);
    return box;
}

QWidget* CompareDialog::makeFirst() {
    m_first = new QWidget(this);
    auto* column = new QVBoxLayout(m_first);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(makeHeading(tr("The first difference"), m_first));
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(makeSide(m_left), 1);
    row->addWidget(makeSide(m_right), 1);
    column->addLayout(row);
    return m_first;
}

QWidget* CompareDialog::makeTable() {
    auto* box = new QWidget(this);
    m_only = new QCheckBox(tr("Only what differs"), box);
    m_only->setChecked(true);
    m_view = new QTreeView(box);
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("What became of everything in either run"));
    m_view->setUniformRowHeights(true);
    m_view->setIndentation(18);
    m_view->setAllColumnsShowFocus(true);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(CompareModel::Left, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(CompareModel::Right, QHeaderView::Stretch);
    m_view->header()->setHighlightSections(false);
    auto* row = new QHBoxLayout;
    row->addWidget(makeHeading(tr("What became of everything"), box), 1);
    row->addWidget(m_only);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_view, 1);
    connect(m_only, &QCheckBox::toggled, this, [this](bool only) {
        m_model->setOnlyDifferences(only);
        expandIfFew();
    });
    connect(m_view, &QTreeView::activated, this, &CompareDialog::selectThing);
    fitToFont();
    return box;
}

void CompareDialog::fitToFont() {
    const QFontMetrics text(Type::font(Type::Rank::Body));
    m_view->header()->resizeSection(CompareModel::What, text.averageCharWidth() * 32);
}

void CompareDialog::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_view) fitToFont();
}

void CompareDialog::compare() {
    const auto view = [this](int run) { return m_log->view(m_branches.life(run)); };
    const lab::log_view left = view(m_left.run), right = view(m_right.run);
    if (left.size() + right.size() <= mostAtOnce) return present(lab::compare(left, right));
    auto* errand = new Errand(this);
    connect(errand, &Errand::finished, errand, &QObject::deleteLater);
    errand->start([this, left, right, keep = m_session.recording()](Errand::Progress&) -> Errand::Then {
        auto c = std::make_shared<lab::comparison>(lab::compare(left, right));
        return [this, c] { present(std::move(*c)); };
    });
}

void CompareDialog::present(lab::comparison comparison) {
    m_done = true;
    m_model->setComparison(std::move(comparison));
    const lab::comparison& c = m_model->comparison();
    m_first->setVisible(!c.same());
    if (c.same()) {
        m_summary->setText(tr("%1 and %2").arg(m_left.name, m_right.name.toLower()));
        m_message->setText(tr("The two runs are the same, event by event."));
        return;
    }
    m_summary->setText(partingOf(*c.first));
    showFirst(*c.first);
    m_pages->setCurrentWidget(m_table);
    expandIfFew();
}

/// By the events of either run, as the window counts them.
QString CompareDialog::partingOf(const lab::first_difference& first) const {
    const auto place = [&](lab::side s) {
        const lab::told& told = first.of(s);
        const QString run = of(s).name.toLower();
        return told.seq == 0 ? tr("the end of %1").arg(run)
                             : tr("%1 of %2").arg(m_branches.eventText(of(s).run, told.seq), run);
    };
    if (first.left.number == first.right.number)
        return tr("They part at %1").arg(m_branches.eventText(m_left.run, first.left.seq));
    return tr("They part at %1, %2").arg(place(lab::side::left), place(lab::side::right));
}

void CompareDialog::showFirst(const lab::first_difference& first) {
    for (const lab::side s : {lab::side::left, lab::side::right}) {
        const lab::told& told = first.of(s);
        QLabel* label = of(s).sentence;
        if (told.seq == 0) {
            label->setText(tr("Nothing more happens."));
            continue;
        }
        label->setText(
            QStringLiteral("<a href=\"%1\">%2</a><br>%3")
                .arg(told.seq)
                .arg(LabText::of(told.sentence).toHtmlEscaped(),
                     tr("%1, %2").arg(LabText::moment(told.at), m_branches.eventText(of(s).run, told.seq))));
        label->setToolTip(tr("Show this moment"));
    }
}

QString CompareDialog::summary() const {
    return m_summary->text();
}

QString CompareDialog::firstDifference(lab::side side) const {
    const auto& first = m_model->comparison().first;
    return first ? LabText::of(first->of(side).sentence) : QString();
}

void CompareDialog::expandIfFew() {
    if (m_model->rowCount() <= mostExpanded) m_view->expandAll();
}

void CompareDialog::goTo(const QString& href) {
    m_session.showMoment(href.toULongLong());
}

/// In the run that is shown, if it is one of these.
void CompareDialog::selectThing(const QModelIndex& index) {
    const lab::compared* thing = m_model->thingAt(index);
    const int shown = m_branches.shown();
    if (!thing || (shown != m_left.run && shown != m_right.run)) return;
    const lab::id_t id = thing->id(shown == m_left.run ? lab::side::left : lab::side::right);
    constexpr Selection::Sort sorts[] = {Selection::Sort::Context, Selection::Sort::Worker,
                                         Selection::Sort::Request, Selection::Sort::Client};
    m_session.select({sorts[static_cast<std::size_t>(thing->sort)], id});
}
