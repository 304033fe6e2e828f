// SPDX-License-Identifier: MIT
#include "clockverbs.h"

#include "advancedialog.h"
#include "canvas/icons.h"

#include <QAction>
#include <QActionGroup>
#include <QWidget>

#include <algorithm>

namespace {

using Size = lab::step_size;

constexpr Size sizes[] = {Size::hook, Size::node, Size::wave, Size::reaction, Size::timer};

/// What an action's tooltip says while it can be done.
constexpr const char* tipProperty = "tip";

} // namespace

ClockVerbs::ClockVerbs(SessionModel& session, QWidget* window) : QObject(window), m_session(session) {
    m_runPause = make(tr("Run"), QKeySequence(Qt::Key_Space), {}, &ClockVerbs::goOrStop);
    m_runPause->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    makeSteps();
    makeMoves();
    makeModes();
    for (const auto signal : {&SessionModel::changed, &SessionModel::logGrew})
        connect(&m_session, signal, this, &ClockVerbs::update);
    connect(&m_session, &SessionModel::heldChanged, this, &ClockVerbs::update);
    update();
}

QAction* ClockVerbs::make(const QString& text, const QKeySequence& keys, const QString& tip,
                          void (ClockVerbs::*go)()) {
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setProperty(tipProperty, tip);
    connect(action, &QAction::triggered, this, go);
    return action;
}

void ClockVerbs::makeSteps() {
    struct Words {
        QString text, tip;
        QKeySequence keys;
    };
    const auto describe = [this](Size size) -> Words {
        switch (size) {
        case Size::hook:
            return {tr("One hook of the library"), tr("To the next hook of the library"),
                    QKeySequence(Qt::Key_F11)};
        case Size::node:
            return {tr("One context"), tr("Until the next context is done"), QKeySequence(Qt::Key_F10)};
        case Size::wave:
            return {tr("The whole propagation"), tr("To the end of a whole propagation"),
                    QKeySequence(Qt::CTRL | Qt::Key_F10)};
        case Size::reaction:
            return {tr("Until a worker reacts"),
                    tr("Until a worker notices that its context is done, or exits"),
                    QKeySequence(Qt::SHIFT | Qt::Key_F11)};
        case Size::timer:
            return {tr("Jump to the next timer"), tr("When everybody waits: to the next thing that is due"),
                    QKeySequence(Qt::CTRL | Qt::Key_T)};
        }
        return {};
    };
    for (const Size size : sizes) {
        const auto [text, tip, keys] = describe(size);
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setProperty(tipProperty, tip);
        connect(action, &QAction::triggered, this, [this, size] { stepBy(size); });
        m_sizes += action;
    }
    m_step = make(tr("Step"), QKeySequence(Qt::Key_PageDown), tr("Step as far as is chosen beside it"),
                  &ClockVerbs::stepOn);
    m_step->setIcon(Icons::icon(QStringLiteral("step")));
    m_step->setShortcutContext(Qt::WidgetWithChildrenShortcut);
}

void ClockVerbs::makeMoves() {
    m_hold = make(tr("Hold whoever acts next"), QKeySequence(Qt::CTRL | Qt::Key_F11),
                  tr("Step mode without a step: whoever acts next, a request too, is held at its first hook"),
                  &ClockVerbs::holdNext);
    m_letGo = make(tr("Let go on"), QKeySequence(Qt::Key_F8),
                   tr("Leave step mode: everybody goes on, and the clock runs"), &ClockVerbs::goOn);
    m_advance = make(tr("Advance by…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T),
                     tr("Move the clock on by an amount of time"), &ClockVerbs::askHowFar);
    m_faster =
        make(tr("Faster"), QKeySequence(Qt::CTRL | Qt::Key_Up), tr("Twice as fast"), &ClockVerbs::goFaster);
    m_slower =
        make(tr("Slower"), QKeySequence(Qt::CTRL | Qt::Key_Down), tr("Half as fast"), &ClockVerbs::goSlower);
}

void ClockVerbs::makeModes() {
    auto* modes = new QActionGroup(this);
    const auto mode = [&](const QString& text, const QString& tip, lab::clock_mode value) {
        auto* action = new QAction(text, this);
        action->setCheckable(true);
        action->setStatusTip(tip);
        action->setProperty(tipProperty, tip);
        modes->addAction(action);
        connect(action, &QAction::triggered, this, [this, value] {
            m_session.post(lab::change_clock{.action = lab::clock_action::set_mode, .mode = value});
        });
        return action;
    };
    m_virtual =
        mode(tr("Virtual clock"), tr("Time stands still while anything can run, and jumps to the next timer"),
             lab::clock_mode::virtual_time);
    m_real =
        mode(tr("Real clock"),
             tr("Time is the machine's; it can be paused and held, but neither jump nor change its speed"),
             lab::clock_mode::real_time);
}

void ClockVerbs::goOrStop() {
    const bool running = m_session.state().clock().running;
    m_session.post(lab::change_clock{.action = running ? lab::clock_action::pause : lab::clock_action::run});
}

void ClockVerbs::stepOn() {
    stepBy(m_lastSize);
}

void ClockVerbs::goOn() {
    m_session.post(lab::change_clock{.action = lab::clock_action::run});
}

void ClockVerbs::holdNext() {
    m_session.post(lab::change_clock{.action = lab::clock_action::hold});
}

void ClockVerbs::askHowFar() {
    auto* dialog = new AdvanceDialog(m_session, m_lastAdvance, qobject_cast<QWidget*>(parent()));
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_lastAdvance = dialog->text(); });
    dialog->open();
}

