// SPDX-License-Identifier: MIT
#include "sessionmodel.h"

#include "lab/narration.h"

#include <QElapsedTimer>

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
    : QObject(parent), m_laboratory(laboratory), m_mailbox(std::make_shared<Mailbox>()) {
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

void SessionModel::post(lab::command command, OnReply onReply) {
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
    if (caughtUp && m_state.clock().running && !held()) {
        m_state.set_now(m_laboratory.now());
        emit ticked();
    }
}

/// True if nothing was left in the log.
bool SessionModel::readFor(std::chrono::nanoseconds limit) {
    if (m_laboratory.log().last_seq() == m_seen) return true;
    QElapsedTimer elapsed;
    elapsed.start();
    const std::uint64_t shapeBefore = m_state.shape_version();
    bool more = true;
    while (more && std::chrono::nanoseconds(elapsed.nsecsElapsed()) < limit) {
        auto batch = m_laboratory.log().read(m_seen, batchSize);
        more = batch.size() == batchSize;
        fold(std::move(batch));
    }
    announce(shapeBefore);
    return !more;
}

void SessionModel::fold(std::vector<lab::event> batch) {
    for (lab::event& e : batch) {
        m_seen = e.seq;
        if (e.kind == lab::event_kind::lab_started) {
            m_events.clear();
            m_sentences.clear();
            m_state.apply(e);
            select({});
            emit restarted();
        } else {
            m_state.apply(e);
        }
        m_sentences.push_back(lab::sentence(e, m_state));
        m_events.push_back(std::move(e));
    }
}

void SessionModel::announce(std::uint64_t shapeBefore) {
    if (m_state.shape_version() != shapeBefore) {
        dropSelectionThatIsGone();
        emit shapeChanged();
    }
    emit changed();
}

void SessionModel::dropSelectionThatIsGone() {
    if (m_selection.sort == Selection::Sort::Context && !m_state.context(m_selection.id)) select({});
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
    while (!m_pending.empty() && m_pending.front().afterSeq <= m_seen &&
           std::chrono::nanoseconds(elapsed.nsecsElapsed()) < limit) {
        const Pending letter = std::move(m_pending.front());
        m_pending.pop_front(); // before the callback, which may post and deliver again
        if (letter.onReply)
            letter.onReply(letter.reply);
        else if (!letter.reply.ok())
            emit refused(QString::fromStdString(letter.reply.error));
    }
}
