// SPDX-License-Identifier: MIT
#include "forks.h"

#include "labtext.h"

#ifndef Q_MOC_RUN
#include "lab/describe.h"
#include "lab/replay.h"
#include "lab/stand_in.h"
#endif

#include <QElapsedTimer>
#include <QPointer>

#include <algorithm>
#include <optional>

namespace {

/// Plans of longer runs take more than a frame.
constexpr std::uint64_t mostAtOnce = 20'000;
constexpr int refreshMs = 50;

/// What was done last, as the list of events has it; by its numbers if that has not been read yet.
QString lastAction(const lab::life& life, const History& history) {
    static constexpr std::string_view you = "you: ";
    for (auto i = life.inputs.rbegin(); i != life.inputs.rend(); ++i) {
        if (!i->changed || i->who != "you") continue;
        if (i->seq > history.lastSeq()) return LabText::of(lab::describe(i->what));
        const std::string_view sentence = history.sentence(i->seq);
        return LabText::of(std::string(sentence.substr(sentence.starts_with(you) ? you.size() : 0)));
    }
    return {};
}

lab::log_view viewOf(const lab::event_log& log, const lab::life& life) {
    return {log, life.first_seq, std::max(life.here.seq, life.first_seq)};
}

} // namespace

Forks::Forks(SessionModel& session, Branches& branches, QObject* parent)
    : QObject(parent), m_session(session), m_branches(branches) {
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMs);
    connect(&m_refresh, &QTimer::timeout, this, &Forks::refresh);
    connect(&m_session, &SessionModel::logGrew, this, &Forks::refreshSoon);
    connect(&m_session, &SessionModel::heldChanged, this, &Forks::refreshSoon);
    connect(&m_branches, &Branches::began, this, &Forks::onBegan);
    refresh();
}

void Forks::refreshSoon() {
    if (!m_refresh.isActive()) m_refresh.start();
}

void Forks::refresh() {
    QElapsedTimer elapsed;
    elapsed.start();
    const lab::life now = m_session.laboratory().inputs();
    const QString undo = m_actions.can_undo(now) ? lastAction(now, m_session.liveHistory()) : QString();
    const QString redo = m_actions.can_redo(now) && !m_undone.isEmpty() ? m_undone.last() : QString();
    const QString whyNot = LabText::of(now.recorded_only);
    // A life with very many inputs is not copied all the time.
    m_refresh.setInterval(std::max<int>(refreshMs, static_cast<int>(20 * elapsed.elapsed())));
    if (undo == m_undoText && redo == m_redoText && whyNot == m_whyNot) return;
    m_undoText = undo;
    m_redoText = redo;
    m_whyNot = whyNot;
    emit changed();
}

void Forks::setBusy(bool busy) {
    if (busy == m_busy) return;
    m_busy = busy;
    emit changed();
}

/// What could be undone is of another run.
void Forks::onBegan(const Branches::Origin& how) {
    if (how.kind == Branches::Kind::Undo || how.kind == Branches::Kind::Redo) return;
    m_actions = lab::undo_stack("you");
    m_undone.clear();
    refreshSoon();
}

void Forks::make(std::uint64_t events, std::function<Step()> work, Branches::Origin how) {
    setBusy(true);
    if (events <= mostAtOnce) return execute(work(), std::move(how));
    auto* errand = new Errand(this);
    connect(errand, &Errand::finished, errand, &QObject::deleteLater);
    errand->start([this, work = std::move(work), how = std::move(how)](Errand::Progress&) -> Errand::Then {
        return [this, step = work(), how] { execute(step, how); };
    });
}

void Forks::execute(const Step& step, Branches::Origin how) {
    if (!step.plan) return setBusy(false);
    const auto kind = how.kind;
    const QString what = how.what;
    m_branches.expect(std::move(how));
    m_session.post(lab::reset_lab{.from = step.plan},
                   [self = QPointer<Forks>(this), step, kind, what](const lab::reply& reply) {
                       if (!self) return;
                       if (reply.ok()) {
                           if (kind == Branches::Kind::Undo) self->m_undone.append(what);
                           if (kind == Branches::Kind::Redo && !self->m_undone.isEmpty())
                               self->m_undone.removeLast();
                           self->m_actions = step.after;
                           emit self->went(step.plan->what.with);
                       } else {
                           self->m_branches.forgetExpected();
                           emit self->m_session.refused(LabText::of(reply.error));
                       }
                       self->refresh();
                       self->setBusy(false);
                   });
}