void ClockVerbs::goFaster() {
    setSpeed(m_session.state().clock().speed * 2);
}

void ClockVerbs::goSlower() {
    setSpeed(m_session.state().clock().speed / 2);
}

void ClockVerbs::setSpeed(double speed) {
    m_session.post(lab::change_clock{.action = lab::clock_action::set_speed,
                                     .speed = std::clamp(speed, slowest, fastest)});
}

QString ClockVerbs::shortName(lab::step_size size) {
    switch (size) {
    case Size::hook:
        return tr("hook");
    case Size::node:
        return tr("context");
    case Size::wave:
        return tr("wave");
    case Size::reaction:
        return tr("reaction");
    case Size::timer:
        return tr("timer");
    }
    return {};
}

void ClockVerbs::setStepSize(lab::step_size size) {
    if (size == m_lastSize) return;
    m_lastSize = size;
    emit stepSizeChanged();
}

void ClockVerbs::stepBy(lab::step_size size) {
    setStepSize(size);
    m_session.post(lab::change_clock{.action = lab::clock_action::step, .size = size});
}

void ClockVerbs::showRunning(bool running) {
    m_shownRunning = running;
    m_runPause->setText(running ? tr("Pause") : tr("Run"));
    m_runPause->setIcon(
        Icons::icon(running ? QStringLiteral("pause") : QStringLiteral("run"), Icons::Tint::OnButton));
    m_runPause->setProperty(tipProperty, running ? tr("Pause: everything stands still, and nothing is lost")
                                                 : tr("Let the clock run"));
}

QString ClockVerbs::whyOneSpeed() const {
    if (const QString past = m_session.whyNotNow(); !past.isEmpty()) return past;
    if (m_session.state().clock().mode == lab::clock_mode::real_time)
        return tr("The real clock has one speed, the machine's. The virtual one runs at 1/16 to 16 times.");
    return {};
}

QString ClockVerbs::whyNoAdvance() const {
    if (const QString past = m_session.whyNotNow(); !past.isEmpty()) return past;
    if (m_session.state().clock().mode == lab::clock_mode::real_time)
        return tr("The real clock cannot be moved: its time is the machine's. Switch to the virtual clock.");
    if (m_session.held()) return tr("A thread is held inside the library: step on, or let it go on, first.");
    return {};
}

void ClockVerbs::offer(QAction* action, const QString& whyNot) {
    action->setEnabled(whyNot.isEmpty());
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    const QString can = action->property(tipProperty).toString();
    const QString tip = keys.isEmpty() ? can : tr("%1 (%2)").arg(can, keys);
    action->setToolTip(whyNot.isEmpty() ? tip : tip + QLatin1Char('\n') + whyNot);
}

void ClockVerbs::update() {
    const lab::clock_info& clock = m_session.state().clock();
    if (m_shownRunning != clock.running) showRunning(clock.running);
    const bool isVirtual = clock.mode == lab::clock_mode::virtual_time;
    const QString past = m_session.whyNotNow(), speed = whyOneSpeed();
    m_virtual->setChecked(isVirtual);
    m_real->setChecked(!isVirtual);
    for (QAction* action : {m_runPause, m_step, m_hold, m_virtual, m_real}) offer(action, past);
    for (QAction* size : std::as_const(m_sizes)) offer(size, past);
    offer(m_letGo, !past.isEmpty() || clock.stepping ? past : tr("Nobody is held, and no steps are taken."));
    offer(m_advance, whyNoAdvance());
    offer(m_faster, speed.isEmpty() && clock.speed >= fastest ? tr("It runs as fast as it can.") : speed);
    offer(m_slower, speed.isEmpty() && clock.speed <= slowest ? tr("It runs as slowly as it can.") : speed);
}
