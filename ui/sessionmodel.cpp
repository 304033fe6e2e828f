// SPDX-License-Identifier: MIT
#include "sessionmodel.h"

#include <QElapsedTimer>

#include <algorithm>
#include <limits>
#include <mutex>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t batchSize = 512;
/// Half a frame: the other half belongs to painting. What is left over is read in the next frame.
constexpr std::chrono::nanoseconds frameBudget = 8ms;

} // namespace

/// Where the laboratory's thread leaves replies. Shared with every callback in flight, so that it outlives a
/// model that was closed meanwhile.
struct SessionModel::Mailbox {
    std::mutex mutex;
    SessionModel* owner = nullptr; // guarded by mutex
    std::vector<Pending> letters;  // guarded by mutex
    bool woken = false;            // guarded by mutex
};

SessionModel::SessionModel(lab::laboratory& laboratory, QObject* parent)
    : QObject(parent), m_laboratory(laboratory), m_log(laboratory.log()),
      m_mailbox(std::make_shared<Mailbox>()) {
    m_mailbox->owner = this;
    m_timer.setInterval(16);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &SessionModel::frame);
    m_timer.start();
}

SessionModel::~SessionModel() {
    const std::scoped_lock lock(m_mailbox->mutex);
    m_mailbox->owner = nullptr;
}

bool SessionModel::held() const {
    return m_laboratory.held();
}

QString SessionModel::whyNotNow() const {
    if (recorded()) return tr("This is a recording: nothing can be done to it. Fork it, or close it.");
    if (!live()) return tr("This is the past: return to live, or fork here.");
    return {};
}

void SessionModel::post(lab::command command, OnReply onReply) {
    if (std::holds_alternative<lab::reset_lab>(command))
        onReply = [this, onReply = std::move(onReply)](const lab::reply& reply) {
            if (reply.ok()) showLive();
            if (onReply)
                onReply(reply);
            else if (!reply.ok())
                emit refused(QString::fromStdString(reply.error));
        };
    auto done = [mailbox = m_mailbox, log = &m_laboratory.log(),
                 onReply = std::move(onReply)](const lab::reply& reply) {
        const std::scoped_lock lock(mailbox->mutex);
        if (!mailbox->owner) return;
        mailbox->letters.push_back({onReply, reply, log->last_seq()});
        if (!std::exchange(mailbox->woken, true))
            QMetaObject::invokeMethod(mailbox->owner, &SessionModel::frame, Qt::QueuedConnection);
    };
    m_laboratory.post(std::move(command), std::move(done), "you");
}

void SessionModel::select(Selection selection) {
    if (selection.id == 0 || selection.sort == Selection::Sort::None) selection = {};
    if (selection == m_selection) return;
    m_selection = selection;
    emit selectionChanged(m_selection);
}

void SessionModel::drain() {
    readFor(std::chrono::nanoseconds::max());
    deliver(std::chrono::nanoseconds::max());
}

void SessionModel::frame() {
    const bool caughtUp = readFor(frameBudget);
    deliver(frameBudget);
    if (const bool now = held(); now != m_wasHeld) {
        m_wasHeld = now;
        emit heldChanged(now);
    }
    // While events are still to come, "now" would run ahead of what the views can know.
    if (caughtUp && live() && m_shown.clock().running && !held()) {
        m_shown.set_now(m_laboratory.now());
        emit ticked();
    }
}

/// True if nothing was left in the log.
bool SessionModel::readFor(std::chrono::nanoseconds limit) {
    if (m_laboratory.log().last_seq() == m_log.lastSeq()) return true;
    QElapsedTimer elapsed;
    elapsed.start();
    bool more = true;
    while (more && std::chrono::nanoseconds(elapsed.nsecsElapsed()) < limit) more = m_log.advance(batchSize);
    follow();
    return !more;
}

