// SPDX-License-Identifier: MIT
#include "seedverbs.h"

#include "labtext.h"
#include "scenarios.h"
#include "seeddialog.h"
#include "seedsdialog.h"

#include <QAction>
#include <QRandomGenerator>
#include <QWidget>

namespace {

/// Short enough to be read out and typed.
constexpr int largestRandom = 1'000'000;
constexpr const char* tipProperty = "tip";

} // namespace

SeedVerbs::SeedVerbs(SessionModel& session, Scenarios& scenarios, QWidget* window)
    : QObject(window), m_session(session), m_scenarios(scenarios), m_window(window) {
    m_choose = make(tr("Choose the seed…"), QKeySequence(Qt::CTRL | Qt::Key_E),
                    tr("Start again with a seed of your choice"), &SeedVerbs::ask);
    m_reroll = make(tr("Re-roll"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R),
                    tr("Start again with another seed, drawn at random"), &SeedVerbs::takeAnother);
    m_tryMany =
        make(tr("Try many seeds…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
             tr("Play the scenario with many seeds, and tell the outcomes apart"), &SeedVerbs::openSeeds);
    connect(&m_session, &SessionModel::changed, this, &SeedVerbs::onChanged);
    connect(&m_session, &SessionModel::momentChanged, this, &SeedVerbs::update);
    update();
}

QAction* SeedVerbs::make(const QString& text, const QKeySequence& keys, const QString& tip,
                         void (SeedVerbs::*go)()) {
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setProperty(tipProperty, tip);
    connect(action, &QAction::triggered, this, go);
    return action;
}

void SeedVerbs::offer(QAction* action, const QString& whyNot) {
    action->setEnabled(whyNot.isEmpty());
    const QString tip = tr("%1 (%2)").arg(action->property(tipProperty).toString(),
                                          action->shortcut().toString(QKeySequence::NativeText));
    action->setToolTip(whyNot.isEmpty() ? tip : tip + QLatin1Char('\n') + whyNot);
}

QString SeedVerbs::whyNotMany() const {
    const auto scenario = m_scenarios.running();
    if (!scenario || scenario->commands.empty())
        return tr("An empty laboratory has nothing to play: open a scenario first.");
    if (scenario->needs_sockets())
        return tr("“%1” sends requests over sockets, and what those do no seed decides.")
            .arg(LabText::of(scenario->title));
    return {};
}

/// Of a new life it can be told what it plays as soon as its root is there.
void SeedVerbs::onChanged() {
    const std::uint64_t life = m_session.shownLife().first;
    if (life == m_life || m_session.state().contexts().empty()) return;
    m_life = life;
    update();
}

void SeedVerbs::update() {
    offer(m_choose, m_session.whyNotNow());
    offer(m_reroll, m_session.whyNotNow());
    offer(m_tryMany, whyNotMany());
}

void SeedVerbs::ask() {
    (new SeedDialog(m_session, m_scenarios, m_window))->open();
}

void SeedVerbs::takeAnother() {
    const std::int64_t now = m_session.state().seed();
    std::int64_t other = now;
    while (other == now) other = 1 + QRandomGenerator::global()->bounded(largestRandom);
    m_scenarios.openWithSeed(other);
}

void SeedVerbs::openSeeds() {
    const auto scenario = m_scenarios.running();
    if (!scenario) return;
    auto* dialog = new SeedsDialog(scenario, m_window);
    connect(dialog, &SeedsDialog::seedChosen, &m_scenarios, [this, scenario](std::int64_t seed) {
        auto with = std::make_shared<lab::scenario>(*scenario);
        with->seed = seed;
        m_scenarios.open(std::move(with));
    });
    dialog->show();
}
