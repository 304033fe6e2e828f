// SPDX-License-Identifier: MIT
#include "branches.h"

#include "labtext.h"

#include <QLocale>

namespace {

/// A run of the same scenario with the same seed.
bool resembles(const lab::event& a, const lab::event& b) {
    return a.name == b.name && a.value == b.value;
}

} // namespace

Branches::Branches(SessionModel& session, QObject* parent) : QObject(parent), m_session(session) {
    connect(&m_session, &SessionModel::logGrew, this, &Branches::follow);
    connect(&m_session, &SessionModel::momentChanged, this, &Branches::follow);
    connect(&m_session, &SessionModel::restarted, this, &Branches::follow);
    follow();
}

void Branches::follow() {
    readLaboratory();
    if (m_of != &m_session.history()) {
        rebuild();
    } else if (const int known = static_cast<int>(m_forks.size()); known < count()) {
        for (int run = known; run < count(); ++run) add(run);
        emit added(known);
    }
    if (const int now = shown(); now != m_shown) {
        m_shown = now;
        emit shownChanged();
    }
}

void Branches::readLaboratory() {
    const History& log = m_session.liveHistory();
    while (m_origins.size() < log.lives().size()) {
        const lab::event& first = log.event(log.lives()[m_origins.size()].first);
        Origin how;
        if (!m_expected.empty()) {
            const int parent = m_expected.front().parent;
            const auto& lives = log.lives();
            if (parent < 0 || resembles(log.event(lives[static_cast<std::size_t>(parent)].first), first)) {
                how = m_expected.front();
                m_expected.pop_front();
            }
        }
        m_origins.push_back(how);
        emit began(how);
    }
}

void Branches::rebuild() {
    m_of = &m_session.history();
    m_forks.clear();
    m_roots.clear();
    m_whyNot.clear();
    m_shown = -1;
    for (int run = 0; run < count(); ++run) add(run);
    emit reset();
}

void Branches::add(int run) {
    m_forks.emplace_back();
    m_whyNot.emplace_back();
    const int parent = origin(run).parent;
    (parent < 0 ? m_roots : m_forks[static_cast<std::size_t>(parent)]).push_back(run);
}

const Branches::Origin& Branches::origin(int run) const {
    static const Origin unknown;
    return m_session.recorded() ? unknown : m_origins[static_cast<std::size_t>(run)];
}

const std::vector<int>& Branches::forksOf(int run) const {
    return m_forks[static_cast<std::size_t>(run)];
}

int Branches::runAt(std::uint64_t seq) const {
    const auto& lives = m_session.history().lives();
    const auto after = std::upper_bound(lives.begin(), lives.end(), seq,
                                        [](std::uint64_t s, const History::Life& l) { return s < l.first; });
    return static_cast<int>(after - lives.begin()) - 1;
}

int Branches::shown() const {
    return runAt(m_session.shownLife().first);
}

int Branches::live() const {
    return m_session.recorded() ? -1 : count() - 1;
}

QString Branches::name(int run) const {
    return tr("Run %1").arg(run + 1);
}

QString Branches::eventText(int run, std::uint64_t seq) const {
    return tr("event %1").arg(QLocale().toString(qulonglong(seq + 1 - life(run).first)));
}

QString Branches::beginning(int run) const {
    const Origin& how = origin(run);
    const auto parent = [&] { return tr("run %1").arg(how.parent + 1); };
    switch (how.kind) {
    case Kind::Start:
        break;
    case Kind::Fork:
        if (how.parent < 0) return tr("fork of %1").arg(how.what);
        return tr("fork of %1 at %2").arg(parent(), eventText(how.parent, how.parentSeq));
    case Kind::Undo:
        return tr("%1 without “%2”").arg(parent(), how.what);
    case Kind::Redo:
        return tr("“%1” again").arg(how.what);
    case Kind::Return:
        return tr("return to %1").arg(parent());
    case Kind::StandIn:
        return tr("%1, without its network")
            .arg(how.parent < 0 ? how.what
                                : tr("%1 at %2").arg(parent(), eventText(how.parent, how.parentSeq)));
    }
    const lab::event& first = m_session.history().event(life(run).first);
    const std::string& title = first.text.empty() ? first.name : first.text;
    return tr("%1, seed %2")
        .arg(title.empty() ? tr("Empty laboratory") : LabText::of(title))
        .arg(first.value);
}

lab::state Branches::end(int run) const {
    return m_session.history().moments().at(life(run).last);
}

std::optional<lab::life> Branches::inputs(int run) const {
    const std::uint64_t first = life(run).first;
    if (!m_session.recorded()) return Lives(m_session.laboratory()).at(first);
    if (!m_recordedLives) return std::nullopt;
    return m_recordedLives->at(first);
}

QString Branches::whyNotAgain(int run) const {
    const bool over = run != live();
    auto& known = m_whyNot[static_cast<std::size_t>(run)];
    if (over && known) return *known;
    QString why;
    if (!over) {
        why = LabText::of(m_session.laboratory().recorded_only());
    } else if (const auto of = inputs(run)) {
        why = LabText::of(of->recorded_only);
    } else {
        return tr("the recording does not tell what went into it");
    }
    if (over) known = why;
    return why;
}
