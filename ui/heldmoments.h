// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#ifndef Q_MOC_RUN
#include "lab/blame.h"
#include "lab/held_moment.h"
#endif

/// The threads that stand still inside the library, and what each has just done and does next. Follows the
/// laboratory itself, whatever moment the window shows.
class HeldMoments : public QObject {
    Q_OBJECT
  public:
    struct Held {
        lab::held_thread thread;
        lab::event at; ///< the hook at which it stands
        lab::held_moment moment;
        QString actor;     ///< who acts: "your command", "the timer of request" ...
        Selection actorIs; ///< what that can be looked up as; nothing where it is nothing in the picture
        friend bool operator==(const Held& a, const Held& b) {
            return a.at.seq == b.at.seq && a.moment.next == b.moment.next && a.actor == b.actor;
        }
    };

    explicit HeldMoments(SessionModel& session, QObject* parent = nullptr);

    /// Steps are taken: whoever acts stops at the next hook.
    bool stepping() const { return m_stepping; }
    /// The one that goes next comes first.
    const std::vector<Held>& all() const { return m_all; }
    /// The contexts that the first one may come to next: the next step goes there, or to one of them.
    std::vector<lab::id_t> nextContexts() const;
    /// The picture that the words are about: of the laboratory, now.
    const lab::state& picture() const { return m_picture; }

  signals:
    void changed();

  private:
    void refresh();
    Held describe(const lab::held_thread& thread) const;
    void nameActor(Held& held) const;
    QString commandBehind(std::uint64_t seq, const std::optional<lab::blame>& why) const;

    SessionModel& m_session;
    lab::state m_picture;
    std::vector<Held> m_all;
    bool m_stepping = false;
    QTimer m_timer; ///< while steps are taken: a thread may come to stand still without a further event
};
