// SPDX-License-Identifier: MIT
#pragma once

#include "lives.h"
#include "sessionmodel.h"

#include <QObject>
#include <QString>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

/// The runs of the shown log: each life of the laboratory, or of a recording, which run it was forked from,
/// and what came of it. No run is ever lost: a fork leaves the future that it parts from in the log.
class Branches : public QObject {
    Q_OBJECT
  public:
    enum class Kind { Start, Fork, Undo, Redo, Return, StandIn };

    /// How a run began.
    struct Origin {
        Kind kind = Kind::Start;
        int parent = -1;             ///< a run of the same log; -1: none
        std::uint64_t parentSeq = 0; ///< the last event of the parent that was executed again
        QString what;                ///< Undo, Redo: the action; Fork or StandIn of a recording: its title
    };

    explicit Branches(SessionModel& session, QObject* parent = nullptr);

    int count() const { return static_cast<int>(m_session.history().lives().size()); }
    History::Life life(int run) const { return m_session.history().lives()[static_cast<std::size_t>(run)]; }
    const Origin& origin(int run) const;
    const std::vector<int>& forksOf(int run) const;
    /// -1: runs that were not forked from another.
    const std::vector<int>& roots() const { return m_roots; }
    int runAt(std::uint64_t seq) const;
    /// -1 before anything was read.
    int shown() const;
    /// -1 while a recording is shown.
    int live() const;

    QString name(int run) const;
    /// How it began, in words.
    QString beginning(int run) const;
    /// The picture at its end.
    lab::state end(int run) const;
    /// `event 40`, counted from the run's own beginning as the window does.
    QString eventText(int run, std::uint64_t seq) const;

    /// What went into it; nothing if a recording does not tell. A copy of all that was ever asked of the
    /// laboratory: for a click, not for a frame.
    std::optional<lab::life> inputs(int run) const;
    /// Why it cannot be executed again, in words; empty: it can.
    QString whyNotAgain(int run) const;

    /// Whether inputs() knows.
    bool toldInputs() const { return !m_session.recorded() || m_recordedLives; }

    /// What went into the lives of the recording that is opened next, or is shown.
    void setRecordedLives(std::shared_ptr<const Lives> lives) { m_recordedLives = std::move(lives); }

    /// The next run of the laboratory will have begun like this.
    void expect(Origin origin) { m_expected.push_back(std::move(origin)); }
    /// It will not begin after all.
    void forgetExpected() { m_expected.clear(); }

  signals:
    /// Everything is another: a recording was opened or closed.
    void reset();
    /// Runs were added at the end.
    void added(int first);
    /// The laboratory has begun another run.
    void began(const Branches::Origin& how);
    /// Another run is shown.
    void shownChanged();

  private:
    void follow();
    void readLaboratory();
    void rebuild();
    void add(int run);

    SessionModel& m_session;
    const History* m_of = nullptr;
    std::vector<Origin> m_origins; ///< of the laboratory's runs
    std::deque<Origin> m_expected;
    std::vector<std::vector<int>> m_forks; ///< by run
    std::vector<int> m_roots;
    int m_shown = -1;
    std::shared_ptr<const Lives> m_recordedLives;
    mutable std::vector<std::optional<QString>> m_whyNot; ///< of runs that are over
};