/// After the laboratory's log was read on.
void SessionModel::follow() {
    const History::Life last = m_log.lives().back();
    if (live()) {
        present(m_log.moments().head(), last, last.first != m_life.first);
    } else if (!recorded() && last.first == m_life.first) {
        m_whole = m_log.moments().head();
        m_life = last;
    } else if (!recorded()) {
        m_life = m_log.lifeOf(m_life.first); // its last events may have come in this batch
        m_whole = m_log.moments().at(m_life.last);
    }
    emit logGrew();
}

void SessionModel::present(lab::state shown, History::Life life, bool otherLife) {
    const bool resembles = m_shown.scenario() == shown.scenario() && m_shown.seed() == shown.seed();
    const bool shapeChange = otherLife || shown.shape_version() != m_shown.shape_version();
    m_shown = std::move(shown);
    m_life = life;
    if (otherLife) {
        if (!resembles) select({});
        emit restarted(resembles);
    }
    if (shapeChange) {
        if (live()) dropSelectionThatIsGone();
        emit shapeChanged();
    }
    emit changed();
}

void SessionModel::openRecording(std::shared_ptr<const History> recording, const QString& title) {
    if (!recording || recording->lastSeq() == 0) return;
    m_recorded = std::move(recording);
    m_title = title;
    m_life = {.first = 0}; // of another log
    showMoment(m_recorded->lastSeq());
}

void SessionModel::showMoment(std::uint64_t seq) {
    if (history().lastSeq() == 0) return;
    seq = std::clamp<std::uint64_t>(seq, 1, history().lastSeq());
    moveTo(seq, history().event(seq).at);
}

void SessionModel::showTime(lab::lab_time at) {
    if (history().lastSeq() == 0) return;
    const bool goesOn = !recorded() && m_life.last == m_log.lastSeq();
    if (goesOn && at >= whole().now()) return showLive();
    moveTo(history().seqAt(m_life, at), std::min(at, whole().now()));
}

/// `now`: of that event, or between it and the next.
void SessionModel::moveTo(std::uint64_t seq, lab::lab_time now) {
    const History::Life life = history().lifeOf(seq);
    const bool otherLife = life.first != m_life.first;
    lab::state shown = history().moments().at(seq);
    shown.set_now(now);
    if (seq == m_cursor && !otherLife && shown.now() == m_shown.now()) return;
    if (otherLife || live()) m_whole = history().moments().at(life.last);
    m_cursor = seq;
    present(std::move(shown), life, otherLife);
    emit momentChanged();
}

void SessionModel::showLive() {
    if (live() && !recorded()) return;
    const bool otherLog = recorded();
    m_recorded.reset();
    m_title.clear();
    m_cursor = 0;
    m_whole = {};
    const History::Life last = m_log.lives().empty() ? History::Life{} : m_log.lives().back();
    present(m_log.moments().head(), last, otherLog || last.first != m_life.first);
    emit momentChanged();
}

void SessionModel::dropSelectionThatIsGone() {
    if (!isThere(m_shown, m_selection)) select({});
}

void SessionModel::deliver(std::chrono::nanoseconds limit) {
    QElapsedTimer elapsed;
    elapsed.start();
    {
        const std::scoped_lock lock(m_mailbox->mutex);
        m_mailbox->woken = false;
        std::move(m_mailbox->letters.begin(), m_mailbox->letters.end(), std::back_inserter(m_pending));
        m_mailbox->letters.clear();
    }
    while (!m_pending.empty() && m_pending.front().afterSeq <= m_log.lastSeq() &&
           std::chrono::nanoseconds(elapsed.nsecsElapsed()) < limit) {
        const Pending letter = std::move(m_pending.front());
        m_pending.pop_front(); // before the callback, which may post and deliver again
        if (letter.onReply)
            letter.onReply(letter.reply);
        else if (!letter.reply.ok())
            emit refused(QString::fromStdString(letter.reply.error));
    }
}
