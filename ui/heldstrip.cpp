// SPDX-License-Identifier: MIT
#include "heldstrip.h"

#include "actionbutton.h"
#include "clockverbs.h"
#include "heldmoments.h"
#include "labtext.h"
#include "links.h"
#include "statepill.h"
#include "type.h"

#include <QAccessible>
#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace {

constexpr std::size_t mostInQueue = 3;

QPushButton* buttonFor(QAction* action, const QString& text, QWidget* parent) {
    QPushButton* button = makeActionButton(action, parent, text);
    button->setFocusPolicy(Qt::TabFocus); // a click leaves the keys with the canvas
    return button;
}

} // namespace

HeldStrip::HeldStrip(SessionModel& session, HeldMoments& held, ClockVerbs& clock, QWidget* parent)
    : QFrame(parent), m_session(session), m_held(held), m_pill(new StatePill(this)),
      m_actor(Links::makeLabel(session, this)) {
    setObjectName(QStringLiteral("heldStrip"));
    setProperty("held", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 8, 10, 10);
    column->setSpacing(4);
    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    m_actor->setWordWrap(false);
    first->addWidget(m_pill);
    first->addWidget(m_actor, 1);
    addSteps(*first, clock);
    column->addLayout(first);
    m_happened = addLine();
    m_next = addLine();
    m_queue = addLine();
    column->addStretch(1);
    Type::use(m_happened, Type::Rank::Title);
    Type::use(m_next, Type::Rank::Lead);
    m_happened->setObjectName(QStringLiteral("happened"));
    m_next->setObjectName(QStringLiteral("next"));
    m_queue->setProperty("muted", true);
    connect(&m_held, &HeldMoments::changed, this, &HeldStrip::refresh);
    connect(&m_session, &SessionModel::momentChanged, this, &HeldStrip::refresh);
    refresh();
}

QLabel* HeldStrip::addLine() {
    auto* line = new QLabel(this);
    line->setTextFormat(Qt::PlainText);
    line->setWordWrap(true);
    line->setMinimumWidth(1);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout()->addWidget(line);
    return line;
}

void HeldStrip::addSteps(QHBoxLayout& row, ClockVerbs& clock) {
    auto* word = new QLabel(tr("Step by"), this);
    word->setProperty("muted", true);
    row.addWidget(word);
    int size = 0;
    for (QAction* action : clock.stepSizes())
        row.addWidget(buttonFor(action, ClockVerbs::shortName(static_cast<lab::step_size>(size++)), this));
    row.addSpacing(8);
    auto* go = buttonFor(clock.letGo(), tr("Let go on"), this);
    go->setProperty("primary", true);
    row.addWidget(go);
}

QString HeldStrip::happened() const {
    return m_happened->text();
}
QString HeldStrip::next() const {
    return m_next->text();
}
QString HeldStrip::actor() const {
    return m_held.all().empty() ? QString() : m_held.all().front().actor;
}
QString HeldStrip::queue() const {
    return m_queue->isHidden() ? QString() : m_queue->text();
}

void HeldStrip::refresh() {
    const bool shown = m_held.stepping() && m_session.live();
    if (shown) m_held.all().empty() ? describeNobody() : describeHeld();
    if (!shown) setMinimumHeight(0);
    setVisible(shown);
    if (shown) keepHeight();
}

void HeldStrip::describeHeld() {
    const HeldMoments::Held& first = m_held.all().front();
    const auto dotted = [](const std::string& sentence) { return LabText::of(sentence) + QLatin1Char('.'); };
    m_pill->setState({Mark::Waiting, Glyph::Ring, {}}, tr("held inside the library"));
    m_actor->setText(first.actorIs.id == 0 ? tr("acts: %1").arg(first.actor.toHtmlEscaped())
                                           : tr("acts: %1 %2")
                                                 .arg(first.actorIs.sort == Selection::Sort::Context
                                                          ? first.actor.toHtmlEscaped()
                                                          : QString(),
                                                      Links::chip(m_held.picture(), first.actorIs)));
    m_happened->setText(dotted(first.moment.happened));
    m_next->setText(dotted(first.moment.next));
    QStringList others;
    for (std::size_t i = 1; i < m_held.all().size() && i <= mostInQueue; ++i) {
        const HeldMoments::Held& held = m_held.all()[i];
        others += tr("%1 (%2)").arg(held.actor, LabText::of(held.moment.happened));
    }
    const std::size_t more = m_held.all().size() - 1 - static_cast<std::size_t>(others.size());
    QString text = tr("After it, in this order: %1").arg(others.join(QStringLiteral("; ")));
    if (more > 0) text += tr("; and %1 more").arg(more);
    m_queue->setText(text);
    m_queue->setVisible(!others.isEmpty());
    QAccessibleEvent alert(m_happened, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void HeldStrip::describeNobody() {
    m_pill->setState({Mark::Inert, Glyph::Ring, {}}, tr("step mode"));
    m_actor->clear();
    m_happened->setText(tr("Nobody is inside the library."));
    const bool real = m_held.picture().clock().mode == lab::clock_mode::real_time;
    m_next->setText(
        real ? tr("A step lets the clock run until something happens; a request that comes meanwhile "
                  "is held at its first hook.")
             : tr("A step goes to the next thing that happens; a request that comes meanwhile is held "
                  "at its first hook."));
    m_queue->hide();
}

/// It grows with what it has to say, but does not shrink again before it goes: the tree below would jump at
/// each step.
void HeldStrip::keepHeight() {
    layout()->activate();
    const int wanted =
        layout()->hasHeightForWidth() ? layout()->heightForWidth(width()) : sizeHint().height();
    if (wanted > minimumHeight() && wanted < 400) setMinimumHeight(wanted);
}