void Forks::forkAt(std::uint64_t seq) {
    const int run = m_branches.runAt(seq);
    const auto life = m_branches.inputs(run);
    if (m_busy || !life || !life->recorded_only.empty()) return;
    if (m_session.live()) seq = life->here.seq; // now, and held where it is held
    Branches::Origin how{.kind = Branches::Kind::Fork, .parent = run, .parentSeq = seq, .what = {}};
    if (m_session.recorded()) {
        how.parent = -1;
        how.what = tr("%1 at %2").arg(m_session.recordingTitle(), m_branches.eventText(run, seq));
    }
    goTo(run, *life, seq, std::move(how));
}

void Forks::returnTo(int run) {
    const auto life = m_branches.inputs(run);
    if (m_busy || !life || !life->recorded_only.empty()) return;
    const std::uint64_t last = m_branches.life(run).last;
    Branches::Origin how{.kind = Branches::Kind::Return, .parent = run, .parentSeq = last, .what = {}};
    if (m_session.recorded()) how = {.kind = Branches::Kind::Fork, .what = m_session.recordingTitle()};
    goTo(run, *life, last, std::move(how));
}

void Forks::goTo(int run, const lab::life& life, std::uint64_t seq, Branches::Origin how) {
    const lab::log_view view = m_session.live() && run == m_branches.live()
                                   ? viewOf(m_session.laboratory().log(), life)
                                   : m_session.history().view(m_branches.life(run));
    make(
        view.size(),
        [life, view, seq, keep = m_session.recording()] {
            return Step{.plan = lab::fork_at(life, view, seq), .after = lab::undo_stack("you")};
        },
        std::move(how));
}

void Forks::runAgain(int run) {
    const auto life = m_branches.inputs(run);
    if (m_busy || !life) return;
    std::shared_ptr<const lab::scenario> with = life->with;
    if (with && with->seed != life->seed) {
        auto reseeded = std::make_shared<lab::scenario>(*with);
        reseeded->seed = life->seed;
        with = std::move(reseeded);
    }
    begin(with);
}

/// `then` follows when it has begun.
void Forks::begin(std::shared_ptr<const lab::scenario> with, std::function<void()> then) {
    setBusy(true);
    m_session.post(lab::reset_lab{.with = with},
                   [self = QPointer<Forks>(this), with, then = std::move(then)](const lab::reply& reply) {
                       if (!self) return;
                       if (reply.ok()) {
                           emit self->went(with);
                           if (then) then();
                       } else {
                           self->m_branches.forgetExpected();
                           emit self->m_session.refused(LabText::of(reply.error));
                       }
                       self->setBusy(false);
                   });
}

void Forks::standIn() {
    const int run = m_branches.shown();
    if (m_busy || run < 0) return;
    const lab::state& picture = m_session.state();
    const auto with = lab::stand_in(picture, m_branches.inputs(run).value_or(lab::life()));
    Branches::Origin how{.kind = Branches::Kind::StandIn,
                         .parent = m_session.recorded() ? -1 : run,
                         .parentSeq = m_session.shownSeq(),
                         .what = m_session.recordingTitle()};
    // The new run begins on a virtual clock that stands still, and is brought to the moment.
    m_session.post(lab::change_clock{.action = lab::clock_action::set_mode});
    m_session.post(lab::change_clock{.action = lab::clock_action::pause});
    m_branches.expect(std::move(how));
    begin(with, [this, to = picture.now()] {
        m_session.post(lab::change_clock{.action = lab::clock_action::advance, .by = to});
    });
}

void Forks::undo() {
    if (m_busy) return;
    const lab::life now = m_session.laboratory().inputs();
    if (!m_actions.can_undo(now)) return;
    const int run = m_branches.live();
    Branches::Origin how{.kind = Branches::Kind::Undo,
                         .parent = run,
                         .parentSeq = now.here.seq,
                         .what = lastAction(now, m_session.liveHistory())};
    make(
        now.here.seq + 1 - now.first_seq,
        [now, stack = m_actions, view = viewOf(m_session.laboratory().log(), now)]() mutable {
            Plan plan = stack.undo(now, view);
            return Step{.plan = std::move(plan), .after = std::move(stack)};
        },
        how);
}

void Forks::redo() {
    if (m_busy) return;
    const lab::life now = m_session.laboratory().inputs();
    if (!m_actions.can_redo(now)) return;
    Branches::Origin how{.kind = Branches::Kind::Redo,
                         .parent = m_branches.live(),
                         .parentSeq = now.here.seq,
                         .what = m_undone.isEmpty() ? QString() : m_undone.last()};
    make(
        0, // the plan has been made when the action was undone
        [now, stack = m_actions]() mutable {
            Plan plan = stack.redo(now);
            return Step{.plan = std::move(plan), .after = std::move(stack)};
        },
        std::move(how));
}
