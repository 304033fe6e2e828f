// SPDX-License-Identifier: MIT
#include "heldmoments.h"

#include "labtext.h"

namespace {

using lab::event_kind;

/// At which context the propagation began to which the event belongs; 0: it belongs to none.
lab::id_t rootOf(const lab::event& e, const lab::state& s) {
    if (e.kind == event_kind::cancel_called || e.kind == event_kind::deadline_expired) return e.context;
    for (const lab::id_t id : {e.context, e.parent})
        if (const lab::context_info* c = s.context(id); c && c->done) return c->done_by;
    return 0;
}

/// More could not be told apart on a canvas.
constexpr std::size_t mostNext = 256;

/// Those below `parent`, also below values of it, that a propagation has still to visit.
std::vector<lab::id_t> waitingBelow(const lab::state& s, lab::id_t parent) {
    std::vector<lab::id_t> found, open{parent};
    while (!open.empty() && found.size() < mostNext) {
        const lab::context_info* c = s.context(open.back());
        open.pop_back();
        if (!c) continue;
        for (const lab::id_t id : c->children) {
            const lab::context_info* child = s.context(id);
            if (!child || child->cancel_parent != parent) continue;
            if (child->registered && !child->dropped)
                found.push_back(id);
            else if (!lab::owns_done(child->kind))
                open.push_back(id);
        }
    }
    return found;
}

} // namespace

HeldMoments::HeldMoments(SessionModel& session, QObject* parent) : QObject(parent), m_session(session) {
    m_timer.setInterval(16);
    connect(&m_timer, &QTimer::timeout, this, &HeldMoments::refresh);
    connect(&m_session, &SessionModel::logGrew, this, &HeldMoments::refresh);
    connect(&m_session, &SessionModel::heldChanged, this, &HeldMoments::refresh);
    refresh();
}

void HeldMoments::refresh() {
    const std::vector<lab::held_thread> threads = m_session.laboratory().held_threads();
    const bool same = m_session.liveHistory().lastSeq() == m_picture.seq() &&
                      threads.size() == m_all.size() &&
                      std::equal(threads.begin(), threads.end(), m_all.begin(),
                                 [](const lab::held_thread& t, const Held& h) { return t.seq == h.at.seq; });
    if (same) return;
    m_picture = m_session.liveHistory().moments().head();
    std::vector<Held> all;
    for (const lab::held_thread& t : threads)
        if (t.seq != 0 && t.seq <= m_session.liveHistory().lastSeq()) all.push_back(describe(t));
    const bool stepping = m_picture.clock().stepping;
    if (stepping != m_timer.isActive()) stepping ? m_timer.start() : m_timer.stop();
    if (all == m_all && stepping == m_stepping) return;
    m_all = std::move(all);
    m_stepping = stepping;
    emit changed();
}

HeldMoments::Held HeldMoments::describe(const lab::held_thread& thread) const {
    Held held;
    held.thread = thread;
    held.at = m_session.liveHistory().event(thread.seq);
    held.moment = lab::held_at(held.at, m_picture, thread.worker);
    nameActor(held);
    return held;
}

void HeldMoments::nameActor(Held& held) const {
    using lab::culprit;
    const auto worker = [&](lab::id_t id) {
        const lab::worker_info* w = m_picture.worker(id);
        held.actor = w ? LabText::title(*w) : tr("worker %1").arg(id);
        held.actorIs = {Selection::Sort::Worker, id};
    };
    if (held.thread.worker != 0) return worker(held.thread.worker);
    const lab::id_t root = rootOf(held.at, m_picture);
    const lab::context_info* context = m_picture.context(root);
    const History& log = m_session.liveHistory();
    // A call that comes second did not end the context: it is named by itself.
    const bool calls = held.at.kind == event_kind::cancel_called;
    const auto why =
        context && !calls ? lab::blame_for(log.view(log.lives().back()), m_picture, root) : std::nullopt;
    const lab::id_t registration = calls                                   ? held.at.by
                                   : why && why->by == culprit::after_func ? why->registration
                                                                           : 0;
    if (why && why->by == culprit::worker) return worker(why->worker);
    if (held.at.kind == event_kind::deadline_expired || (why && why->by == culprit::timer)) {
        held.actor = context ? tr("the timer of %1").arg(LabText::title(*context)) : tr("a timer");
        held.actorIs = {Selection::Sort::Context, root};
    } else if (registration != 0) {
        held.actor = tr("an AfterFunc's function");
        held.actorIs = {Selection::Sort::Context, registration};
    } else if (why && why->by == culprit::client) {
        held.actor = tr("the server: the client of request %1 has left").arg(why->request);
    } else if (!held.thread.laboratory) {
        held.actor = tr("a thread of the server");
    } else {
        held.actor = commandBehind(held.at.seq, why);
    }
}

/// Whose command the laboratory's thread carries out: the one just before it.
QString HeldMoments::commandBehind(std::uint64_t seq, const std::optional<lab::blame>& why) const {
    constexpr std::uint64_t farthest = 64;
    const History& log = m_session.liveHistory();
    std::string who = why ? why->who : std::string();
    const std::uint64_t first = std::max(log.lives().back().first, seq > farthest ? seq - farthest : 1);
    for (std::uint64_t i = seq; who.empty() && i-- > first;)
        if (log.event(i).kind == event_kind::command_issued) who = log.event(i).name;
    if (who == "scenario") return tr("the scenario");
    return who.empty() || who == "you" ? tr("your command") : tr("a command (%1)").arg(LabText::of(who));
}

std::vector<lab::id_t> HeldMoments::nextContexts() const {
    std::vector<lab::id_t> all;
    if (m_all.empty()) return all;
    for (const lab::next_event& next : m_all.front().moment.expected) {
        if (next.kind == event_kind::child_visited)
            all = waitingBelow(m_picture, next.context);
        else if (next.context != 0 && next.context != m_all.front().moment.context)
            all.push_back(next.context);
    }
    return all;
}
