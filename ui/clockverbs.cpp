// SPDX-License-Identifier: MIT
#include "clockverbs.h"

#include "canvas/icons.h"

#include <QAction>
#include <QActionGroup>
#include <QWidget>

#include <algorithm>

namespace {

using Size = lab::step_size;

constexpr Size sizes[] = {Size::hook, Size::node, Size::wave, Size::reaction, Size::timer};

} // namespace

ClockVerbs::ClockVerbs(SessionModel& session, QWidget* window) : QObject(window), m_session(session) {
    m_runPause = new QAction(tr("Run"), this);
    m_runPause->setShortcut(QKeySequence(Qt::Key_Space));
    m_runPause->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(m_runPause, &QAction::triggered, this, [this] {
        const bool running = m_session.state().clock().running;
        m_session.post(
            lab::change_clock{.action = running ? lab::clock_action::pause : lab::clock_action::run});
    });
    makeSteps();
    makeModes();
    connect(&m_session, &SessionModel::changed, this, &ClockVerbs::update);
    update();
}

void ClockVerbs::makeSteps() {
    const auto describe = [this](Size size) -> std::pair<QString, QKeySequence> {
        switch (size) {
        case Size::hook:
            return {tr("One hook of the library"), QKeySequence(Qt::Key_F11)};
        case Size::node:
            return {tr("One context"), QKeySequence(Qt::Key_F10)};
        case Size::wave:
            return {tr("The whole propagation"), QKeySequence(Qt::CTRL | Qt::Key_F10)};
        case Size::reaction:
            return {tr("Until a worker reacts"), QKeySequence(Qt::SHIFT | Qt::Key_F11)};
        case Size::timer:
            return {tr("To the next timer"), QKeySequence(Qt::CTRL | Qt::Key_T)};
        }
        return {};
    };
    for (const Size size : sizes) {
        const auto [text, keys] = describe(size);
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, [this, size] { stepBy(size); });
        m_sizes += action;
    }
    m_step = new QAction(Icons::icon(QStringLiteral("step")), tr("Step"), this);
    m_step->setToolTip(tr("Step as far as is chosen beside it (Page Down)"));
    m_step->setShortcut(QKeySequence(Qt::Key_PageDown));
    m_step->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(m_step, &QAction::triggered, this, [this] { stepBy(m_lastSize); });
}

void ClockVerbs::makeModes() {
    auto* modes = new QActionGroup(this);
    const auto mode = [&](const QString& text, lab::clock_mode value) {
        auto* action = new QAction(text, this);
        action->setCheckable(true);
        modes->addAction(action);
        connect(action, &QAction::triggered, this, [this, value] {
            m_session.post(lab::change_clock{.action = lab::clock_action::set_mode, .mode = value});
        });
        return action;
    };
    m_virtual = mode(tr("Virtual clock"), lab::clock_mode::virtual_time);
    m_virtual->setStatusTip(tr("Time stands still while anything can run, and jumps to the next timer"));
    m_real = mode(tr("Real clock"), lab::clock_mode::real_time);
    m_real->setStatusTip(tr("Time is the machine's"));
    m_faster = new QAction(tr("Faster"), this);
    m_faster->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Up));
    m_slower = new QAction(tr("Slower"), this);
    m_slower->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Down));
    connect(m_faster, &QAction::triggered, this, [this] { setSpeed(m_session.state().clock().speed * 2); });
    connect(m_slower, &QAction::triggered, this, [this] { setSpeed(m_session.state().clock().speed / 2); });
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
    m_runPause->setToolTip(running ? tr("Pause the clock (Space)") : tr("Let the clock run (Space)"));
}

void ClockVerbs::update() {
    const lab::clock_info& clock = m_session.state().clock();
    if (m_shownRunning != clock.running) showRunning(clock.running);
    const bool isVirtual = clock.mode == lab::clock_mode::virtual_time;
    m_virtual->setChecked(isVirtual);
    m_real->setChecked(!isVirtual);
    const bool now = m_session.whyNotNow().isEmpty();
    m_faster->setEnabled(now && isVirtual && clock.speed < fastest);
    m_slower->setEnabled(now && isVirtual && clock.speed > slowest);
    // The real clock runs, whoever asks it to stand still.
    m_runPause->setEnabled(now && (isVirtual || !clock.running));
    m_step->setEnabled(now && isVirtual);
    for (QAction* size : std::as_const(m_sizes)) size->setEnabled(now && isVirtual);
}
